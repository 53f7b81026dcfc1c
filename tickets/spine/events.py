"""Writing to the event log: the kinds of event there are, and the one function that records one."""

from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from helpdesk import jobs, log
from tickets.models import Duty, Event, Ticket
from tickets.spine import consumers, tasks


class Kind(StrEnum):
    """Every kind of event, with the shape of its data."""

    SUBMITTED = "ticket.submitted"  # message
    MESSAGE = "message.added"  # message, kind; from, to when the state changed with it
    STATE = "state.changed"  # from, to; message where words went with it; wake_at
    RESOLVED = "ticket.resolved"  # message, from
    CONFIRMED = "ticket.confirmed"
    REJECTED = "ticket.rejected"  # message
    WITHDRAWN = "ticket.withdrawn"  # from
    ASSIGNED = "ticket.assigned"  # from, to: ids of people or null; names: of both; state when it moved with it
    TRANSFERRED = "ticket.transferred"  # from, to: ids of queues; names: of both
    PRIORITY = "priority.changed"  # from, to, source; impact, urgency or reason
    UPLOADED = "attachment.uploaded"  # attachment
    CHECKED = "attachment.checked"  # attachment, state
    INVITED = "person.invited"  # person
    LINKED = "person.linked"  # person: a fresh link was made for them
    UNLINKED = "person.unlinked"  # person: their unused link was taken back
    DEACTIVATED = "person.deactivated"  # person
    REACTIVATED = "person.reactivated"  # person
    GRANTED = "grant.given"  # person, grant, role, schools, queues: lists of ids, null for all
    REGRANTED = "grant.changed"  # the same, as it stands now
    REVOKED = "grant.taken"  # person, grant, role


def record(
    kind: Kind, /, *, by: User | None, ticket: Ticket | None = None, at: datetime | None = None, **data: object
) -> Event:
    """Writes one event and the duties it causes, and rings for them after commit.

    Must be called inside the transaction that writes the rows the event tells of; raises RuntimeError outside of one.
    `data` must be JSON: ids, words and ISO times, never the text of a message.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an event is written in the transaction of its action")
    event = Event.objects.create(
        kind=kind, ticket=ticket, actor=by, data=data, at=at or timezone.now(), request_id=log.request_id()
    )
    duties = [Duty(event=event, consumer=each.name) for each in consumers.of(kind)]
    if duties:
        Duty.objects.bulk_create(duties)
        jobs.ring(tasks.attend, event.pk)
    return event
