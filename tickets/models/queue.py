"""Queues that tickets wait in, and the queues that a grant reaches."""

from django.db import models

from accounts.models import Grant


class Queue(models.Model):
    """A line of work with its own people: “Central IT”, “Lincoln campus”."""

    name = models.CharField(max_length=80, unique=True)
    description = models.CharField(max_length=200, blank=True)
    is_default = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=models.Q(is_default=True), name="one_default_queue"
            )
        ]

    def __str__(self) -> str:
        return self.name


class GrantQueue(models.Model):
    """One queue that a grant reaches; not needed where the grant says `all_queues`."""

    grant = models.ForeignKey(Grant, on_delete=models.CASCADE, related_name="queue_scopes")
    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="grant_scopes")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["grant", "queue"], name="a_grant_names_a_queue_once")]

    def __str__(self) -> str:
        return f"{self.grant_id} in {self.queue_id}"
