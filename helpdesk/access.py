"""Who may call a view: one mark on every view, and a middleware that refuses views without one."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

View = Callable[..., HttpResponse]


def public(view: View) -> View:
    """Marks a view that anybody may call, signed in or not."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Marks a view for every signed-in person; what it shows is still cut to what that person may see."""
    return _guarded(view, "signed in", lambda request: True)


def allow(*permissions: str) -> Callable[[View], View]:
    """Marks a view for people who hold at least one of the permissions somewhere; the query cuts to where.

    A person without any gets 404, as if the page did not exist.
    """

    def mark(view: View) -> View:
        return _guarded(
            view, " or ".join(permissions), lambda request: any(request.user.may(each) for each in permissions)
        )

    return mark


def _guarded(view: View, access: str, question: Callable[[Any], bool]) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect(f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}")
        if not question(request):
            raise Http404
        return view(request, *args, **kwargs)

    guarded.access = access  # type: ignore[attr-defined]
    return guarded


class DefaultDeny:
    """Middleware: a view without a mark does not exist, so forgetting one can never open a door."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, args: Any, kwargs: Any) -> None:
        if not getattr(view, "access", None):
            raise Http404(f"{view.__module__}.{getattr(view, '__name__', view)} has no access mark")
