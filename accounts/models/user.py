"""A person of a district, who signs in, reports, or works tickets."""

from functools import cached_property
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Concat, Lower

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

    def named(self, words: str) -> "UserQuerySet":
        """People whose name or e-mail holds every one of the words."""
        found = self
        for word in words.split():
            found = found.filter(Q(sort_name__contains=word.lower()) | Q(email__contains=word.lower()))
        return found

    def after(self, sort_name: str, pk: int) -> "UserQuerySet":
        """People who come after that place of the list by name, for keyset paging."""
        return self.filter(Q(sort_name__gt=sort_name) | Q(sort_name=sort_name, pk__gt=pk))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Creates people; an e-mail address is kept in small letters, so that looking one up is one index read."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        user: User = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        user: User = self.get(email=(username or "").lower())
        return user


class User(AbstractBaseUser):
    """A person. Rights come from grants alone: there is no superuser and no Django permission."""

    class Kind(models.TextChoices):
        STAFF = "staff", "Staff"
        STUDENT = "student", "Student"
        GUEST = "guest", "Guest"

    class Language(models.TextChoices):
        ENGLISH = "en", "English"
        SPANISH = "es", "Español"

    email = models.EmailField(unique=True)
    given_name = models.CharField(max_length=80)
    family_name = models.CharField(max_length=80, blank=True)
    sort_name = models.GeneratedField(
        expression=Lower(Concat("family_name", Value(" "), "given_name")),
        output_field=models.CharField(max_length=161),
        db_persist=True,
    )
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.STAFF)
    job = models.CharField(max_length=40, blank=True, help_text="One word for lists: Teacher, Secretary, Nurse.")
    title = models.CharField(max_length=120, blank=True, help_text="In full: Science teacher, grade 7.")
    school = models.ForeignKey(School, on_delete=models.PROTECT, null=True, blank=True, related_name="people")
    rooms = models.ManyToManyField(Room, blank=True, related_name="people")
    phone = models.CharField(max_length=24, blank=True)
    language = models.CharField(max_length=8, choices=Language, default=Language.ENGLISH)
    single_key_shortcuts = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["given_name"]
    # Django and allauth ask for these; nobody in a district is above its grants.
    is_superuser = False
    is_staff = False

    objects = UserManager()

    class Meta:
        ordering = ["sort_name", "id"]
        indexes = [models.Index(fields=["sort_name", "id"], name="user_sort_name")]
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="an_email_is_kept_in_small_letters")
        ]

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
        """Every grant, read once per request; the scopes of one that has any are read when they are asked for."""
        return list(self.grants.all())

    @property
    def is_staff_of_desk(self) -> bool:
        """True for people who work tickets or oversee them, so they land on the queue, not on the report form.

        Lists that show it for many people prefetch `grants`.
        """
        return any(Permission.TICKETS_SEE_ALL in grant.permissions for grant in self.all_grants)

    def may(self, permission: str, *, queue_id: int | None = None, school_id: int | None = None) -> bool:
        """Whether any one grant carries the permission, in the queue and at the school if they are named."""
        return any(
            permission in grant.permissions
            and (school_id is None or grant.covers_school(school_id))
            and (queue_id is None or grant.covers_queue(queue_id))
            for grant in self.all_grants
        )
