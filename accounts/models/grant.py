"""A grant: one role for one person, at all or some schools, in all or some queues."""

from django.conf import settings
from django.db import models

from accounts.models.place import School
from accounts.policy import ROLES, Permission, Role


class Grant(models.Model):
    """What a person may do and where.

    An empty scope grants nothing: `all_schools` and `all_queues` say “everywhere” in so many words. The queues of a
    grant are rows of tickets.models.GrantQueue, one floor up.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=20, choices=Role)
    all_schools = models.BooleanField(default=False)
    schools = models.ManyToManyField(School, blank=True, related_name="grants")
    all_queues = models.BooleanField(default=False)
    sees_student_related = models.BooleanField(default=False)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    granted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["role", "id"]

    def __str__(self) -> str:
        return self.get_role_display()

    @property
    def permissions(self) -> frozenset[Permission]:
        return ROLES[self.role]

    def covers_school(self, school_id: int) -> bool:
        return self.all_schools or any(school.pk == school_id for school in self.schools.all())
