"""Who asks, what number is meant, where to go next: what the views of the front room begin and end with."""

from django.http import HttpRequest, HttpResponseRedirect

from accounts.models import User


def person_of(request: HttpRequest) -> User:
    """The signed-in person; the mark on every view has made sure that there is one."""
    if not isinstance(request.user, User):
        raise TypeError("a view of the front room was called without a signed-in person")
    return request.user


def see_other(url: str) -> HttpResponseRedirect:
    """What a form that was saved answers: the next page, which a reload only reads again."""
    return HttpResponseRedirect(url, status=303)


def number_of(given: object) -> int | None:
    """A number out of an address; nonsense, and what no column could hold, counts as not given."""
    digits = str(given or "")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 16 else None
