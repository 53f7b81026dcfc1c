"""Light or dark by a person's own choice, kept in a cookie so that it holds before sign-in and without script."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from helpdesk import access

COOKIE = "theme"
THEMES = ("light", "dark")
YEAR = 365 * 24 * 3600


def chosen(request: HttpRequest) -> str:
    """The chosen theme, or nothing when the system decides."""
    value = request.COOKIES.get(COOKIE, "")
    return value if value in THEMES else ""


@access.public
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Keeps the choice and goes back to the page it was made on; any other word goes back to the system's theme."""
    value = request.POST.get("theme", "")
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back, status=303)
    if value in THEMES:
        response.set_cookie(
            COOKIE, value, max_age=YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE, httponly=True
        )
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
    return response
