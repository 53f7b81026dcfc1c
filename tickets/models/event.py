"""The event log, the one spine of the desk, and the duties that its consumers owe to each event."""

import uuid

from django.db import models

from accounts.models import User
from tickets.models.ticket import Ticket


class Event(models.Model):
    """What happened, written in the same transaction as the rows it tells of; never changed, never deleted."""

    kind = models.CharField(max_length=40)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, null=True, blank=True, related_name="events")
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    data = models.JSONField(default=dict)
    at = models.DateTimeField()
    request_id = models.CharField(max_length=36, blank=True)

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["ticket", "at", "id"], name="event_ticket_time")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Duty(models.Model):
    """What one consumer owes to one event. The lease and its token make the effect happen once."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="duties")
    consumer = models.CharField(max_length=40)
    created_at = models.DateTimeField(auto_now_add=True)
    not_before = models.DateTimeField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    token = models.UUIDField(null=True, blank=True, default=None)
    tries = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)
    dead_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["event", "consumer"], name="a_consumer_owes_an_event_once")]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(done_at=None, dead_at=None), name="duty_open"),
        ]

    def __str__(self) -> str:
        return f"{self.consumer} of {self.event_id}"

    @staticmethod
    def new_token() -> uuid.UUID:
        return uuid.uuid4()
