"""A device that a ticket can be about: a Chromebook, a projector, a printer, a cart."""

from django.db import models

from accounts.models import Room, School, User


class Device(models.Model):
    """What the district knows of a device; connections to device managers will fill the same table later."""

    class Kind(models.TextChoices):
        CHROMEBOOK = "chromebook", "Chromebook"
        LAPTOP = "laptop", "Laptop"
        DESKTOP = "desktop", "Desktop"
        TABLET = "tablet", "Tablet"
        PRINTER = "printer", "Printer"
        DISPLAY = "display", "Projector or board"
        NETWORK = "network", "Network"
        OTHER = "other", "Other"

    asset_tag = models.CharField(max_length=40, unique=True)
    serial = models.CharField(max_length=80, blank=True)
    kind = models.CharField(max_length=12, choices=Kind)
    model = models.CharField(max_length=120)
    os = models.CharField(max_length=80, blank=True)
    person = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="devices")
    school = models.ForeignKey(School, on_delete=models.PROTECT, null=True, blank=True, related_name="devices")
    room = models.ForeignKey(Room, on_delete=models.SET_NULL, null=True, blank=True, related_name="devices")
    last_check_in_at = models.DateTimeField(null=True, blank=True)
    source = models.CharField(max_length=40, default="typed in")
    fetched_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["asset_tag"]

    def __str__(self) -> str:
        return f"{self.model} ({self.asset_tag})"
