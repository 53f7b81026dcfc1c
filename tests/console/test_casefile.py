"""A life written in memory leaves the same rows as the same life lived through the desk's actions."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from accounts.models import User
from console.demo.casefile import CaseFile, Report
from console.demo.world import Ids
from tests.cast import Place
from tickets.desk import assignments, priorities, replies, states
from tickets.intake import submissions
from tickets.models import Event, Message, Queue, Ticket

State = Ticket.State
BEGINS = datetime(2026, 10, 13, 14, 0, tzinfo=UTC)
OWN_KEYS = {"id", "number", "form_key", "is_waiting", "request_id", "ticket_id"}


def at(minutes: int) -> datetime:
    return BEGINS + timedelta(minutes=minutes)


def test_both_leave_the_same_rows(lincoln: Place, queue: Queue, rita: User, tomas: User) -> None:
    campus = Queue.objects.create(name="Campus support")
    lived = _lived(lincoln, campus, rita, tomas)
    told = _told(lincoln, queue, campus, rita, tomas)
    assert _facts(told.ticket) == _facts(Ticket.objects.get(pk=lived.pk))
    assert [_facts(each) for each in told.messages] == [_facts(each) for each in lived.messages.order_by("id")]
    assert _log(told.events, told.messages) == _log(
        list(lived.events.order_by("id")), list(lived.messages.order_by("id"))
    )


def _lived(place: Place, campus: Queue, rita: User, tomas: User) -> Ticket:
    by: dict[str, Any] = {"by": tomas}
    ticket = submissions.submit(
        by=rita, body="No picture", subject="Camera", school=place.school, room=place.room, at=at(0)
    )
    ticket = priorities.judge(**by, ticket=ticket, impact=2, urgency=1, seen=1, at=at(1))
    ticket = assignments.transfer(**by, ticket=ticket, queue=campus, seen=2, at=at(2))
    ticket = assignments.assign(**by, ticket=ticket, to=tomas, seen=3, at=at(3))
    replies.add(**by, ticket=ticket, body="Cable?", kind=Message.Kind.INTERNAL, at=at(4))
    replies.add(**by, ticket=ticket, body="Which port?", then=State.WAITING_REQUESTER, at=at(5))
    replies.add(by=rita, ticket=ticket, body="The blue one", at=at(6))
    replies.add(**by, ticket=ticket, body="I come by", then=State.SCHEDULED, wake_at=at(90), at=at(7))
    ticket.refresh_from_db()
    states.change(**by, ticket=ticket, to=State.OPEN, seen=ticket.version, at=at(91))
    replies.add(**by, ticket=ticket, body="New cable", then=State.RESOLVED, at=at(95))
    states.reject(by=rita, ticket=ticket, text="Gray again", at=at(100))
    replies.add(**by, ticket=ticket, body="New camera", then=State.RESOLVED, at=at(120))
    return states.confirm(by=rita, ticket=ticket, at=at(130))


def _told(place: Place, queue: Queue, campus: Queue, rita: User, tomas: User) -> CaseFile:
    file = CaseFile(Ids(), Random(1))
    report = Report(at(0), rita, rita, "No picture", "Camera", place.school, place.room)
    file.submit(report, number=1, queue=queue)
    file.judge(at(1), tomas, impact=2, urgency=1)
    file.transfer(at(2), tomas, queue=campus)
    file.assign(at(3), tomas, to=tomas)
    file.note(at(4), tomas, "Cable?")
    file.move(at(5), tomas, to=State.WAITING_REQUESTER, text="Which port?")
    file.reply(at(6), rita, "The blue one")
    file.move(at(7), tomas, to=State.SCHEDULED, text="I come by", wake_at=at(90))
    file.move(at(91), tomas, to=State.OPEN)
    file.move(at(95), tomas, to=State.RESOLVED, text="New cable")
    file.reject(at(100), "Gray again")
    file.move(at(120), tomas, to=State.RESOLVED, text="New camera")
    file.confirm(at(130))
    return file


def _facts(row: Ticket | Message | Event) -> dict[str, Any]:
    fields = (field.attname for field in row._meta.concrete_fields)
    return {name: getattr(row, name) for name in fields if name not in OWN_KEYS}


def _log(events: list[Event], messages: list[Message]) -> list[dict[str, Any]]:
    """The events, with messages by their place instead of their id."""
    places = {message.pk: place for place, message in enumerate(messages)}
    facts = [_facts(event) for event in events]
    for each in facts:
        if "message" in each["data"]:
            each["data"] = each["data"] | {"message": places[each["data"]["message"]]}
    return facts
