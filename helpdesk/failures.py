"""What a person sees when a request fails: plain pages that ask neither the database nor the session."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from helpdesk import kept, log, theme


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: what came could not be read; 413 where there was too much of it."""
    if isinstance(exception, RequestDataTooBig):
        return _page(request, 413, kept=kept.of_large_form(request))
    return _page(request, 400)


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form was not one of ours, or its page had gone stale."""
    return _page(request, 403, kept=kept.of_form(request))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403, which our own views never say: what is not yours does not exist."""
    return _page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: no such page, or not yours; which of the two stays unsaid."""
    return _page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault; the id lets whoever looks into it find the log line."""
    return _page(request, 500)


def _page(request: HttpRequest, status: int, **known: str) -> HttpResponse:
    shown = {
        "product_name": settings.PRODUCT_NAME,
        "theme": theme.chosen(request),
        "request_id": log.request_id(),
        **known,
    }
    return HttpResponse(render_to_string(f"{status}.html", shown), status=status)
