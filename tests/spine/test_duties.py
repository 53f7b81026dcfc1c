"""Duties: each effect happens once, whatever fails, and what cannot succeed stops and is shown."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from tests.cast import make_ticket
from tickets.models import Duty, Event, Notification, Ticket
from tickets.spine import consumers, duties, events, tasks


def owed(consumer: str = "notify") -> Duty:
    return Duty.objects.select_related("event__ticket").get(consumer=consumer)


def run_out(duty: Duty) -> None:
    """Lets the lease of a worker that died run out."""
    Duty.objects.filter(pk=duty.pk).update(leased_until=timezone.now() - timedelta(seconds=1))


@pytest.fixture
def failing() -> Iterator[Callable[[Exception | None], None]]:
    """A consumer of assignments that fails as it is told."""
    error: list[Exception | None] = [None]

    @consumers.consumer("failing", kinds=[events.Kind.ASSIGNED])
    def work(event: Event) -> None:
        assert event.ticket_id is not None
        Ticket.objects.filter(pk=event.ticket_id).update(place_note="touched")
        if error[0]:
            raise error[0]

    yield lambda wanted: error.__setitem__(0, wanted)
    del consumers._consumers["failing"]


def test_an_event_owes_each_consumer_once(ticket: Ticket) -> None:
    assert sorted(Duty.objects.values_list("consumer", flat=True)) == ["live", "notify"]


def test_an_event_outside_of_a_transaction_is_refused(
    ticket: Ticket, rita: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transaction.get_connection(), "in_atomic_block", False)
    with pytest.raises(RuntimeError, match="transaction of its action"):
        events.record(events.Kind.CONFIRMED, by=rita, ticket=ticket)


def test_a_duty_done_twice_has_its_effect_once(ticket: Ticket, tomas: User) -> None:
    assert duties.attend(owed())
    assert not duties.attend(owed())
    assert Notification.objects.filter(user=tomas).count() == 1


def test_nobody_is_told_of_what_they_did_themselves(ticket: Ticket, tomas: User, rita: User) -> None:
    duties.attend(owed())
    assert list(Notification.objects.values_list("user", flat=True)) == [tomas.pk]


def test_a_claimed_duty_is_left_alone_until_its_lease_runs_out(ticket: Ticket, tomas: User) -> None:
    assert duties.claim(owed(), lease=timedelta(minutes=1))
    assert not duties.attend(owed())
    run_out(owed())
    assert duties.attend(owed())


def test_the_effect_of_a_worker_that_lost_its_lease_is_rolled_back(ticket: Ticket, tomas: User) -> None:
    late = duties.claim(owed(), lease=timedelta(minutes=1))
    assert late
    run_out(owed())
    assert duties.attend(owed())
    with pytest.raises(duties.Lost), transaction.atomic():
        duties.finish(owed(), late)


def test_a_failing_duty_leaves_no_half_effect_and_is_tried_later(
    failing: Callable[[Exception | None], None], ticket: Ticket, tomas: User
) -> None:
    with transaction.atomic():
        events.record(events.Kind.ASSIGNED, by=tomas, ticket=ticket, to=tomas.pk)
    failing(ValueError("secret words of a teacher"))
    assert not duties.attend(owed("failing"))
    ticket.refresh_from_db()
    assert ticket.place_note == ""
    duty = owed("failing")
    assert duty.not_before is not None
    assert duty.error.startswith("ValueError at ")
    assert "secret" not in duty.error
    assert not duties.attend(duty), "it waits for its time"
    Duty.objects.filter(pk=duty.pk).update(not_before=timezone.now())
    failing(None)
    assert duties.attend(duty)


def test_a_poisonous_event_stops_after_eight_tries_and_stays_to_be_seen(
    failing: Callable[[Exception | None], None], ticket: Ticket, tomas: User
) -> None:
    with transaction.atomic():
        events.record(events.Kind.ASSIGNED, by=tomas, ticket=ticket, to=tomas.pk)
    failing(ValueError())
    for _ in range(duties.MOST_TRIES + 3):
        Duty.objects.filter(consumer="failing").update(not_before=None)
        duties.attend(owed("failing"))
    duty = owed("failing")
    assert (duty.tries, duty.done_at, duty.dead_at is not None) == (duties.MOST_TRIES, None, True)


def test_a_duty_that_only_newer_code_knows_stays_open(ticket: Ticket) -> None:
    duty = Duty.objects.create(event=ticket.events.get(), consumer="from-tomorrow")
    assert not duties.attend(duty)
    duty.refresh_from_db()
    assert (duty.tries, duty.dead_at) == (0, None)


def test_the_bell_attends_to_all_duties_of_its_event(ticket: Ticket, tomas: User) -> None:
    tasks.attend.run(ticket.events.get().pk)
    assert not Duty.objects.filter(done_at=None).exists()


def test_the_sweepers_statement_means_the_same_as_the_filter(ticket: Ticket, rita: User) -> None:
    now = timezone.now()
    past, future = now - timedelta(minutes=5), now + timedelta(minutes=5)
    choices: dict[str, list[Any]] = {
        "done_at": [None, past],
        "dead_at": [None, past],
        "leased_until": [None, past, future],
        "not_before": [None, past, future],
    }
    event = ticket.events.get()
    combinations: list[dict[str, Any]] = [{}]
    for field, values in choices.items():
        combinations = [each | {field: value} for each in combinations for value in values]
    Duty.objects.bulk_create(
        [Duty(event=event, consumer=f"c{number}", **each) for number, each in enumerate(combinations)]
    )
    by_filter = set(Duty.objects.filter(duties.open_at(now)).values_list("pk", flat=True))
    by_statement = {each.pk for each in Duty.objects.raw(f"SELECT id FROM tickets_duty WHERE {tasks.OPEN}")}  # noqa: S608
    assert by_filter == by_statement
    assert len(combinations) == 36


def test_a_note_is_not_announced_to_the_requester(ticket: Ticket, tomas: User, rita: User, ana: User) -> None:
    from tickets.desk import assignments, replies

    assignments.assign(by=ana, ticket=ticket, to=tomas, seen=1)
    replies.add(by=ana, ticket=ticket, body="Check the closet", kind="internal", seen=2)
    for duty in Duty.objects.filter(consumer="notify").select_related("event__ticket"):
        duties.attend(duty)
    assert not Notification.objects.filter(user=rita, event__kind="message.added").exists()
    assert Notification.objects.filter(user=tomas, event__kind="message.added").exists()


def test_many_tickets_notify_without_a_query_in_a_loop(
    queue: object, rita: User, tomas: User, django_assert_max_num_queries: Any
) -> None:
    make_ticket(rita)
    duty = owed()
    with django_assert_max_num_queries(12):
        duties.attend(duty)
