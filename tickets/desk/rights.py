"""What a person may do with one ticket: a grant counts where it covers the ticket's queue and school."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Grant, User
from accounts.policy import Permission, roles_with
from tickets.models import GrantQueue, Ticket


def may(user: User, permission: Permission, ticket: Ticket) -> bool:
    """Whether a grant carries the permission for this ticket.

    Whoever has a ticket assigned works on it with the rights of any grant, wherever the ticket lies.
    """
    carrying = [grant for grant in user.all_grants if permission in grant.permissions]
    if ticket.assignee_id == user.pk:
        return bool(carrying)
    return not ticket.is_confidential and any(_covers(user, grant, ticket) for grant in carrying)


def _covers(user: User, grant: Grant, ticket: Ticket) -> bool:
    in_school = grant.all_schools or (ticket.school_id is not None and grant.covers_school(ticket.school_id))
    return in_school and (grant.all_queues or (grant.pk, ticket.queue_id) in _queues(user))


def _queues(user: User) -> set[tuple[int, int]]:
    """Pairs of grant and queue, read once for each person object."""
    known: set[tuple[int, int]] | None = getattr(user, "_granted_queues", None)
    if known is None:
        known = set(GrantQueue.objects.filter(grant__user=user).values_list("grant_id", "queue_id"))
        user._granted_queues = known  # type: ignore[attr-defined]
    return known


def works_on(user: User, ticket: Ticket) -> bool:
    """Whether the person meets the ticket from the desk's side, not only as its requester."""
    return may(user, Permission.TICKETS_SEE_ALL, ticket)


def reads_notes(user: User, ticket: Ticket) -> bool:
    return may(user, Permission.NOTE_READ, ticket)


def may_note(user: User, ticket: Ticket) -> bool:
    return may(user, Permission.NOTE_WRITE, ticket)


def may_reply(user: User, ticket: Ticket) -> bool:
    """The requester and whoever reported for them may always write; the desk by right."""
    return is_asking(user, ticket) or may(user, Permission.REPLY_PUBLIC, ticket)


def may_assign(user: User, ticket: Ticket) -> bool:
    return may(user, Permission.TICKETS_ASSIGN, ticket)


def may_change(user: User, ticket: Ticket) -> bool:
    return may(user, Permission.TICKETS_CHANGE, ticket)


def is_asking(user: User, ticket: Ticket) -> bool:
    """Whether the ticket is this person's own request, or one they reported for somebody."""
    return user.pk in (ticket.requester_id, ticket.reported_by_id)


def people_with(permission: Permission, ticket: Ticket) -> QuerySet[User]:
    """Active people whose grants carry the permission for this ticket."""
    grants = Grant.objects.filter(
        Q(all_schools=True) | Q(schools=ticket.school_id),
        Q(all_queues=True) | Exists(GrantQueue.objects.filter(grant=OuterRef("pk"), queue=ticket.queue_id)),
        user=OuterRef("pk"),
        role__in=roles_with(permission),
    )
    people: QuerySet[User] = User.objects.active().filter(Exists(grants))
    return people
