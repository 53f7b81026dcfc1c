"""A file on a message: where it lies in the object store and whether it has been checked."""

import uuid

from django.db import models

from accounts.models import User
from tickets.models.message import Message


class Attachment(models.Model):
    """Starts as a promise to upload, lies in quarantine until checked, and is served only when clean.

    Without a message it belongs to a form that was not sent yet and only its uploader may use it.
    """

    class State(models.TextChoices):
        UPLOADING = "uploading", "Uploading"
        QUARANTINED = "quarantined", "Being checked"
        CLEAN = "clean", "Checked"
        REFUSED = "refused", "Refused"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    message = models.ForeignKey(Message, on_delete=models.PROTECT, null=True, blank=True, related_name="attachments")
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    declared_type = models.CharField(max_length=100, blank=True)
    media_type = models.CharField(max_length=100, blank=True, help_text="What the bytes are, not what they claim.")
    size = models.BigIntegerField(help_text="Bytes, as promised first and as measured after the check.")
    sha256 = models.CharField(max_length=64, blank=True)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.UPLOADING)
    refusal = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [
            models.Index(fields=["created_at"], condition=models.Q(message=None), name="attachment_unsent"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_clean(self) -> bool:
        return self.state == self.State.CLEAN

    @property
    def is_image(self) -> bool:
        return self.media_type.startswith("image/")
