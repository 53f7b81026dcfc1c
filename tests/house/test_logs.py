"""Logs: one event is one line, and nothing secret or written by a person is in any of them."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
from django.test import Client

from accounts.models import User
from helpdesk.log import JsonLines
from tenants.models import District
from tests.cast import PASSWORD
from tests.house import addresses, world


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Everything that any logger writes, in the product's own format, down to DEBUG."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    root, before = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.setLevel(before)
    root.removeHandler(handler)


def test_no_secret_and_no_persons_words_reach_the_log(
    written: io.StringIO, maple: District, ana: User, settings: object
) -> None:
    from django.conf import settings as real

    planted = world.plant(maple)
    client = world.sign_in(ana, maple)
    stranger = Client()
    stranger.post("/sign-in/", {"login": "ana@maple.example", "password": PASSWORD}, HTTP_HOST="maple.localhost")
    stranger.get("/?code=s3cr3t-query", HTTP_HOST="maple.localhost")
    for address in addresses.of("helpdesk.urls_district"):
        for path in list(planted.paths(address))[:3]:
            client.get(path, HTTP_HOST="maple.localhost")
            client.post(path, {"body": "w0rds-of-a-teacher", "password": "p4ssw0rd-typed"}, HTTP_HOST="maple.localhost")
    log = written.getvalue()
    session = client.cookies[real.SESSION_COOKIE_NAME].value
    secrets = [
        real.SECRET_KEY, real.S3_SECRET_ACCESS_KEY, real.DATABASES["default"]["PASSWORD"], session, PASSWORD,
        "s3cr3t-query", "w0rds-of-a-teacher", "p4ssw0rd-typed", planted.keys["StringConverter"][0], world.CANARY,
    ]  # fmt: skip
    leaked = {secret: line for secret in secrets if secret for line in log.splitlines() if secret in line}
    assert leaked == {}
    assert log.count('"logger": "helpdesk.access"') > 20


@pytest.mark.parametrize("path", ["/a%0d%0aFAKE", "/%1b[31mred", "/a%e2%80%a8b"])
def test_one_event_is_one_line_whatever_the_path_holds(written: io.StringIO, maple: District, path: str) -> None:
    Client().get(path, HTTP_HOST="maple.localhost")
    for line in written.getvalue().splitlines():
        assert json.loads(line)["message"]
        assert "\x1b" not in line
