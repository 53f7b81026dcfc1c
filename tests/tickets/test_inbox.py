"""Notifications in the app: what happened in words, what of it is read, and how many at the bell."""

import pytest
from django.test import Client

from accounts.models import Grant, User
from tests.cast import make_ticket
from tests.tickets.front import browser_of, page
from tickets.desk import assignments, replies, states
from tickets.models import Event, Message, Notification, Queue, Ticket
from tickets.notify import inbox, notifications


@pytest.fixture
def client(rita: User) -> Client:
    return browser_of(rita)


def tell(ticket: Ticket) -> None:
    """Does what the consumer does, for every event so far."""
    for event in Event.objects.filter(ticket=ticket).order_by("pk"):
        notifications.notify(event)


def words_of(person: User) -> list[str]:
    return [line.words for line in inbox.read(person).lines]


def test_each_step_of_the_desk_is_told_in_words(ticket: Ticket, tomas: User, rita: User) -> None:
    assignments.assign(by=tomas, ticket=ticket, to=tomas, seen=1)
    replies.add(by=tomas, ticket=ticket, body="On my way")
    states.change(by=tomas, ticket=ticket, to=Ticket.State.WAITING_REQUESTER, text="Which input?", seen=3)
    states.resolve(by=tomas, ticket=ticket, text="New cable", seen=4)
    tell(ticket)
    assert words_of(rita) == [
        "Tomas Reyes thinks it is fixed",
        "Tomas Reyes asks you something",
        "Tomas Reyes wrote",
    ]


def test_the_desk_hears_what_the_requester_says(ticket: Ticket, tomas: User, rita: User) -> None:
    assignments.assign(by=tomas, ticket=ticket, to=tomas, seen=1)
    states.resolve(by=tomas, ticket=ticket, text="New cable", seen=2)
    states.reject(by=rita, ticket=ticket, text="Black again")
    tell(ticket)
    assert words_of(tomas)[0] == "Rita Shah says that it is still broken"


def test_a_note_is_no_news_to_whoever_may_not_read_it(queue: Queue, tomas: User, ana: User) -> None:
    own = make_ticket(tomas)
    assignments.assign(by=ana, ticket=own, to=tomas, seen=1)
    replies.add(by=ana, ticket=own, body="Look at the lamp", kind=Message.Kind.INTERNAL)
    tell(own)
    assert "Ana Ortiz left an internal note" in words_of(tomas)
    Grant.objects.filter(user=tomas).delete()
    assert words_of(User.objects.get(pk=tomas.pk)) == ["Ana Ortiz gave it to you"]


def test_news_of_a_ticket_that_one_may_no_longer_see_is_gone(ticket: Ticket, tomas: User) -> None:
    tell(ticket)
    assert words_of(tomas) == ["Rita Shah reported"]
    Ticket.objects.filter(pk=ticket.pk).update(is_confidential=True)
    assert words_of(tomas) == []


def test_opening_the_ticket_marks_its_news_as_read(client: Client, ticket: Ticket, tomas: User, rita: User) -> None:
    other = make_ticket(rita, "Another")
    for each in (ticket, other):
        replies.add(by=tomas, ticket=each, body="On my way")
        tell(each)
    assert notifications.unread(rita) == 2
    page(client, ticket)
    assert notifications.unread(rita) == 1


def test_the_bell_says_how_many(client: Client, ticket: Ticket, tomas: User) -> None:
    assert "Notifications, 0 unread" in client.get("/notifications/").content.decode()
    replies.add(by=tomas, ticket=ticket, body="On my way")
    tell(ticket)
    assert "Notifications, 1 unread" in client.get("/notifications/").content.decode()


def test_one_or_all_are_marked_as_read(client: Client, ticket: Ticket, tomas: User, rita: User) -> None:
    for body in ("One", "Two", "Three"):
        replies.add(by=tomas, ticket=ticket, body=body)
    tell(ticket)
    first = rita.notifications.latest("pk")
    assert client.post(f"/notifications/{first.pk}/reading/").status_code == 303
    assert rita.notifications.filter(read_at=None).count() == 2
    assert client.post("/notifications/reading/").status_code == 303
    assert rita.notifications.filter(read_at=None).count() == 0


def test_nobody_reads_for_somebody_else(client: Client, ticket: Ticket, tomas: User) -> None:
    tell(ticket)
    theirs = Notification.objects.get(user=tomas)
    assert client.post(f"/notifications/{theirs.pk}/reading/").status_code == 404
    client.post("/notifications/reading/")
    theirs.refresh_from_db()
    assert theirs.read_at is None


def test_a_get_marks_nothing(client: Client, ticket: Ticket, tomas: User, rita: User) -> None:
    replies.add(by=tomas, ticket=ticket, body="On my way")
    tell(ticket)
    client.get("/notifications/reading/")
    assert rita.notifications.filter(read_at=None).count() == 1


def test_the_page_says_plainly_that_no_mail_goes_out(client: Client, ana: User) -> None:
    assert "Maple Unified has no mail channel." in client.get("/notifications/").content.decode()
    assert "No mail goes out to anybody" in browser_of(ana).get("/notifications/").content.decode()


def test_older_news_go_on_without_a_gap(client: Client, ticket: Ticket, tomas: User, rita: User) -> None:
    for number in range(inbox.AT_ONCE + 5):
        replies.add(by=tomas, ticket=ticket, body=f"Letter {number}")
    tell(ticket)
    first = inbox.read(rita)
    second = inbox.read(rita, before=first.older)
    assert (len(first.lines), len(second.lines), second.older) == (inbox.AT_ONCE, 5, None)


@pytest.mark.parametrize("how", ["HEAD", "prefetch"])
def test_a_page_that_nobody_reads_leaves_the_news_unread(
    client: Client, ticket: Ticket, rita: User, tomas: User, how: str
) -> None:
    replies.add(by=tomas, ticket=ticket, body="On my way", seen=1)
    tell(ticket)
    address = f"/tickets/{ticket.number}/"
    if how == "HEAD":
        client.head(address)
    else:
        client.get(address, headers={"sec-purpose": "prefetch"})
    assert rita.notifications.filter(read_at=None).count() == 1
    client.get(address)
    assert not rita.notifications.filter(read_at=None).exists()
