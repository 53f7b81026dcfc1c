"""Opens the district's scope for a request, by its host, and keeps sessions on the side they belong to."""

import zoneinfo
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import set_urlconf
from django.utils import timezone

from tenants.isolation import hosts, scope
from tenants.models import District

GetResponse = Callable[[HttpRequest], HttpResponseBase]
RETRY_AFTER = "3600"


class DistrictMiddleware:
    """Sets `request.district` and the scope around everything that follows; None on the platform's own host."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.district = None  # type: ignore[attr-defined]
        try:
            name = hosts.name_of(request.get_host())
        except DisallowedHost:
            return _plain(request, "unknown_host", 400)
        if name == hosts.name_of(settings.PLATFORM_HOST):
            return self.get_response(request)
        district = hosts.district_of(name)
        if district is None or district.state == District.State.PROVISIONING:
            return _plain(request, "unknown_host", 404)
        if district.state == District.State.SUSPENDED:
            response = _plain(request, "suspended", 503)
            response["Retry-After"] = RETRY_AFTER
            return response
        return self._in_district(request, district)

    def _in_district(self, request: HttpRequest, district: District) -> HttpResponseBase:
        request.district = district  # type: ignore[attr-defined]
        request.urlconf = settings.DISTRICT_URLCONF
        set_urlconf(settings.DISTRICT_URLCONF)  # for middleware that makes links before the view is found
        with timezone.override(zoneinfo.ZoneInfo(district.time_zone)), scope.district_scope(district) as opened:
            response = self.get_response(request)
            if response.streaming and not response.is_async:  # type: ignore[attr-defined]
                content = response.streaming_content  # type: ignore[attr-defined]
                response.streaming_content = scope.stream(opened, content)  # type: ignore[attr-defined]
        return response


class Sessions(SessionMiddleware):
    """A district's sessions are rows of its own; the platform's host has none of them."""

    def process_request(self, request: HttpRequest) -> None:
        if _has_district(request):
            super().process_request(request)
        else:
            request.session = NoSession()

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if _has_district(request):
            return super().process_response(request, response)
        return response


class NoSession(SessionBase):
    """An empty session that is never kept, so that code which asks for one finds nobody signed in."""

    def load(self) -> dict[str, Any]:
        return {}

    def exists(self, session_key: str) -> bool:
        return False

    def create(self) -> None:
        pass

    def save(self, must_create: bool = False) -> None:
        pass

    def delete(self, session_key: str | None = None) -> None:
        pass


def _has_district(request: HttpRequest) -> bool:
    return getattr(request, "district", None) is not None


def _plain(request: HttpRequest, page: str, status: int) -> HttpResponse:
    response = render(request, f"tenants/{page}.html", status=status)
    response["Cache-Control"] = "no-store"
    return response
