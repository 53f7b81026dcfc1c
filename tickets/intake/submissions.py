"""Reporting: from what somebody wrote to a ticket with its number, once for each form."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Room, School, User
from accounts.policy import Permission
from tickets.desk import letters, priorities
from tickets.desk.locking import Refused
from tickets.models import Device, Message, Queue, Ticket
from tickets.spine import events

LONGEST_SUBJECT = 120


class NoQueue(RuntimeError):
    """The district has no queue that takes new tickets; provisioning makes one, so this is a fault of ours."""


def submit(
    *,
    by: User,
    body: str,
    form_key: UUID | None = None,
    subject: str = "",
    requester: User | None = None,
    school: School | None = None,
    room: Room | None = None,
    place_note: str = "",
    device: Device | None = None,
    impact: int = Ticket.Impact.PERSON,
    urgency: int = Ticket.Urgency.WORKAROUND,
    attachments: Sequence[UUID] = (),
    channel: str = Ticket.Channel.PORTAL,
    follow_up_of: Ticket | None = None,
    at: datetime | None = None,
) -> Ticket:
    """Makes a ticket and its first message; the same form sent twice makes one and returns it both times.

    Without a subject the first line of the text becomes it. Raises Refused for an empty or overlong text, or for
    reporting on behalf of somebody without the right.
    """
    key = form_key or uuid4()
    requester = requester or by
    if requester != by and not by.may(Permission.TICKETS_ON_BEHALF):
        raise Refused("You may not report for somebody else.", field="requester")
    if earlier := sent_before(key, by=by):
        return earlier
    text = letters.tidy(body)
    if not text:
        raise Refused("Tell us what is wrong, in a few words.", field="body")
    try:
        with transaction.atomic():
            return _make(
                by=by,
                at=at or timezone.now(),
                text=text,
                attachments=attachments,
                fields={
                    "form_key": key,
                    "subject": subject_of(subject, text),
                    "requester": requester,
                    "school": school or (room.building.school if room else None),
                    "room": room,
                    "place_note": " ".join(place_note.split())[:120],
                    "device": device,
                    "impact": impact,
                    "urgency": urgency,
                    "priority": priorities.by_matrix(impact=impact, urgency=urgency),
                    "channel": channel,
                    "follow_up_of": follow_up_of,
                },
            )
    except IntegrityError:
        # Two presses at once: the other one won, and its ticket is the answer to both.
        if earlier := sent_before(key, by=by):
            return earlier
        raise


def sent_before(key: UUID | None, *, by: User) -> Ticket | None:
    """The ticket that this very form made earlier."""
    earlier = Ticket.objects.filter(form_key=key).first() if key else None
    if earlier and earlier.reported_by_id != by.pk:
        raise Refused("This form was sent before. Load the page again.")
    return earlier


def _make(*, by: User, at: datetime, text: str, attachments: Sequence[UUID], fields: dict[str, object]) -> Ticket:
    queue = Queue.objects.filter(is_default=True, is_active=True).first()
    if queue is None:
        raise NoQueue
    ticket = Ticket.objects.create(queue=queue, reported_by=by, created_at=at, updated_at=at, **fields)
    ticket.refresh_from_db(fields=["number"])
    message = letters.write(
        by=by,
        ticket=ticket,
        body=text,
        kind=Message.Kind.PUBLIC,
        form_key=ticket.form_key,
        at=at,
        attachments=attachments,
        channel=ticket.channel,
    )
    events.record(events.Kind.SUBMITTED, by=by, ticket=ticket, at=at, message=message.pk)
    return ticket


def subject_of(subject: str, text: str) -> str:
    """One line for lists: the given subject, or the beginning of the text, cut at a word."""
    line = " ".join(subject.split()) or " ".join(text.split("\n", 1)[0].split())
    if len(line) <= LONGEST_SUBJECT:
        return line
    cut = line[:LONGEST_SUBJECT].rsplit(" ", 1)[0] if " " in line[:LONGEST_SUBJECT] else line[: LONGEST_SUBJECT - 1]
    return f"{cut.rstrip('.,;: ')}…"
