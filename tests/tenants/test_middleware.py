"""What the district's middleware leaves open and closed around a request."""

from collections.abc import Iterator

import pytest
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.test import RequestFactory
from django.utils import timezone

from accounts.models import School
from tenants.isolation import scope
from tenants.isolation.middleware import DistrictMiddleware
from tenants.models import District


def answered(response: HttpResponseBase, host: str = "maple.localhost") -> HttpResponseBase:
    request = RequestFactory().get("/", headers={"host": host})
    return DistrictMiddleware(lambda _: response)(request)


def test_a_stream_is_read_in_its_district_after_the_request(maple: District, cedar: District) -> None:
    def lines() -> Iterator[bytes]:
        for school in School.objects.order_by("code"):
            yield school.code.encode()

    with scope.district_scope(maple):
        School.objects.create(name="Lincoln", short_name="Lincoln", code="LIN")
    response = answered(StreamingHttpResponse(lines()))
    assert scope.current() is None
    with scope.district_scope(cedar):
        assert response.getvalue() == b"LIN"


def test_the_scope_ends_with_the_request_even_when_it_fails(maple: District) -> None:
    def fails(request: HttpRequest) -> HttpResponse:
        assert scope.required().district_id == maple.pk
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        DistrictMiddleware(fails)(RequestFactory().get("/", headers={"host": "maple.localhost"}))
    assert scope.current() is None


def test_a_request_runs_in_the_districts_time_zone(maple: District, cedar: District) -> None:
    seen: list[str] = []

    def look(request: HttpRequest) -> HttpResponse:
        seen.append(timezone.get_current_timezone_name())
        return HttpResponse()

    for host in ("maple.localhost", "cedar.localhost", "localhost"):
        DistrictMiddleware(look)(RequestFactory().get("/", headers={"host": host}))
    assert seen == [maple.time_zone, cedar.time_zone, "UTC"]
