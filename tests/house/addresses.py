"""Every address of the product, as the resolver knows them, for tests that must not miss one."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.urls import URLPattern, URLResolver

URLCONFS = ("helpdesk.urls_district", "helpdesk.urls_platform")


@dataclass(frozen=True)
class Address:
    """One pattern: its full route with `<converter:name>` places, its name with namespaces, its view."""

    urlconf: str
    route: str
    name: str
    view: Any
    converters: tuple[tuple[str, Any], ...]

    def __str__(self) -> str:
        return f"{self.urlconf.rpartition('_')[2]}:/{self.route}"


def every() -> list[Address]:
    """All patterns of all hosts."""
    return [address for urlconf in URLCONFS for address in of(urlconf)]


def of(urlconf: str) -> list[Address]:
    return list(_walk(urlconf, import_module(urlconf).urlpatterns, "", "", {}))


def _walk(
    urlconf: str, patterns: list[Any], route: str, namespace: str, converters: dict[str, Any]
) -> Iterator[Address]:
    for each in patterns:
        here = route + str(each.pattern)
        known = converters | getattr(each.pattern, "converters", {})
        if isinstance(each, URLResolver):
            deeper = namespace + (f"{each.namespace}:" if each.namespace else "")
            yield from _walk(urlconf, each.url_patterns, here, deeper, known)
        elif isinstance(each, URLPattern):
            yield Address(urlconf, here, namespace + (each.name or ""), each.callback, tuple(known.items()))
