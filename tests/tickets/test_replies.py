"""Answers and notes: who may write, what it does to the state, and that nothing is written twice."""

import uuid

import pytest

from accounts.models import User
from tests.cast import make_person
from tickets.desk import replies, states
from tickets.desk.locking import Refused
from tickets.models import Message, Stale, Ticket

State = Ticket.State


def test_the_desks_first_answer_opens_a_new_ticket(ticket: Ticket, tomas: User) -> None:
    replies.add(by=tomas, ticket=ticket, body="On my way", seen=1)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.first_public_reply_at is not None) == (State.OPEN, True)


def test_a_note_answers_nobody(ticket: Ticket, tomas: User) -> None:
    replies.add(by=tomas, ticket=ticket, body="Same in 210", kind=Message.Kind.INTERNAL, seen=1)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.first_public_reply_at) == (State.NEW, None)


def test_the_requesters_word_wakes_a_ticket_that_waited_for_it(ticket: Ticket, tomas: User, rita: User) -> None:
    states.change(by=tomas, ticket=ticket, to=State.WAITING_REQUESTER, seen=1, text="Which input?")
    replies.add(by=rita, ticket=ticket, body="HDMI 2")
    ticket.refresh_from_db()
    assert ticket.state == State.OPEN


def test_the_requesters_word_reopens_a_resolved_ticket(ticket: Ticket, tomas: User, rita: User) -> None:
    states.resolve(by=tomas, ticket=ticket, text="Done", seen=1)
    replies.add(by=rita, ticket=ticket, body="It is dark again")
    ticket.refresh_from_db()
    assert (ticket.state, ticket.reopen_count) == (State.OPEN, 1)


def test_a_reply_can_take_the_next_step_with_it(ticket: Ticket, tomas: User) -> None:
    replies.add(by=tomas, ticket=ticket, body="Which input?", then=State.WAITING_REQUESTER, seen=1)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.version, ticket.events.count()) == (State.WAITING_REQUESTER, 2, 2)


def test_a_note_cannot_resolve(ticket: Ticket, tomas: User) -> None:
    with pytest.raises(Refused) as refusal:
        replies.add(by=tomas, ticket=ticket, body="Done", kind=Message.Kind.INTERNAL, then=State.RESOLVED, seen=1)
    assert refusal.value.field == "then"


def test_the_same_form_sent_twice_adds_one_message(ticket: Ticket, tomas: User) -> None:
    key = uuid.uuid4()
    first, second = (replies.add(by=tomas, ticket=ticket, body="Hi", seen=1, form_key=key) for _ in range(2))
    assert first == second
    assert ticket.messages.count() == 2


def test_a_teacher_cannot_write_a_note(ticket: Ticket, rita: User) -> None:
    with pytest.raises(Refused):
        replies.add(by=rita, ticket=ticket, body="Hm", kind=Message.Kind.INTERNAL)


def test_a_colleague_cannot_write_on_somebody_elses_ticket(ticket: Ticket) -> None:
    with pytest.raises(Refused):
        replies.add(by=make_person("peter@maple.example", "Peter Lind"), ticket=ticket, body="Me too")


def test_a_technician_who_missed_a_message_is_told(ticket: Ticket, tomas: User, rita: User) -> None:
    replies.add(by=rita, ticket=ticket, body="It works now, never mind")
    with pytest.raises(Stale):
        replies.add(by=tomas, ticket=ticket, body="Coming at noon", seen=1)


def test_a_message_over_the_limit_is_refused_with_its_length(ticket: Ticket, tomas: User) -> None:
    with pytest.raises(Refused, match="20,001 characters"):
        replies.add(by=tomas, ticket=ticket, body="x" * 20_001, seen=1)
