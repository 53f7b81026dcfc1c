"""An invitation: a one-time link by which a person of a district sets a name and a password and signs in."""

import hashlib
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Filters over invitations."""

    def good(self, at: datetime) -> "InvitationQuerySet":
        """Those whose link still opens: for somebody active, not used, not revoked, not expired."""
        return self.filter(self.is_open(), expires_at__gt=at, user__is_active=True)

    def unused(self) -> "InvitationQuerySet":
        return self.filter(self.is_open())

    @staticmethod
    def is_open() -> Q:
        return Q(accepted_at=None, revoked_at=None)


class Invitation(models.Model):
    """Waits for its person; only a hash of the link's token is kept, so a copy of the database opens no door."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="invitations")
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(accepted_at=None, revoked_at=None), name="one_open_invitation_per_person"
            )
        ]

    def __str__(self) -> str:
        return f"Invitation of {self.user_id}"

    @staticmethod
    def hash_of(token: str) -> str:
        """What is kept of a token. It is 256 random bits, so a plain hash cannot be searched."""
        return hashlib.sha256(token.encode()).hexdigest()
