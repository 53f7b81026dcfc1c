"""Which district a request is for: the Host header says so, and no other header does."""

import pytest
from django.core.cache import caches
from django.test import Client

from tenants.isolation import hosts, names, provision
from tenants.models import District, Domain

UNKNOWN = b"There is no helpdesk at this address"
PAUSED = b"This helpdesk is paused"
FRONT_DOOR = "/sign-in/"


def get(host: str, path: str = FRONT_DOOR, **headers: str) -> tuple[int, bytes]:
    response = Client(headers={"host": host}).get(path, headers=headers)
    return response.status_code, response.content


def test_a_districts_host_opens_its_door(maple: District) -> None:
    status, body = get("maple.localhost")
    assert status == 200
    assert b"Maple Unified" in body


def test_an_unknown_host_gets_a_plain_404(maple: District) -> None:
    status, body = get("elsewhere.localhost")
    assert status == 404
    assert UNKNOWN in body
    assert b"<script" not in body


def test_a_suspended_district_gets_a_plain_503_at_once_and_comes_back_at_once(maple: District) -> None:
    assert get("maple.localhost")[0] == 200
    districts = District.objects.filter(pk=maple.pk)
    districts.update(state=District.State.SUSPENDED)
    hosts.forget("maple.localhost")
    status, body = get("maple.localhost")
    assert (status, PAUSED in body) == (503, True)
    districts.update(state=District.State.LIVE)
    hosts.forget("maple.localhost")
    assert get("maple.localhost")[0] == 200


def test_a_suspended_page_says_when_to_come_back_and_is_not_kept(maple: District) -> None:
    District.objects.filter(pk=maple.pk).update(state=District.State.SUSPENDED)
    response = Client(headers={"host": "maple.localhost"}).get("/")
    assert response.headers["Retry-After"] == "3600"
    assert response.headers["Cache-Control"] == "no-store"


def test_the_platforms_host_has_no_district(maple: District) -> None:
    status, body = get("localhost:8000", FRONT_DOOR)
    assert status == 404
    assert UNKNOWN not in body


@pytest.mark.parametrize(
    "headers",
    [
        {"x-forwarded-host": "maple.localhost"},
        {"x-forwarded-server": "maple.localhost"},
        {"x-host": "maple.localhost"},
        {"x-original-host": "maple.localhost"},
        {"x-original-url": "http://maple.localhost/"},
        {"x-rewrite-url": "http://maple.localhost/"},
        {"forwarded": "host=maple.localhost;proto=https"},
        {"x-http-host-override": "maple.localhost"},
        {"origin": "http://maple.localhost"},
        {"referer": "http://maple.localhost/"},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_no_other_header_names_the_district(maple: District, cedar: District, headers: dict[str, str]) -> None:
    status, body = get("cedar.localhost", **{name.replace("-", "_"): value for name, value in headers.items()})
    assert status == 200
    assert b"Cedar" in body
    assert b"Maple" not in body


def test_an_absolute_request_line_does_not_name_the_district(maple: District, cedar: District) -> None:
    status, body = get("cedar.localhost", "http://maple.localhost/sign-in/")
    assert b"Maple" not in body
    assert status in {200, 404}


@pytest.mark.parametrize("host", ["MAPLE.localhost", "maple.localhost.", "maple.localhost:8000", "Maple.LocalHost:1"])
def test_ways_of_writing_the_same_host_lead_to_the_same_district(maple: District, host: str) -> None:
    assert get(host)[0] == 200


@pytest.mark.parametrize(
    "host",
    [
        "maple.localhost, cedar.localhost", "cedar.localhost@maple.localhost", "maple.localhost/", "maple.localhost\\",
        "maple.localhost#", "maple_localhost", "maple.localhost\x00", "maple.localhost cedar", "", ":8000", "[::1",
        "maple.localhost:port", "mаple.localhost", "%6daple.localhost", "maple.localhost..", ".maple.localhost",
    ],
    ids=ascii,
)  # fmt: skip
def test_a_host_that_is_none_opens_no_door(maple: District, cedar: District, host: str) -> None:
    status, body = get(host)
    assert status in {400, 404}
    assert b"Maple" not in body


def test_a_session_of_maple_is_nobody_in_cedar(in_maple: District, cedar: District) -> None:
    from tests.cast import make_person

    client = Client(headers={"host": "maple.localhost"})
    client.force_login(make_person("tomas@maple.example", "Tomas Reyes"))
    assert client.get(FRONT_DOOR).status_code == 302  # already signed in
    assert client.get(FRONT_DOOR, headers={"host": "cedar.localhost"}).status_code == 200


def test_the_platforms_host_keeps_no_session(maple: District) -> None:
    response = Client(headers={"host": "localhost"}).get("/healthz")
    assert "session" not in response.cookies


def test_a_second_domain_leads_to_the_same_district(maple: District) -> None:
    assert get("help.maple.example")[0] == 404
    Domain.objects.create(host="help.maple.example", district=maple)
    hosts.forget("help.maple.example")
    assert get("help.maple.example")[0] == 200


def test_a_known_host_costs_no_query_the_second_time(maple: District, django_assert_num_queries: object) -> None:
    hosts.district_of("maple.localhost")
    with django_assert_num_queries(0, using=names.PLATFORM):  # type: ignore[operator]
        assert hosts.district_of("maple.localhost") == maple
        assert hosts.district_of("no such host") is None


def test_what_is_remembered_is_the_district_as_it_is(maple: District) -> None:
    for _ in range(2):
        found = hosts.district_of("maple.localhost")
        assert found is not None
        assert all(getattr(found, name) == getattr(maple, name) for name in hosts.FIELDS)


@pytest.mark.django_db(transaction=True)
def test_provisioning_undoes_what_was_remembered_as_unknown(maple: District) -> None:
    assert hosts.district_of("birch.localhost") is None
    provision.provision(
        slug="birch", name="Birch", host="birch.localhost", short_prefix="BC", time_zone="America/Denver"
    )
    assert hosts.district_of("birch.localhost") is not None


def test_without_its_cache_the_platform_still_finds_its_districts(maple: District, settings: object) -> None:
    away = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {**settings.CACHES, names.PLATFORM: away}  # type: ignore[attr-defined]
    assert hosts.district_of("maple.localhost") == maple
    hosts.forget("maple.localhost")
    assert caches[names.PLATFORM]._servers == ["redis://127.0.0.1:1/0"]  # type: ignore[attr-defined]
