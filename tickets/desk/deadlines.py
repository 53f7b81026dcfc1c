"""What time alone does to a ticket: the day of a visit comes, and a resolved ticket closes when its window is over."""

from datetime import datetime

from celery import shared_task
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from helpdesk import jobs
from tenants.isolation import each
from tickets.desk import locking, states
from tickets.models import Ticket
from tickets.spine import events

State = Ticket.State
BATCH = 200
# The same condition as `due`, for the one statement that asks all districts at once.
DUE = (
    "(state = 'scheduled' AND wake_at <= now())"
    f" OR (state = 'resolved' AND resolved_at < now() - interval '{states.REOPEN_WINDOW.days} days')"
)


def due(at: datetime) -> Q:
    """Tickets that time moves at that moment."""
    is_visit = Q(state=State.SCHEDULED, wake_at__lte=at)
    return is_visit | Q(state=State.RESOLVED, resolved_at__lt=at - states.REOPEN_WINDOW)


@shared_task(base=jobs.PlatformTask, name="tickets.desk.deadlines.sweep")
def sweep() -> None:
    """Rings for every district that has tickets which time moves; runs every minute."""
    each.ring(move_due, "tickets_ticket", DUE)


@shared_task(base=jobs.DistrictTask, name="tickets.desk.deadlines.move_due")
def move_due() -> None:
    """Moves a batch of the district's tickets, each in its own transaction, and rings again while there are more."""
    at = timezone.now()
    batch = list(Ticket.objects.filter(due(at)).order_by("id").values_list("pk", flat=True)[:BATCH])
    for pk in batch:
        move(pk, at=at)
    if len(batch) == BATCH:
        jobs.quietly(lambda: move_due.apply_async(retry=False))


@transaction.atomic
def move(pk: int, *, at: datetime) -> None:
    """Moves one ticket if it is still due; one that somebody is changing right now is left to the next minute."""
    ticket = Ticket.objects.select_for_update(of=("self",), skip_locked=True).filter(due(at), pk=pk).first()
    if ticket is None:
        return
    before = ticket.state
    if before == State.SCHEDULED:
        ticket.state, ticket.wake_at = State.OPEN, None
    else:
        ticket.state, ticket.closed_at = State.CLOSED, at
    locking.keep(ticket, "state", "wake_at", "closed_at", at=at)
    events.record(events.Kind.STATE, by=None, ticket=ticket, at=at, **{"from": before, "to": str(ticket.state)})
