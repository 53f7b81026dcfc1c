"""How urgent a ticket is: from impact and urgency by a fixed table, or set by a person with a reason."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from tickets.desk import locking, rights
from tickets.desk.locking import Refused
from tickets.models import Ticket
from tickets.spine import events

# Urgency down, impact across (one person, classroom, school, district); source: the priority table of the product plan.
MATRIX: dict[int, tuple[int, int, int, int]] = {
    Ticket.Urgency.STOPPED: (2, 1, 1, 1),
    Ticket.Urgency.DEGRADED: (2, 1, 1, 1),
    Ticket.Urgency.WORKAROUND: (3, 2, 2, 2),
    Ticket.Urgency.NICE: (4, 3, 3, 3),
}
LONGEST_REASON = 200


def by_matrix(*, impact: int, urgency: int) -> Ticket.Priority:
    """The priority of the table; KeyError or IndexError for values outside of it."""
    return Ticket.Priority(MATRIX[Ticket.Urgency(urgency)][Ticket.Impact(impact) - 1])


@transaction.atomic
def judge(*, by: User, ticket: Ticket, impact: int, urgency: int, seen: int, at: datetime | None = None) -> Ticket:
    """Sets impact and urgency, and the priority that follows from them."""
    fresh = locking.take(ticket)
    source = Ticket.PrioritySource.MATRIX
    if (fresh.impact, fresh.urgency, fresh.priority_source) == (impact, urgency, source):
        return fresh
    locking.expect(fresh, seen)
    fresh.impact, fresh.urgency, fresh.priority_reason = impact, urgency, ""
    to = by_matrix(impact=impact, urgency=urgency)
    return _set(fresh, by=by, to=to, source=source, at=at, impact=impact, urgency=urgency)


@transaction.atomic
def override(*, by: User, ticket: Ticket, priority: int, reason: str, seen: int, at: datetime | None = None) -> Ticket:
    """Sets the priority against the table; the reason is required and shown beside it."""
    fresh = locking.take(ticket)
    source, reason = Ticket.PrioritySource.PERSON, " ".join(reason.split())
    if (fresh.priority, fresh.priority_source, fresh.priority_reason) == (priority, source, reason):
        return fresh
    locking.expect(fresh, seen)
    if not reason:
        raise Refused("Say why; the reason is shown beside the priority.", field="reason")
    if len(reason) > LONGEST_REASON:
        raise Refused(f"Keep the reason under {LONGEST_REASON} characters.", field="reason")
    fresh.priority_reason = reason
    return _set(fresh, by=by, to=Ticket.Priority(priority), source=source, at=at, reason=reason)


def _set(ticket: Ticket, *, by: User, to: Ticket.Priority, source: str, at: datetime | None, **data: object) -> Ticket:
    if not rights.may_change(by, ticket):
        raise Refused("You may not change this ticket.")
    at = at or timezone.now()
    before, ticket.priority, ticket.priority_source = ticket.priority, to, source
    locking.keep(ticket, "impact", "urgency", "priority", "priority_source", "priority_reason", at=at)
    moved = {"from": before, "to": int(to), "source": str(source)}
    events.record(events.Kind.PRIORITY, by=by, ticket=ticket, at=at, **moved, **data)
    return ticket
