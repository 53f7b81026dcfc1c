"""What time alone does: visits come due, resolved tickets close, and each of it happens once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from tests.cast import make_ticket
from tickets.desk import assignments, deadlines, replies, states
from tickets.models import Event, Ticket
from tickets.notify import inbox, notifications

State = Ticket.State
HOUR = timedelta(hours=1)


def scheduled(ticket: Ticket, by: User) -> Ticket:
    assignments.assign(by=by, ticket=ticket, to=by, seen=1)
    at = timezone.now() - 2 * HOUR
    return states.change(by=by, ticket=ticket, to=State.SCHEDULED, seen=2, wake_at=at + HOUR, at=at)


def test_the_day_of_a_visit_opens_the_ticket_and_tells_whoever_has_it(ticket: Ticket, tomas: User, rita: User) -> None:
    scheduled(ticket, tomas)
    for _ in range(2):
        deadlines.move_due.run()
    ticket.refresh_from_db()
    assert (ticket.state, ticket.wake_at) == (State.OPEN, None)
    event = Event.objects.get(kind="state.changed", actor=None)
    assert event.data == {"from": "scheduled", "to": "open"}
    assert notifications.audience(event, ticket) == {tomas.pk}
    notifications.notify(event)
    assert inbox.read(tomas).lines[0].words == "The visit is due"


def test_a_visit_that_is_still_to_come_stays_scheduled(ticket: Ticket, tomas: User) -> None:
    states.change(by=tomas, ticket=ticket, to=State.SCHEDULED, seen=1, wake_at=timezone.now() + HOUR)
    deadlines.move_due.run()
    ticket.refresh_from_db()
    assert ticket.state == State.SCHEDULED


@pytest.mark.parametrize(("days", "state"), [(6.9, State.RESOLVED), (7.1, State.CLOSED)])
def test_a_resolved_ticket_closes_when_it_can_no_longer_be_opened(
    ticket: Ticket, tomas: User, rita: User, days: float, state: str
) -> None:
    states.resolve(by=tomas, ticket=ticket, text="New lamp", seen=1, at=timezone.now() - timedelta(days=days))
    deadlines.move_due.run()
    ticket.refresh_from_db()
    assert (ticket.state, ticket.closed_at is not None) == (state, state == State.CLOSED)
    can_reopen = states.can_reopen(ticket, timezone.now())
    assert can_reopen == (state == State.RESOLVED)


def test_nobody_is_told_that_a_ticket_closed_by_itself(ticket: Ticket, tomas: User) -> None:
    states.resolve(by=tomas, ticket=ticket, text="New lamp", seen=1, at=timezone.now() - timedelta(days=8))
    deadlines.move_due.run()
    assert notifications.audience(Event.objects.get(actor=None), ticket) == set()


def test_a_ticket_that_was_opened_again_in_time_is_left_alone(ticket: Ticket, tomas: User, rita: User) -> None:
    resolved_at = timezone.now() - timedelta(days=7, minutes=1)
    states.resolve(by=tomas, ticket=ticket, text="New lamp", seen=1, at=resolved_at)
    replies.add(by=rita, ticket=ticket, body="Dark again", at=resolved_at + timedelta(days=6))
    deadlines.move_due.run()
    ticket.refresh_from_db()
    assert ticket.state == State.OPEN


def test_the_sweepers_statement_means_the_same_as_the_filter(ticket: Ticket, rita: User) -> None:
    now = timezone.now()
    for state in State:
        for wake_at in (None, now - HOUR, now + HOUR):
            for resolved_at in (now - timedelta(days=6.9), now - timedelta(days=7.1)):
                one = make_ticket(rita, f"{state}")
                Ticket.objects.filter(pk=one.pk).update(
                    state=state, wake_at=wake_at, resolved_at=resolved_at, resolution_text="x"
                )
    by_statement = {one.pk for one in Ticket.objects.raw(f"SELECT id FROM tickets_ticket WHERE {deadlines.DUE}")}  # noqa: S608
    by_filter = set(Ticket.objects.filter(deadlines.due(timezone.now())).values_list("pk", flat=True))
    assert by_filter == by_statement
    assert len(by_filter) == 2 + 3
