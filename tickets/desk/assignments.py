"""Who works on a ticket, and in which queue it waits."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.policy import Permission
from tickets.desk import locking, rights
from tickets.desk.locking import Refused
from tickets.models import Queue, Ticket
from tickets.spine import events


def candidates(ticket: Ticket) -> QuerySet[User]:
    """People who could take the ticket: those who may change it where it lies."""
    return rights.people_with(Permission.TICKETS_CHANGE, ticket)


@transaction.atomic
def assign(*, by: User, ticket: Ticket, to: User | None, seen: int, at: datetime | None = None) -> Ticket:
    """Gives the ticket to a person, or back to nobody. A new ticket is thereby open.

    Raises Refused for a person who could not work on it, Stale for a ticket that moved on.
    """
    at = at or timezone.now()
    fresh = locking.take(ticket)
    if fresh.assignee_id == (to.pk if to else None):
        return fresh
    locking.expect(fresh, seen)
    _check(by, fresh)
    if to is not None and not candidates(fresh).filter(pk=to.pk).exists():
        raise Refused(f"{to.name} does not work in this queue and school.", field="assignee")
    before = fresh.assignee
    fresh.assignee = to
    moved = {}
    if to is not None and fresh.state == Ticket.State.NEW:
        fresh.state = Ticket.State.OPEN
        moved = {"state": str(fresh.state)}
    locking.keep(fresh, "assignee", "state", at=at)
    events.record(
        events.Kind.ASSIGNED,
        by=by,
        ticket=fresh,
        at=at,
        **{"from": before.pk if before else None, "to": to.pk if to else None},
        names=[before.name if before else "", to.name if to else ""],
        **moved,
    )
    return fresh


@transaction.atomic
def transfer(*, by: User, ticket: Ticket, queue: Queue, seen: int, at: datetime | None = None) -> Ticket:
    """Moves the ticket to another queue; whoever had it keeps it only if they work there too."""
    at = at or timezone.now()
    fresh = locking.take(ticket)
    if fresh.queue_id == queue.pk:
        return fresh
    locking.expect(fresh, seen)
    _check(by, fresh)
    if not queue.is_active:
        raise Refused(f"“{queue.name}” takes no tickets any more.", field="queue")
    before, fresh.queue = fresh.queue, queue
    if fresh.assignee_id and not candidates(fresh).filter(pk=fresh.assignee_id).exists():
        fresh.assignee = None
    locking.keep(fresh, "queue", "assignee", at=at)
    events.record(
        events.Kind.TRANSFERRED,
        by=by,
        ticket=fresh,
        at=at,
        **{"from": before.pk, "to": queue.pk},
        names=[before.name, queue.name],
    )
    return fresh


def _check(by: User, ticket: Ticket) -> None:
    if not rights.may_assign(by, ticket):
        raise Refused("You may not assign this ticket.")
    if not ticket.is_in_work:
        raise Refused("This ticket is finished; open it again first.")
