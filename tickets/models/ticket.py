"""A ticket: what somebody asked for, where it stands, and who may see it."""

import uuid

from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.models import Room, School, User
from accounts.policy import Permission
from tickets.models.queue import GrantQueue, Queue
from tickets.models.sequence import NextTicketNumber


class Stale(Exception):
    """Somebody else changed the ticket since it was read; `ticket` is the fresh row."""

    def __init__(self, ticket: "Ticket") -> None:
        super().__init__(f"Ticket {ticket.number} is at version {ticket.version}")
        self.ticket = ticket


class TicketQuerySet(models.QuerySet["Ticket"]):
    """Filters over tickets; `visible_to` is the only door to them."""

    def visible_to(self, user: User) -> "TicketQuerySet":
        """Tickets the person asked for, reported or works on, or reaches by a grant that covers queue and school.

        No grant reaches a confidential one: those are open to the people they name alone.
        """
        if not user.is_active or user.pk is None:
            return self.none()
        own = Q(requester=user) | Q(reported_by=user)
        if user.is_staff_of_desk:  # whoever no longer works here keeps no ticket open by having had it
            own |= Q(assignee=user)
        return self.filter(own | Q(is_confidential=False) & _reached(user, Permission.TICKETS_SEE_ALL))

    def of_requester(self, user: User) -> "TicketQuerySet":
        return self.filter(requester=user)

    def in_work(self) -> "TicketQuerySet":
        """Tickets that somebody still has to do something about."""
        return self.filter(state__in=Ticket.IN_WORK)

    def unassigned(self) -> "TicketQuerySet":
        return self.filter(assignee=None)


def _reached(user: User, permission: Permission) -> Q:
    """A condition on tickets: some grant of the person carries the permission there.

    The grants come from the person's own list, read once a request; only scoped grants need the database to decide.
    """
    reach = Q(pk__in=[])
    for grant in user.all_grants:
        if permission not in grant.permissions:
            continue
        where = Q()
        if not grant.all_schools:
            where &= Q(school__in=grant.school_ids)
        if not grant.all_queues:
            where &= Q(Exists(GrantQueue.objects.filter(grant=grant, queue=OuterRef("queue"))))
        if not where:
            return Q()
        reach |= where
    return reach


# Written out, for indexes and generated columns are made while the class is.
_WAITING = ("waiting_requester", "waiting_other", "scheduled", "pending_approval")
_IN_WORK = ("new", "open", *_WAITING)
_FINISHED = ("resolved", "closed")


class Ticket(models.Model):
    """One request for help. The first message is what the requester wrote; the subject is its first line or theirs."""

    class State(models.TextChoices):
        NEW = "new", "New"
        OPEN = "open", "In progress"
        WAITING_REQUESTER = "waiting_requester", "Waiting on requester"
        WAITING_OTHER = "waiting_other", "Waiting on others"
        SCHEDULED = "scheduled", "Visit scheduled"
        PENDING_APPROVAL = "pending_approval", "Needs approval"
        RESOLVED = "resolved", "Resolved"
        CLOSED = "closed", "Closed"
        MERGED = "merged", "Merged"
        CANCELLED = "cancelled", "Withdrawn"
        QUARANTINE = "quarantine", "Held mail"

    WAITING = tuple(map(State, _WAITING))
    IN_WORK = tuple(map(State, _IN_WORK))
    FINISHED = tuple(map(State, _FINISHED))

    class Impact(models.IntegerChoices):
        PERSON = 1, "One person"
        CLASSROOM = 2, "A classroom"
        SCHOOL = 3, "A school"
        DISTRICT = 4, "The district"

    class Urgency(models.IntegerChoices):
        STOPPED = 1, "Teaching or work is stopped"
        DEGRADED = 2, "Cannot work normally"
        WORKAROUND = 3, "There is a way around it"
        NICE = 4, "Would be nice to have"

    class Priority(models.IntegerChoices):
        CRITICAL = 1, "Critical"
        HIGH = 2, "High"
        NORMAL = 3, "Normal"
        LOW = 4, "Low"

    class PrioritySource(models.TextChoices):
        MATRIX = "matrix", "Impact and urgency"
        PERSON = "person", "Set by a person"

    class Channel(models.TextChoices):
        PORTAL = "portal", "Portal"
        PHONE = "phone", "Phone"
        WALK_IN = "walk_in", "Walk-in"
        EMAIL = "email", "E-mail"
        SMS = "sms", "Text message"

    number = models.BigIntegerField(unique=True, db_default=NextTicketNumber())
    subject = models.CharField(max_length=200)
    state = models.CharField(max_length=20, choices=State, default=State.NEW)
    is_waiting = models.GeneratedField(
        expression=Q(state__in=_WAITING),  # type: ignore[arg-type]  # a condition serves, which its types do not know
        output_field=models.BooleanField(),
        db_persist=True,
    )
    impact = models.PositiveSmallIntegerField(choices=Impact, default=Impact.PERSON)
    urgency = models.PositiveSmallIntegerField(choices=Urgency, default=Urgency.DEGRADED)
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.NORMAL)
    priority_source = models.CharField(max_length=12, choices=PrioritySource, default=PrioritySource.MATRIX)
    priority_reason = models.CharField(max_length=200, blank=True)
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="tickets")
    school = models.ForeignKey(School, on_delete=models.PROTECT, null=True, blank=True, related_name="tickets")
    room = models.ForeignKey(Room, on_delete=models.PROTECT, null=True, blank=True, related_name="tickets")
    place_note = models.CharField(max_length=120, blank=True)
    device = models.ForeignKey(
        "tickets.Device", on_delete=models.SET_NULL, null=True, blank=True, related_name="tickets"
    )
    requester = models.ForeignKey(User, on_delete=models.PROTECT, related_name="requested_tickets")
    reported_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="reported_tickets"
    )
    assignee = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="assigned_tickets")
    channel = models.CharField(max_length=12, choices=Channel, default=Channel.PORTAL)
    is_confidential = models.BooleanField(default=False)
    resolution_text = models.TextField(blank=True)
    wake_at = models.DateTimeField(null=True, blank=True)
    follow_up_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="follow_ups")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    first_public_reply_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    reopen_count = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)

    objects = TicketQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["state", "priority", "id"], name="ticket_state_priority"),
            models.Index(fields=["assignee", "state", "id"], name="ticket_assignee_state"),
            models.Index(fields=["requester", "-id"], name="ticket_requester"),
            models.Index(fields=["school", "state", "id"], name="ticket_school_state"),
            models.Index(fields=["-updated_at", "-id"], name="ticket_updated"),
            models.Index(
                fields=["is_waiting", "priority", "created_at", "id"],
                name="ticket_next_best",
                condition=Q(state__in=_IN_WORK),
            ),
            models.Index(fields=["-resolved_at", "-id"], name="ticket_finished", condition=Q(state__in=_FINISHED)),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(priority__gte=1, priority__lte=4), name="ticket_priority_1_to_4"),
            models.CheckConstraint(
                condition=~Q(state="resolved") | ~Q(resolution_text="") & Q(resolved_at__isnull=False),
                name="a_resolved_ticket_says_how",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.subject}"

    @property
    def is_in_work(self) -> bool:
        return self.state in self.IN_WORK
