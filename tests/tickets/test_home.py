"""The front page: the own tickets in three groups, nobody else's, in few queries however many there are."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from tests.cast import make_person, make_ticket
from tests.tickets.front import browser_of, queries_of
from tickets.desk import assignments, replies, states
from tickets.intake import home
from tickets.models import Message, Queue, Ticket

MOST_QUERIES = 12
State = Ticket.State


@pytest.fixture
def client(queue: Queue, rita: User) -> Client:
    return browser_of(rita)


def subjects(slips: list[home.Slip]) -> list[str]:
    return [slip.ticket.subject for slip in slips]


def resolved(by: User, requester: User, body: str) -> Ticket:
    return states.resolve(by=by, ticket=make_ticket(requester, body), text="New cable.", seen=1)


def test_the_desks_people_start_at_their_queue_and_can_still_report(queue: Queue, tomas: User) -> None:
    client = browser_of(tomas)
    assert client.get("/").headers["Location"] == "/queue/"
    assert client.get("/report/").status_code == 200


def test_a_stranger_is_sent_to_the_sign_in_page(queue: Queue) -> None:
    assert "/sign-in/" in Client(headers={"host": "maple.localhost"}).get("/").headers["Location"]


def test_tickets_stand_in_three_groups(queue: Queue, rita: User, tomas: User) -> None:
    make_ticket(rita, "New")
    asked = make_ticket(rita, "Asked")
    states.change(by=tomas, ticket=asked, to=State.WAITING_REQUESTER, text="Which room?", seen=1)
    resolved(tomas, rita, "Resolved")
    done = resolved(tomas, rita, "Done")
    states.confirm(by=rita, ticket=done)
    late = resolved(tomas, rita, "Late")
    Ticket.objects.filter(pk=late.pk).update(resolved_at=timezone.now() - timedelta(days=8))
    mine = home.mine(rita)
    assert set(subjects(mine.needs_me)) == {"Asked", "Resolved"}
    assert subjects(mine.in_work) == ["New"]
    assert set(subjects(mine.done)) == {"Done", "Late"}


def test_nobody_elses_ticket_is_on_the_page(client: Client, queue: Queue) -> None:
    make_ticket(make_person("omar@maple.example", "Omar Haddad"), "Omar's secret")
    assert "Omar" not in client.get("/").content.decode()


def test_the_last_word_of_the_desk_is_shown_and_never_a_note(client: Client, rita: User, tomas: User) -> None:
    ticket = make_ticket(rita, "No picture")
    replies.add(by=tomas, ticket=ticket, body="I come at noon")
    replies.add(by=rita, ticket=ticket, body="Thank you so much")
    replies.add(by=tomas, ticket=ticket, body="She broke it again", kind=Message.Kind.INTERNAL)
    body = client.get("/").content.decode()
    assert "I come at noon" in body
    assert "She broke it" not in body


def test_it_works_in_one_tap_from_the_front_page(client: Client, rita: User, tomas: User) -> None:
    ticket = resolved(tomas, rita, "Camera")
    answer = client.post(f"/tickets/{ticket.number}/confirmation/", {"back": "home"})
    ticket.refresh_from_db()
    assert (answer.status_code, answer.headers["Location"], ticket.state) == (303, "/report/", State.CLOSED)


def test_what_is_done_goes_on_page_by_page_without_a_gap(queue: Queue, rita: User) -> None:
    made = [make_ticket(rita, f"Report {number}") for number in range(2 * home.DONE_AT_ONCE + 1)]
    for ticket in made:
        states.withdraw(by=rita, ticket=ticket)
    seen, after = [], None
    for _ in range(3):
        page = home.mine(rita, done_after=after)
        seen += subjects(page.done)
        after = page.older
    assert after is None
    assert seen == [ticket.subject for ticket in reversed(made)]


def test_the_place_in_somebody_elses_list_is_no_place(queue: Queue, rita: User, tomas: User) -> None:
    states.withdraw(by=rita, ticket=make_ticket(rita, "Mine"))
    theirs = make_ticket(tomas, "Theirs")
    assert subjects(home.mine(rita, done_after=theirs.number).done) == ["Mine"]


def test_looking_again_brings_the_tickets_alone(client: Client, ticket: Ticket) -> None:
    body = client.get("/report/", headers={"hx-request": "true"}).content.decode()
    assert ticket.subject in body
    assert "<textarea" not in body
    assert "<html" not in body


@pytest.mark.parametrize("path", ["/", "/notifications/", "/knowledge/"])
def test_pages_take_few_queries_however_much_there_is(client: Client, rita: User, tomas: User, path: str) -> None:
    def fill() -> None:
        for number in range(4):
            ticket = make_ticket(rita, f"Report {number}")
            assignments.assign(by=tomas, ticket=ticket, to=tomas, seen=1)
            resolved(tomas, rita, f"Resolved {number}")

    fill()
    few = queries_of(client, path)
    fill()
    assert queries_of(client, path) == few <= MOST_QUERIES
