"""Giving, changing and taking away roles, with the schools and queues they hold in."""

from collections.abc import Collection

from django.db import transaction

from accounts import admins
from accounts.models import Grant, School, User
from accounts.policy import Role
from tickets.models import GrantQueue, Queue
from tickets.spine import events
from tickets.spine.events import Kind


@transaction.atomic
def give(
    *,
    by: User,
    user: User,
    role: str,
    schools: Collection[School] | None,
    queues: Collection[Queue] | None,
    sees_student_related: bool = False,
) -> Grant:
    """Gives a role. `None` for schools or queues means all of them, also those that come later; a list means those."""
    grant = Grant(user=user, granted_by=by)
    _write(grant, role, schools, queues, sees_student_related)
    _tell(Kind.GRANTED, by, grant, schools, queues)
    return grant


@transaction.atomic
def change(
    *,
    by: User,
    grant: Grant,
    role: str,
    schools: Collection[School] | None,
    queues: Collection[Queue] | None,
    sees_student_related: bool = False,
) -> Grant:
    """Puts role and scope anew; raises admins.LastAdmin if it would make the last admin something less."""
    if grant.role == Role.ADMIN != role:
        _refuse_to_lose(grant)
    _write(grant, role, schools, queues, sees_student_related)
    _tell(Kind.REGRANTED, by, grant, schools, queues)
    return grant


@transaction.atomic
def take(*, by: User, grant: Grant) -> None:
    """Takes a role away; raises admins.LastAdmin for that of the last admin."""
    if grant.role == Role.ADMIN:
        _refuse_to_lose(grant)
    events.record(Kind.REVOKED, by=by, person=grant.user_id, grant=grant.pk, role=grant.role)
    grant.delete()


def _refuse_to_lose(grant: Grant) -> None:
    if not Grant.objects.filter(user=grant.user, role=Role.ADMIN).exclude(pk=grant.pk).exists():
        admins.refuse_to_lose(grant.user)


def _write(
    grant: Grant,
    role: str,
    schools: Collection[School] | None,
    queues: Collection[Queue] | None,
    sees_student_related: bool,
) -> None:
    grant.role = role
    grant.all_schools, grant.all_queues = schools is None, queues is None
    grant.sees_student_related = sees_student_related
    grant.save()
    grant.schools.set(schools or [])
    GrantQueue.objects.filter(grant=grant).delete()
    GrantQueue.objects.bulk_create(GrantQueue(grant=grant, queue=queue) for queue in queues or [])


def _tell(
    kind: Kind, by: User, grant: Grant, schools: Collection[School] | None, queues: Collection[Queue] | None
) -> None:
    events.record(
        kind,
        by=by,
        person=grant.user_id,
        grant=grant.pk,
        role=grant.role,
        schools=None if schools is None else [each.pk for each in schools],
        queues=None if queues is None else [each.pk for each in queues],
    )
