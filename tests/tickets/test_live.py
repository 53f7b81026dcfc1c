"""Live pages: who is woken by what, and that a token opens nothing else."""

import pytest
from django.core import signing

from accounts.models import User
from tenants.isolation import scope
from tenants.models import District
from tickets.desk import assignments, replies
from tickets.models import Event, Message, Ticket
from tickets.notify import live


def woken(ticket: Ticket, topics: list[str]) -> set[str]:
    """The topics whose marks the newest event changed."""
    before = {topic: live.mark(topic) for topic in topics}
    live.live(Event.objects.filter(ticket=ticket).latest("pk"))
    return {topic for topic, mark in before.items() if live.mark(topic) != mark}


def test_an_internal_note_wakes_the_desk_and_nobody_else(ticket: Ticket, rita: User, tomas: User, ana: User) -> None:
    assignments.assign(by=tomas, ticket=ticket, to=tomas, seen=1)
    replies.add(by=ana, ticket=ticket, body="Check the closet", kind=Message.Kind.INTERNAL, seen=2)
    number = ticket.number
    desk = [live.DESK, live.ticket_topic(number), live.person_topic(tomas.pk)]
    front = [live.letters_topic(number), live.person_topic(rita.pk)]
    assert woken(ticket, desk + front) == set(desk)


def test_a_public_reply_wakes_its_reader_too(ticket: Ticket, rita: User, tomas: User) -> None:
    replies.add(by=tomas, ticket=ticket, body="On my way", seen=1)
    topics = [live.DESK, live.letters_topic(ticket.number), live.person_topic(rita.pk)]
    assert woken(ticket, topics) == set(topics)


def test_a_ticket_wakes_no_page_of_another_ticket(ticket: Ticket, tomas: User) -> None:
    assert woken(ticket, [live.ticket_topic(ticket.number + 1), live.person_topic(tomas.pk)]) == set()


def test_a_token_is_good_for_its_district_and_topic_alone(maple: District, cedar: District) -> None:
    with scope.district_scope(maple):
        token = live.watch(live.DESK).sign()
    assert live.Watch.read(token) == live.Watch(maple.pk, live.DESK)
    with pytest.raises(signing.BadSignature):
        live.Watch.read(token[:-1] + ("A" if token[-1] != "A" else "B"))


def test_news_of_another_district_does_not_exist(maple: District, cedar: District, client_at: object) -> None:
    with scope.district_scope(maple):
        token = live.watch(live.DESK).sign()
    assert client_at(maple).get(f"/live/{token}/").status_code == 200  # type: ignore[operator]
    assert client_at(cedar).get(f"/live/{token}/").status_code == 404  # type: ignore[operator]
