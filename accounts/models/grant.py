"""A grant: one role for one person, at all or some schools, in all or some queues."""

from functools import cached_property
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import models
from django.db.models import Q

from accounts.models.place import School
from accounts.policy import ROLES, Permission, Role


class GrantQuerySet(models.QuerySet["Grant"]):
    """Filters over grants."""

    def of_admins(self) -> "GrantQuerySet":
        """The grants of admins who can sign in: switched on, and with a password of their own."""
        return self.filter(role=Role.ADMIN, user__is_active=True).exclude(
            user__password__startswith=UNUSABLE_PASSWORD_PREFIX
        )


class Grant(models.Model):
    """What a person may do and where.

    An empty scope grants nothing: `all_schools` and `all_queues` say “everywhere” in so many words. The queues of a
    grant are rows one floor up, which hang themselves on it as `queue_scopes`. A district admin is admin of all of it:
    one who manages people of one school could make themselves anything.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=20, choices=Role)
    all_schools = models.BooleanField(default=False)
    schools = models.ManyToManyField(School, blank=True, related_name="grants")
    all_queues = models.BooleanField(default=False)
    sees_student_related = models.BooleanField(default=False)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    granted_at = models.DateTimeField(auto_now_add=True)

    objects = GrantQuerySet.as_manager()

    class Meta:
        ordering = ["role", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(role="admin") | Q(all_schools=True, all_queues=True), name="an_admin_is_admin_everywhere"
            )
        ]

    def __str__(self) -> str:
        return self.get_role_display()

    @property
    def permissions(self) -> frozenset[Permission]:
        return ROLES[self.role]

    @cached_property
    def school_ids(self) -> frozenset[int]:
        """The schools named one by one, read once."""
        return frozenset(school.pk for school in self.schools.all())

    @cached_property
    def queue_ids(self) -> frozenset[int]:
        """The queues named one by one, read once."""
        scopes: Any = getattr(self, "queue_scopes")  # noqa: B009 - a name that the floor above hangs on this model
        return frozenset(scope.queue_id for scope in scopes.all())

    def covers_school(self, school_id: int) -> bool:
        return self.all_schools or school_id in self.school_ids

    def covers_queue(self, queue_id: int) -> bool:
        return self.all_queues or queue_id in self.queue_ids
