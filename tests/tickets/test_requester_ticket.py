"""The requester's page of a ticket: letters and state in words, the answers it takes, and nothing of the desk's own."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from tests.cast import make_person
from tests.tickets.front import browser_of, page, queries_of, send
from tickets.desk import assignments, priorities, replies, states
from tickets.models import Device, Message, Ticket

State = Ticket.State
MOST_QUERIES = 12


@pytest.fixture
def client(rita: User) -> Client:
    return browser_of(rita)


@pytest.fixture
def resolved(ticket: Ticket, tomas: User) -> Ticket:
    assignments.assign(by=tomas, ticket=ticket, to=tomas, seen=1)
    return states.resolve(by=tomas, ticket=ticket, text="I put in a new cable.", seen=2)


def hidden(body: str, name: str) -> str:
    """The value of a hidden field of the page."""
    tag = next(tag for tag in body.split("<input") if f'name="{name}"' in tag.split(">")[0])
    return tag.split('value="')[1].split('"')[0]


def test_the_state_is_told_in_words(client: Client, ticket: Ticket, tomas: User) -> None:
    assert "We have it. Nobody has taken it yet." in page(client, ticket)
    assignments.assign(by=tomas, ticket=ticket, to=tomas, seen=1)
    assert "Tomas has been on it since " in page(client, ticket)
    states.change(by=tomas, ticket=ticket, to=State.WAITING_REQUESTER, text="Which input?", seen=2)
    assert "Tomas needs a word from you." in page(client, ticket)


def test_nothing_of_the_desks_own_is_on_the_page(client: Client, ticket: Ticket, tomas: User, rita: User) -> None:
    assignments.assign(by=tomas, ticket=ticket, to=tomas, seen=1)
    replies.add(by=tomas, ticket=ticket, body="Canary in a note", kind=Message.Kind.INTERNAL)
    priorities.override(by=tomas, ticket=ticket, priority=1, reason="Canary of a reason", seen=3)
    Device.objects.create(asset_tag="MU-1", serial="Canary serial", kind="laptop", model="Dell", person=rita)
    states.change(by=tomas, ticket=ticket, to=State.WAITING_OTHER, text="Canary of waiting", seen=4)
    body = page(client, ticket)
    assert "Canary" not in body
    assert "Critical" not in body
    assert "Internal" not in body
    assert tomas.email not in body


def test_a_colleague_finds_no_such_ticket(ticket: Ticket, resolved: Ticket) -> None:
    omar = browser_of(make_person("omar@maple.example", "Omar Haddad"))
    assert omar.get(f"/tickets/{ticket.number}/").status_code == 404
    for where in ("messages", "confirmation", "rejection", "withdrawal"):
        assert send(omar, ticket, where, body="Mine now", text="Mine now").status_code == 404
    resolved.refresh_from_db()
    assert resolved.state == State.RESOLVED


def test_the_desk_answers_by_its_own_forms_alone(ticket: Ticket, tomas: User) -> None:
    assert send(browser_of(tomas), ticket, "withdrawal").status_code == 404


def test_a_letter_is_added_once_however_often_it_is_sent(client: Client, ticket: Ticket) -> None:
    key = str(uuid.uuid4())
    for _ in range(2):
        answer = send(client, ticket, "messages", body="It flickers now", form_key=key)
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/tickets/{ticket.number}/")
    assert ticket.messages.count() == 2


@pytest.mark.parametrize("body", ["", "  \n", "\u200b"])
def test_an_empty_letter_is_told_beside_the_field(client: Client, ticket: Ticket, body: str) -> None:
    answer = send(client, ticket, "messages", body=body)
    assert answer.status_code == 422
    assert "reply-body_error" in answer.content.decode()
    assert ticket.messages.count() == 1


def test_a_letter_that_is_too_long_is_kept_and_not_sent(client: Client, ticket: Ticket) -> None:
    words = "b" * (Message.LONGEST + 1)
    answer = send(client, ticket, "messages", body=words)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert ticket.messages.count() == 1


def test_letters_that_cross_are_told_and_the_words_kept(client: Client, ticket: Ticket, tomas: User) -> None:
    seen = hidden(page(client, ticket), "seen")
    replies.add(by=tomas, ticket=ticket, body="I am at your door")
    answer = send(client, ticket, "messages", body="Please come at ten", seen=seen)
    body = answer.content.decode()
    assert answer.status_code == 409
    assert "Something new came while you were writing." in body
    assert "Please come at ten" in body
    assert "I am at your door" in body
    assert ticket.messages.count() == 2
    again = send(client, ticket, "messages", body="Please come at ten", seen=hidden(body, "seen"))
    assert again.status_code == 303


def test_a_note_among_staff_never_stops_a_letter(client: Client, ticket: Ticket, tomas: User) -> None:
    seen = hidden(page(client, ticket), "seen")
    replies.add(by=tomas, ticket=ticket, body="Same in 210", kind=Message.Kind.INTERNAL)
    assert send(client, ticket, "messages", body="Please come at ten", seen=seen).status_code == 303


def test_it_works_closes_the_ticket_once(client: Client, resolved: Ticket) -> None:
    assert "Tomas thinks it is fixed. Does it work now?" in page(client, resolved)
    for _ in range(2):
        assert send(client, resolved, "confirmation").status_code == 303
    resolved.refresh_from_db()
    assert (resolved.state, resolved.confirmed_at is not None) == (State.CLOSED, True)
    assert resolved.events.filter(kind="ticket.confirmed").count() == 1


def test_still_broken_asks_for_one_sentence(client: Client, resolved: Ticket) -> None:
    answer = send(client, resolved, "rejection", text=" ")
    body = answer.content.decode()
    assert answer.status_code == 422
    assert "Say in one sentence what still happens" in body
    assert '<details class="still"' in body
    assert " open>" in body.split('<details class="still"')[1].split("\n")[0]
    resolved.refresh_from_db()
    assert resolved.state == State.RESOLVED


def test_still_broken_opens_it_again_once(client: Client, resolved: Ticket) -> None:
    key = str(uuid.uuid4())
    for _ in range(2):
        assert send(client, resolved, "rejection", text="Black again", form_key=key).status_code == 303
    resolved.refresh_from_db()
    assert (resolved.state, resolved.reopen_count) == (State.OPEN, 1)
    assert "Black again" in page(client, resolved)


def test_an_answer_to_a_question_that_was_taken_back_is_told(client: Client, resolved: Ticket, tomas: User) -> None:
    seen = hidden(page(client, resolved), "seen")
    states.change(by=tomas, ticket=resolved, to=State.OPEN, seen=3)
    answer = send(client, resolved, "confirmation", seen=seen)
    assert answer.status_code == 409
    resolved.refresh_from_db()
    assert resolved.state == State.OPEN


def test_it_works_on_an_open_ticket_is_refused_in_words(client: Client, ticket: Ticket) -> None:
    answer = send(client, ticket, "confirmation")
    assert answer.status_code == 422
    assert "not waiting for your word" in answer.content.decode()


def test_after_the_window_a_follow_up_is_offered(client: Client, resolved: Ticket) -> None:
    Ticket.objects.filter(pk=resolved.pk).update(resolved_at=timezone.now() - timedelta(days=8))
    body = page(client, resolved)
    assert "It cannot be opened again." in body
    assert f"/report/?follow_up_of={resolved.number}" in body
    assert 'id="reply"' not in body
    assert "Still broken" not in body


def test_words_that_come_too_late_can_go_as_a_new_ticket(client: Client, resolved: Ticket) -> None:
    Ticket.objects.filter(pk=resolved.pk).update(resolved_at=timezone.now() - timedelta(days=8))
    answer = send(client, resolved, "messages", body="It is dark again")
    body = answer.content.decode()
    assert answer.status_code == 422
    assert "It is dark again" in body
    names = ("form_key", "follow_up_of", "place", "school", "place_note", "impact")
    form = body.split('action="/tickets/"')[1]
    client.post("/tickets/", {"body": "It is dark again"} | {name: hidden(form, name) for name in names})
    follow_up = Ticket.objects.latest("pk")
    assert (follow_up.follow_up_of, follow_up.school) == (resolved, resolved.school)


def test_a_new_ticket_can_be_taken_back(client: Client, ticket: Ticket) -> None:
    assert "I no longer need this" in page(client, ticket)
    assert send(client, ticket, "withdrawal").status_code == 303
    ticket.refresh_from_db()
    assert ticket.state == State.CANCELLED
    assert "You took it back." in page(client, ticket)


def test_a_ticket_in_work_cannot_be_taken_back(client: Client, ticket: Ticket, tomas: User) -> None:
    assignments.assign(by=tomas, ticket=ticket, to=tomas, seen=1)
    assert "I no longer need this" not in page(client, ticket)
    answer = send(client, ticket, "withdrawal")
    assert answer.status_code == 422
    assert "Somebody is already working on this." in answer.content.decode()


@pytest.mark.parametrize("where", ["confirmation", "rejection", "withdrawal", "messages"])
def test_a_reload_of_a_returned_form_leads_to_the_ticket(client: Client, ticket: Ticket, where: str) -> None:
    assert client.get(f"/tickets/{ticket.number}/{where}/").headers["Location"] == f"/tickets/{ticket.number}/"


def test_long_conversations_go_on_page_by_page(client: Client, ticket: Ticket, rita: User) -> None:
    for number in range(60):
        replies.add(by=rita, ticket=ticket, body=f"Letter {number:02}.")
    newest = page(client, ticket)
    assert "Letter 59." in newest
    assert "Letter 05." not in newest
    older = newest.split("?before=")[1].split("#")[0]
    assert "Letter 05." in page(client, ticket, f"?before={older}")


def test_the_page_takes_few_queries_however_long_the_thread_is(
    client: Client, ticket: Ticket, rita: User, tomas: User
) -> None:
    path = f"/tickets/{ticket.number}/"
    assignments.assign(by=tomas, ticket=ticket, to=tomas, seen=1)
    few = queries_of(client, path)
    for number in range(10):
        replies.add(by=(rita, tomas)[number % 2], ticket=ticket, body=f"Letter {number}")
    assert queries_of(client, path) == few <= MOST_QUERIES


def test_looking_again_brings_the_letters_and_never_the_form(client: Client, ticket: Ticket) -> None:
    body = client.get(f"/tickets/{ticket.number}/", headers={"hx-request": "true"}).content.decode()
    assert "The projector shows nothing" in body
    assert 'name="seen"' in body
    assert "<textarea" not in body
    assert "<html" not in body
