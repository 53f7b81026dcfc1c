"""Jobs: each works for the district it was sent for, and one without a district does not work at all."""

from collections.abc import Iterator
from typing import Any

import pytest
from celery import Task, shared_task

from helpdesk import jobs, log
from tenants.isolation import scope
from tenants.isolation.scope import ScopeError
from tenants.models import District
from tests.cast import make_queue
from tickets.models import Queue

seen: list[Any] = []


@shared_task(base=jobs.DistrictTask, name="tests.look")
def look() -> None:
    """Notes whose rows it sees and which request it belongs to."""
    seen.append((jobs.current_district_id(), log.request_id(), list(Queue.objects.values_list("name", flat=True))))


@pytest.fixture(autouse=True)
def nothing_seen() -> Iterator[None]:
    yield
    seen.clear()


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The headers of every message that would go to the broker."""
    messages: list[dict[str, Any]] = []
    monkeypatch.setattr(Task, "apply_async", lambda *args, headers, **options: messages.append(headers))
    return messages


def test_a_job_sent_in_a_district_carries_it_and_the_request(maple: District, sent: list[dict[str, Any]]) -> None:
    with scope.district_scope(maple), log.request("abc"):
        look.apply_async()
    assert sent == [{"district": maple.pk, "request_id": "abc"}]


def test_a_job_cannot_be_sent_without_a_district(maple: District, sent: list[dict[str, Any]]) -> None:
    with pytest.raises(jobs.NoDistrict):
        look.apply_async()
    assert sent == []


@pytest.mark.parametrize("headers", [None, {}, {"district": None}, {"district": "1"}, {"request_id": "x"}])
def test_a_message_without_a_district_runs_nothing(maple: District, headers: dict[str, Any] | None) -> None:
    with scope.district_scope(maple):  # not even where the worker would still be in somebody's scope
        outcome = look.apply(headers=headers)
    assert isinstance(outcome.result, jobs.NoDistrict)
    assert seen == []


def test_a_job_sees_its_own_district_and_leaves_no_trace_for_the_next(maple: District, cedar: District) -> None:
    with scope.district_scope(maple):
        make_queue()
    look.apply(headers={"district": maple.pk, "request_id": "one"})
    look.apply(headers={"district": cedar.pk, "request_id": "two"})
    outcome = look.apply(headers={"request_id": "three"})
    assert seen == [(maple.pk, "one", ["Central IT"]), (cedar.pk, "two", [])]
    assert isinstance(outcome.result, jobs.NoDistrict)
    assert scope.current() is None


def test_a_job_of_the_platform_reaches_no_row_of_a_district(maple: District) -> None:
    @shared_task(base=jobs.PlatformTask, name="tests.peek")
    def peek() -> list[str]:
        return list(Queue.objects.values_list("name", flat=True))

    assert isinstance(peek.apply().result, ScopeError)


def test_a_dead_broker_does_not_fail_the_action_that_rings(maple: District, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **options: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(Task, "apply_async", refuse)
    with scope.district_scope(maple):
        jobs.quietly(look.apply_async)
