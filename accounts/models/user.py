"""A person of a district, who signs in, reports, or works tickets."""

from functools import cached_property
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from accounts.models.place import Room, School
from accounts.policy import Permission, roles_with

if TYPE_CHECKING:
    from accounts.models.grant import Grant


class UserQuerySet(models.QuerySet["User"]):
    """Filters over people."""

    def active(self) -> "UserQuerySet":
        return self.filter(is_active=True)

    def with_permission(self, permission: Permission) -> "UserQuerySet":
        """Active people who hold the permission by any grant."""
        return self.active().filter(grants__role__in=roles_with(permission)).distinct()


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Creates people; allauth looks them up by e-mail without regard to case."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(email=email.strip(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person. Rights come from grants alone: there is no superuser and no Django permission."""

    class Kind(models.TextChoices):
        STAFF = "staff", "Staff"
        STUDENT = "student", "Student"
        GUEST = "guest", "Guest"

    email = models.EmailField()
    given_name = models.CharField(max_length=80)
    family_name = models.CharField(max_length=80, blank=True)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.STAFF)
    job = models.CharField(max_length=40, blank=True, help_text="One word for lists: Teacher, Secretary, Nurse.")
    title = models.CharField(max_length=120, blank=True, help_text="In full: Science teacher, grade 7.")
    school = models.ForeignKey(School, on_delete=models.PROTECT, null=True, blank=True, related_name="people")
    rooms = models.ManyToManyField(Room, blank=True, related_name="people")
    phone = models.CharField(max_length=24, blank=True)
    language = models.CharField(max_length=8, default="en")
    single_key_shortcuts = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["given_name"]
    # Django's admin and allauth ask for these; nobody in a district is above its grants.
    is_superuser = False
    is_staff = False

    objects = UserManager()

    class Meta:
        ordering = ["family_name", "given_name", "id"]
        constraints = [models.UniqueConstraint(Lower("email"), name="one_person_per_email")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip() or self.email

    @property
    def initials(self) -> str:
        return (self.given_name[:1] + self.family_name[:1]).upper() or self.email[:1].upper()

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.given_name

    @cached_property
    def all_grants(self) -> list["Grant"]:
        """Every grant with its schools, read once per request."""
        return list(self.grants.prefetch_related("schools"))

    @property
    def is_desk(self) -> bool:
        """True for people who work tickets or oversee them, so they land on the queue, not on the report form."""
        return any(Permission.TICKETS_SEE_ALL in grant.permissions for grant in self.all_grants)

    def may(self, permission: str, *, school_id: int | None = None) -> bool:
        """Whether any grant carries the permission, at the given school if one is named.

        The scope by queue lives one floor up (tickets.models.queue), where queues are known.
        """
        return any(
            permission in grant.permissions and (school_id is None or grant.covers_school(school_id))
            for grant in self.all_grants
        )

