"""Every answer, good or bad: security headers, a policy without inline code; and what a cache may keep: files alone."""

from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.http import HttpResponseBase
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import User
from tenants.models import District
from tests.house import addresses, world

WANTED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), microphone=(), payment=(), usb=()",
}


def check(response: HttpResponseBase, what: str) -> None:
    check_headers(response, what)
    assert "no-store" in response.headers.get("Cache-Control", ""), f"{what} may be kept by a cache"


def check_headers(response: HttpResponseBase, what: str) -> None:
    for name, value in WANTED.items():
        assert response.headers.get(name) == value, f"{what}: {name}"
    policy = response.headers.get("Content-Security-Policy", "")
    for part in (
        "default-src 'none'",
        "script-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ):
        assert part in policy, f"{what}: {part} is not in {policy!r}"
    assert "unsafe" not in policy, what
    assert "Access-Control-Allow-Origin" not in response.headers, f"{what} is open to every site"
    assert response.headers.get("X-Request-Id"), what


@pytest.mark.parametrize("host", ["maple.localhost", "localhost", "nowhere.localhost"])
def test_every_answer_to_a_stranger_carries_the_headers(maple: District, host: str) -> None:
    client = Client(raise_request_exception=False)
    paths = [f"/{each.route}" for each in addresses.every() if not each.converters] + [
        "/no/such/page",
        "/tickets/1.css",
    ]
    for path in paths:
        check(client.get(path, HTTP_HOST=host), f"GET {host}{path}")
        check(client.post(path, HTTP_HOST=host), f"POST {host}{path}")


def test_every_page_of_a_signed_in_person_carries_the_headers(maple: District, ana: User) -> None:
    client = world.sign_in(ana, maple)
    for address in addresses.of("helpdesk.urls_district"):
        if not address.converters:
            check(client.get(f"/{address.route}", HTTP_HOST="maple.localhost"), str(address))


@pytest.fixture
def sheet(settings: Settings, tmp_path: Path) -> str:
    """The address of the style sheet, collected as for production: by its hashed name."""
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "helpdesk.assets.Storage"}}
    settings.STATIC_ROOT = str(tmp_path)
    call_command("collectstatic", interactive=False, verbosity=0)
    return staticfiles_storage.url("css/chalkdesk.css")


@pytest.mark.parametrize("host", ["maple.localhost", "localhost"])
def test_a_static_file_carries_the_headers_and_is_kept_for_good(maple: District, sheet: str, host: str) -> None:
    client = Client()
    answer = client.get(sheet, HTTP_HOST=host)
    assert answer.status_code == 200
    check_headers(answer, sheet)
    assert answer.headers["Cache-Control"] == "max-age=315360000, public, immutable"
    known = client.get(sheet, HTTP_HOST=host, HTTP_IF_NONE_MATCH=answer.headers["ETag"])
    assert known.status_code == 304
    check_headers(known, f"{sheet}, known already")


@pytest.mark.parametrize("host", ["maple.localhost", "localhost"])
def test_a_static_file_without_a_hash_carries_the_headers_and_is_kept_a_minute(
    maple: District, sheet: str, host: str
) -> None:
    answer = Client().get("/static/css/chalkdesk.css", HTTP_HOST=host)
    assert answer.status_code == 200
    check_headers(answer, "a plain name")
    assert answer.headers["Cache-Control"] == "max-age=60, public"


def test_a_form_without_its_token_is_refused_everywhere(maple: District, ana: User) -> None:
    client = world.sign_in(ana, maple)
    client.handler.enforce_csrf_checks = True
    tried = 0
    for address in addresses.of("helpdesk.urls_district"):
        if address.converters:
            continue
        answer = client.post(f"/{address.route}", HTTP_HOST="maple.localhost")
        assert answer.status_code in (403, 405), f"{address} took a form without its token: {answer.status_code}"
        tried += answer.status_code == 403
    assert tried


def test_a_page_that_breaks_tells_an_id_and_nothing_else(
    maple: District, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from helpdesk import theme

    def broken(*args: object) -> str:
        raise ValueError("hunter2 in /etc/secret")

    client = world.sign_in(ana, maple)
    client.raise_request_exception = False
    monkeypatch.setattr(theme, "url_has_allowed_host_and_scheme", broken)
    answer = client.post("/theme/", {"theme": "dark"}, HTTP_HOST="maple.localhost")
    assert answer.status_code == 500
    check(answer, "a broken page")
    assert b"hunter2" not in answer.content
    assert b"Traceback" not in answer.content
