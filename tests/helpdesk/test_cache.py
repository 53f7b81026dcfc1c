"""The cache: no page fails without it, and what lies in it is data, never code."""

import pickle
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client

from accounts.models import User
from helpdesk.cache import ForgivingCache, JsonSerializer
from tenants.models import District
from tests.cast import PASSWORD
from tests.house import world
from tickets.intake import submissions
from tickets.models import Queue

NOWHERE = "redis://127.0.0.1:1/0"


@pytest.fixture
def no_cache(maple: District, monkeypatch: pytest.MonkeyPatch) -> None:
    """Redis is away: nothing listens where it should be. Asked for after the slate, which needs the real one."""
    for alias in ("default", "platform"):
        cache = caches[alias]
        assert isinstance(cache, ForgivingCache)
        monkeypatch.setattr(cache, "_servers", [NOWHERE])
        inner: Any = cache  # parts of Django's of which its types do not speak
        cache.__dict__.pop("_cache", None)
        monkeypatch.setitem(cache.__dict__, "_cache", inner._class([NOWHERE], **inner._options))


def test_without_redis_people_sign_in_report_and_work(
    no_cache: None, maple: District, queue: Queue, rita: User, tomas: User
) -> None:
    client = Client(headers={"host": "maple.localhost"})
    answer = client.post("/sign-in/", {"login": rita.email, "password": PASSWORD})
    assert answer.status_code == 303
    assert client.get("/").status_code == 200
    ticket = submissions.submit(by=rita, body="No picture")
    desk = world.sign_in(tomas, maple)
    assert desk.get("/queue/", headers={"host": "maple.localhost"}).status_code == 200
    assert desk.get(f"/tickets/{ticket.number}/", headers={"host": "maple.localhost"}).status_code == 200


def test_without_redis_health_says_degraded_and_stays_up(no_cache: None, maple: District) -> None:
    answer = Client(headers={"host": "localhost"}).get("/healthz")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")


def test_a_planted_pickle_runs_nothing_and_is_no_value(maple: District) -> None:
    class Bomb:
        def __reduce__(self) -> Any:
            return (pytest.fail, ("the planted code ran",))

    cache = caches["platform"]
    assert isinstance(cache, ForgivingCache)
    cache.set("planted", 1)
    key = cache.make_and_validate_key("planted")
    cache._cache.get_client().set(key, pickle.dumps(Bomb()))
    assert cache.get("planted", "nothing") == "nothing"


@pytest.mark.parametrize("value", [1, "word", None, True, [1.5, "a"], {"a": None}])
def test_values_come_back_as_they_were(value: Any) -> None:
    serializer = JsonSerializer()
    stored = serializer.dumps(value)
    assert serializer.loads(stored if isinstance(stored, bytes) else str(stored).encode()) == value


def test_the_whole_cache_cannot_be_cleared_by_mistake() -> None:
    with pytest.raises(NotImplementedError):
        caches["default"].clear()
