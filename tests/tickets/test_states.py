"""The life of a ticket: every step of the table, what it needs, and who may take it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from tests.cast import make_ticket
from tickets.desk import assignments, replies, states
from tickets.desk.locking import Refused
from tickets.models import Event, Message, Stale, Ticket

State = Ticket.State


def resolved(ticket: Ticket, by: User) -> Ticket:
    return states.resolve(by=by, ticket=ticket, text="Changed the input.", seen=ticket.version)


@pytest.mark.parametrize(
    ("to", "field"),
    [
        (State.WAITING_REQUESTER, "text"),
        (State.WAITING_OTHER, "text"),
        (State.RESOLVED, "text"),
        (State.SCHEDULED, "wake_at"),
    ],
)
def test_a_step_without_what_it_needs_is_refused_and_changes_nothing(
    ticket: Ticket, tomas: User, to: State, field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        states.change(by=tomas, ticket=ticket, to=to, seen=1)
    assert refusal.value.field == field
    ticket.refresh_from_db()
    assert (ticket.state, ticket.version, ticket.events.count()) == (State.NEW, 1, 1)


def test_a_wake_date_in_the_past_is_refused(ticket: Ticket, tomas: User) -> None:
    with pytest.raises(Refused, match="still to come"):
        states.change(
            by=tomas, ticket=ticket, to=State.SCHEDULED, seen=1, wake_at=timezone.now() - timedelta(minutes=1)
        )


def test_waiting_on_the_requester_writes_them_a_letter(ticket: Ticket, tomas: User) -> None:
    states.change(by=tomas, ticket=ticket, to=State.WAITING_REQUESTER, seen=1, text="Which input does it say?")
    letter = ticket.messages.last()
    assert letter is not None
    assert (letter.kind, letter.body) == (Message.Kind.PUBLIC, "Which input does it say?")
    assert ticket.events.last().data["message"] == letter.pk  # type: ignore[union-attr]


def test_waiting_on_others_writes_a_note_that_the_requester_cannot_read(ticket: Ticket, tomas: User) -> None:
    states.change(by=tomas, ticket=ticket, to=State.WAITING_OTHER, seen=1, text="Part ordered")
    assert not ticket.messages.readable(notes=False).filter(body="Part ordered").exists()


def test_resolving_keeps_the_words_and_asks_the_requester(ticket: Ticket, tomas: User, rita: User) -> None:
    done = resolved(ticket, tomas)
    assert (done.state, done.resolution_text) == (State.RESOLVED, "Changed the input.")
    assert done.first_public_reply_at is not None
    closed = states.confirm(by=rita, ticket=done)
    assert (closed.state, closed.confirmed_at is not None) == (State.CLOSED, True)


def test_confirming_twice_changes_nothing_more(ticket: Ticket, tomas: User, rita: User) -> None:
    done = resolved(ticket, tomas)
    for _ in range(2):
        states.confirm(by=rita, ticket=done)
    assert ticket.events.filter(kind="ticket.confirmed").count() == 1


def test_still_broken_opens_the_ticket_again_with_words(ticket: Ticket, tomas: User, rita: User) -> None:
    again = states.reject(by=rita, ticket=resolved(ticket, tomas), text="Same as before")
    assert (again.state, again.reopen_count) == (State.OPEN, 1)
    assert again.messages.last().body == "Same as before"  # type: ignore[union-attr]


def test_still_broken_without_words_is_refused(ticket: Ticket, tomas: User, rita: User) -> None:
    with pytest.raises(Refused) as refusal:
        states.reject(by=rita, ticket=resolved(ticket, tomas), text=" ")
    assert refusal.value.field == "text"


@pytest.mark.parametrize(("days", "opens"), [(6.99, True), (7.01, False)])
def test_the_window_for_reopening_is_seven_days(
    ticket: Ticket, tomas: User, rita: User, days: float, opens: bool
) -> None:
    at = timezone.now() + timedelta(days=days)
    done = resolved(ticket, tomas)
    if opens:
        assert states.reject(by=rita, ticket=done, text="Again", at=at).state == State.OPEN
        return
    with pytest.raises(Refused, match="follow-up"):
        states.reject(by=rita, ticket=done, text="Again", at=at)
    with pytest.raises(Refused, match="follow-up"):
        replies.add(by=rita, ticket=done, body="Again", at=at)


def test_only_the_asker_may_confirm_reject_or_withdraw(ticket: Ticket, tomas: User) -> None:
    for act in (states.confirm, states.withdraw):
        with pytest.raises(Refused, match="who asked"):
            act(by=tomas, ticket=ticket)
    with pytest.raises(Refused, match="who asked"):
        states.reject(by=tomas, ticket=ticket, text="No")


def test_withdrawing_is_possible_until_somebody_has_begun(ticket: Ticket, tomas: User, rita: User) -> None:
    other = make_ticket(rita, "Second")
    assert states.withdraw(by=rita, ticket=other).state == State.CANCELLED
    assignments.assign(by=tomas, ticket=ticket, to=tomas, seen=1)
    with pytest.raises(Refused, match="already working"):
        states.withdraw(by=rita, ticket=ticket)


def test_no_step_leads_out_of_a_closed_ticket(ticket: Ticket, tomas: User, rita: User) -> None:
    closed = states.confirm(by=rita, ticket=resolved(ticket, tomas))
    assert states.allowed(closed, tomas) == []
    for to in State:
        if to != State.CLOSED:
            with pytest.raises(Refused):
                states.change(by=tomas, ticket=closed, to=to, seen=closed.version, text="x")


def test_a_teacher_may_not_move_her_own_ticket(ticket: Ticket, rita: User) -> None:
    assert states.allowed(ticket, rita) == []
    with pytest.raises(Refused, match="may not"):
        states.change(by=rita, ticket=ticket, to=State.OPEN, seen=1)


def test_a_stale_step_is_told_and_changes_nothing(ticket: Ticket, tomas: User) -> None:
    assignments.assign(by=tomas, ticket=ticket, to=tomas, seen=1)
    with pytest.raises(Stale) as stale:
        states.change(by=tomas, ticket=ticket, to=State.WAITING_OTHER, seen=1, text="Part ordered")
    assert stale.value.ticket.version == 2
    assert not Message.objects.filter(body="Part ordered").exists()


def test_every_change_counts_the_version_and_writes_one_event(ticket: Ticket, tomas: User, rita: User) -> None:
    assignments.assign(by=tomas, ticket=ticket, to=tomas, seen=1)
    replies.add(by=tomas, ticket=ticket, body="Coming", seen=2)
    states.resolve(by=tomas, ticket=ticket, text="Done", seen=3)
    states.reject(by=rita, ticket=ticket, text="No", seen=4)
    ticket.refresh_from_db()
    assert ticket.version == 5
    assert list(Event.objects.filter(ticket=ticket).values_list("kind", flat=True)) == [
        "ticket.submitted",
        "ticket.assigned",
        "message.added",
        "ticket.resolved",
        "ticket.rejected",
    ]
