"""Reporting: one form makes one ticket, whatever is typed into it."""

import uuid

import pytest

from accounts.models import User
from tests.cast import Place
from tickets.desk.locking import Refused
from tickets.intake import submissions
from tickets.models import Event, Message, Queue, Ticket


def test_a_report_becomes_a_numbered_ticket_with_its_first_message(queue: Queue, rita: User, lincoln: Place) -> None:
    ticket = submissions.submit(by=rita, body="No picture\nClass at 10:20", room=lincoln.room)
    assert ticket.number > 10_000
    assert (ticket.subject, ticket.state, ticket.school) == ("No picture", Ticket.State.NEW, lincoln.school)
    assert ticket.messages.get().body == "No picture\nClass at 10:20"
    assert ticket.events.get().kind == "ticket.submitted"


def test_the_same_form_sent_twice_makes_one_ticket(queue: Queue, rita: User) -> None:
    key = uuid.uuid4()
    first, second = (submissions.submit(by=rita, body="No picture", form_key=key) for _ in range(2))
    assert first == second
    assert (Ticket.objects.count(), Message.objects.count(), Event.objects.count()) == (1, 1, 1)


def test_a_form_key_of_somebody_else_makes_nothing_and_shows_nothing(queue: Queue, rita: User, tomas: User) -> None:
    theirs = submissions.submit(by=rita, body="No picture")
    with pytest.raises(Refused, match="sent before"):
        submissions.submit(by=tomas, body="Mine", form_key=theirs.form_key)
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize("body", ["", "   \n\t ", "\x00\x00"])
def test_an_empty_report_is_refused_beside_its_field(queue: Queue, rita: User, body: str) -> None:
    with pytest.raises(Refused) as refusal:
        submissions.submit(by=rita, body=body)
    assert refusal.value.field == "body"
    assert not Ticket.objects.exists()


def test_a_megabyte_of_text_is_refused_with_its_length_and_leaves_no_row(queue: Queue, rita: User) -> None:
    with pytest.raises(Refused, match="1,048,576 characters"):
        submissions.submit(by=rita, body="x" * 1_048_576)
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("body", ["الشاشة لا تعمل", "🖥️ broken 👩🏽‍🏫", "Ω ≠ ∅ é́", "a\u2028b"])
def test_any_script_is_kept_as_it_was_typed(queue: Queue, rita: User, body: str) -> None:
    assert submissions.submit(by=rita, body=body).messages.get().body == body


def test_null_and_control_characters_are_dropped_and_the_words_kept(queue: Queue, rita: User) -> None:
    assert submissions.submit(by=rita, body="no\x00 pic\x1bture\r\nat all").messages.get().body == "no picture\nat all"


def test_a_long_first_line_is_cut_at_a_word_for_the_subject(queue: Queue, rita: User) -> None:
    ticket = submissions.submit(by=rita, body="The projector in my room " * 20)
    assert len(ticket.subject) <= submissions.LONGEST_SUBJECT + 1
    assert ticket.subject.endswith("…")


def test_a_teacher_may_not_report_for_somebody_else(queue: Queue, rita: User, tomas: User) -> None:
    with pytest.raises(Refused) as refusal:
        submissions.submit(by=rita, requester=tomas, body="His laptop is broken")
    assert refusal.value.field == "requester"


def test_a_technician_reports_for_a_teacher_and_both_are_kept(queue: Queue, rita: User, tomas: User) -> None:
    ticket = submissions.submit(by=tomas, requester=rita, body="She called", channel=Ticket.Channel.PHONE)
    assert (ticket.requester, ticket.reported_by) == (rita, tomas)
