"""In-app notifications: for each event, the people who should hear of it, each once and never the one who did it."""

from django.utils import timezone

from accounts.models import User
from accounts.policy import Permission, Role
from tickets.desk import rights
from tickets.models import Event, Message, Notification, Ticket
from tickets.spine import consumers
from tickets.spine.events import Kind

HEARD = (
    Kind.SUBMITTED,
    Kind.MESSAGE,
    Kind.STATE,
    Kind.RESOLVED,
    Kind.CONFIRMED,
    Kind.REJECTED,
    Kind.WITHDRAWN,
    Kind.ASSIGNED,
)


@consumers.consumer("notify", kinds=HEARD)
def notify(event: Event) -> None:
    """Writes one row a person; delivered twice, the second finds the rows and adds none."""
    if event.ticket is None:
        return
    rows = [
        Notification(user_id=user_id, event=event, ticket=event.ticket, created_at=timezone.now())
        for user_id in sorted(audience(event, event.ticket) - {event.actor_id or 0})
    ]
    Notification.objects.bulk_create(rows, ignore_conflicts=True)


def audience(event: Event, ticket: Ticket) -> set[int]:
    """Ids of the people an event concerns; all of them may see the ticket."""
    asking = {ticket.requester_id, ticket.reported_by_id or ticket.requester_id}
    kind = Kind(event.kind)
    if kind == Kind.ASSIGNED:
        return {event.data["to"]} if event.data.get("to") else set()
    if kind == Kind.SUBMITTED or event.actor_id in asking:
        return working(ticket)
    if kind == Kind.STATE and not _told(event):
        return set()
    if event.actor_id is None:  # time did it: the day of a visit has come
        return working(ticket)
    if kind == Kind.MESSAGE and event.data.get("kind") == Message.Kind.INTERNAL:
        return {ticket.assignee_id} if ticket.assignee_id else set()
    return asking


def _told(event: Event) -> bool:
    """Whether a change of state came with words for the requester or means a visit."""
    return event.data.get("to") in (Ticket.State.WAITING_REQUESTER, Ticket.State.SCHEDULED, Ticket.State.OPEN)


def working(ticket: Ticket) -> set[int]:
    """Whoever has the ticket; while nobody has it, the technicians of its queue and school."""
    if ticket.assignee_id:
        return {ticket.assignee_id}
    people = rights.people_with(Permission.TICKETS_CHANGE, ticket)
    return set(people.filter(grants__role__in=(Role.TECHNICIAN, Role.AGENCY)).values_list("pk", flat=True))


def unread(user: User) -> int:
    """How many tickets have news that the person has not opened, at most 100."""
    news = Notification.objects.filter(user=user, read_at=None, ticket__in=Ticket.objects.visible_to(user))
    return len(news.values_list("ticket").distinct().order_by()[:100])
