"""A district, the hosts it answers on, and its sealed data keys."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower

from tenants import slugs


class District(models.Model):
    """A customer: one school district, with a schema, a role and keys of its own."""

    class State(models.TextChoices):
        PROVISIONING = "provisioning", "Provisioning"
        LIVE = "live", "Live"
        SUSPENDED = "suspended", "Suspended"

    slug = models.CharField(max_length=slugs.LONGEST, unique=True, validators=[slugs.refuse_unusable])
    name = models.CharField(max_length=120)
    short_prefix = models.CharField(max_length=4, validators=[RegexValidator(r"^[A-Z]{2,4}\Z")])
    state = models.CharField(max_length=16, choices=State, default=State.PROVISIONING)
    time_zone = models.CharField(max_length=64, validators=[slugs.refuse_unknown_zone])
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(slug__regex=slugs.PATTERN), name="district_slug_is_a_host_label"),
            models.CheckConstraint(
                condition=models.Q(short_prefix__regex="^[A-Z]{2,4}$"), name="district_short_prefix_is_2_to_4_capitals"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Domain(models.Model):
    """A host name that leads to a district; without port, in small letters."""

    host = models.CharField(max_length=253, unique=True, validators=[slugs.refuse_unusable_host])
    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="domains")

    class Meta:
        ordering = ["id"]  # the first is the one that links are made with
        constraints = [
            models.CheckConstraint(condition=models.Q(host=Lower("host")), name="domain_host_is_in_small_letters")
        ]

    def __str__(self) -> str:
        return self.host


class DataKey(models.Model):
    """A version of the key under which a district's secrets are sealed; itself sealed under the master key."""

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="data_keys")
    version = models.PositiveSmallIntegerField()
    sealed = models.BinaryField()
    sealed_under = models.CharField(max_length=16)  # fingerprint of the master key
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["district", "version"]
        constraints = [models.UniqueConstraint(fields=["district", "version"], name="one_data_key_of_a_version")]

    def __str__(self) -> str:
        return f"Data key {self.version} of district {self.district_id}"
