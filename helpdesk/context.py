"""What every template may use: the product's name, the theme, the places a person may go."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from helpdesk import theme

# (URL name, label, permission that shows it, other beginnings of paths that belong to it); names and permissions as
# strings, for this floor knows none above it.
PLACES: tuple[tuple[str, Any, str | None, tuple[str, ...]], ...] = (
    ("tickets:queue", _("Queue"), "tickets.see_all", ("/tickets/",)),
    ("tickets:report", _("Ask for help"), None, ()),
    ("tickets:articles", _("Knowledge"), None, ()),
    ("tickets:people", _("People"), "people.manage", ()),
    ("accounts:places", _("Places"), "places.manage", ()),
)


@dataclass(frozen=True)
class Place:
    """One entry of the main navigation."""

    url: str
    label: Any
    is_current: bool


def product(request: HttpRequest) -> dict[str, Any]:
    """The variables of templates/base.html; what costs a query is a callable, asked once by the pages that show it."""
    user = getattr(request, "user", None)
    district = getattr(request, "district", None)
    return {
        "product_name": settings.PRODUCT_NAME,
        "place_name": district.name if district else "",
        "theme": theme.chosen(request),
        "theme_url": _url("theme"),
        "places": cache(lambda: _places(request)),
        "notifications_url": _url("tickets:notifications"),
        "account_url": _url("accounts:account"),
        "sign_in_url": _url("account_login"),
        "sign_out_url": _url("account_logout"),
        "single_keys": cache(lambda: getattr(user, "single_key_shortcuts", True)),
    }


def _places(request: HttpRequest) -> list[Place]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    return [
        Place(url, label, request.path.startswith((url, *others)))
        for name, label, permission, others in PLACES
        if (url := _url(name)) and (permission is None or user.may(permission))
    ]


def _url(name: str) -> str:
    """The address of a named page, or nothing where the host does not have it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
