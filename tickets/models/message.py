"""A message on a ticket: words to the requester, or a note among staff."""

import uuid

from django.db import models

from accounts.models import User
from tickets.models.ticket import Ticket


class MessageQuerySet(models.QuerySet["Message"]):
    """Filters over messages of tickets that were found through `visible_to` before."""

    def readable(self, *, notes: bool) -> "MessageQuerySet":
        """Public messages, and internal notes for those who may read them."""
        return self if notes else self.filter(kind=Message.Kind.PUBLIC)


class Message(models.Model):
    """Written once, never changed."""

    class Kind(models.TextChoices):
        PUBLIC = "public", "Public"
        INTERNAL = "internal", "Internal note"

    LONGEST = 20_000

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=10, choices=Kind)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="messages")
    channel = models.CharField(max_length=12, choices=Ticket.Channel, default=Ticket.Channel.PORTAL)
    body = models.TextField()
    created_at = models.DateTimeField()
    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [models.Index(fields=["ticket", "created_at", "id"], name="message_ticket_time")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on {self.ticket_id}"

    @property
    def is_internal(self) -> bool:
        return self.kind == self.Kind.INTERNAL
