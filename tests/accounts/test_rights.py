"""What a person may do, where: the scope of a grant by school and by queue."""

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Grant, School, User
from accounts.policy import Permission, Role
from tests.cast import make_person, make_place
from tickets.models import GrantQueue, Queue


@pytest.fixture
def schools(in_maple: None) -> tuple[School, School]:
    return make_place("Lincoln Middle").school, make_place("Washington High").school


@pytest.fixture
def queues(in_maple: None) -> tuple[Queue, Queue]:
    return Queue.objects.create(name="Campus"), Queue.objects.create(name="Network")


def scoped(user: User, role: Role, *, schools: list[School] | None, queues: list[Queue] | None) -> Grant:
    """A grant at these schools in these queues; None is all of them."""
    grant = Grant.objects.create(user=user, role=role, all_schools=schools is None, all_queues=queues is None)
    grant.schools.set(schools or [])
    GrantQueue.objects.bulk_create(GrantQueue(grant=grant, queue=queue) for queue in queues or [])
    return grant


@pytest.mark.parametrize("at_schools", ["all", "first", "none"])
@pytest.mark.parametrize("in_queues", ["all", "first", "none"])
def test_a_permission_holds_where_both_school_and_queue_are_covered(
    schools: tuple[School, School], queues: tuple[Queue, Queue], at_schools: str, in_queues: str
) -> None:
    user = make_person("kim@maple.example", "Kim Bell")
    scoped(
        user,
        Role.TECHNICIAN,
        schools={"all": None, "first": [schools[0]], "none": []}[at_schools],
        queues={"all": None, "first": [queues[0]], "none": []}[in_queues],
    )
    covers = {"all": (True, True), "first": (True, False), "none": (False, False)}
    for at, school in enumerate(schools):
        for within, queue in enumerate(queues):
            wanted = covers[at_schools][at] and covers[in_queues][within]
            assert user.may(Permission.TICKETS_CHANGE, school_id=school.pk, queue_id=queue.pk) is wanted
        assert user.may(Permission.TICKETS_CHANGE, school_id=school.pk) is covers[at_schools][at]
    assert user.may(Permission.TICKETS_CHANGE)
    assert not user.may(Permission.PEOPLE_MANAGE)


def test_two_grants_do_not_lend_each_other_their_scope(
    schools: tuple[School, School], queues: tuple[Queue, Queue]
) -> None:
    user = make_person("kim@maple.example", "Kim Bell")
    scoped(user, Role.TECHNICIAN, schools=[schools[0]], queues=[queues[0]])
    scoped(user, Role.TECHNICIAN, schools=[schools[1]], queues=[queues[1]])
    assert user.may(Permission.REPLY_PUBLIC, school_id=schools[0].pk, queue_id=queues[0].pk)
    assert not user.may(Permission.REPLY_PUBLIC, school_id=schools[0].pk, queue_id=queues[1].pk)


def test_a_role_of_one_grant_does_not_reach_the_school_of_another(schools: tuple[School, School]) -> None:
    user = make_person("kim@maple.example", "Kim Bell")
    scoped(user, Role.SCHOOL_CONTACT, schools=[schools[0]], queues=None)
    scoped(user, Role.LEAD, schools=[schools[1]], queues=None)
    assert not user.may(Permission.KNOWLEDGE_PUBLISH, school_id=schools[0].pk)
    assert user.may(Permission.KNOWLEDGE_PUBLISH, school_id=schools[1].pk)


def test_somebody_without_a_grant_may_nothing_but_ask(rita: User) -> None:
    assert not any(rita.may(permission) for permission in Permission)
    assert not rita.is_staff_of_desk


def test_an_admin_of_some_schools_cannot_be(ana: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.create(user=ana, role=Role.ADMIN, all_schools=False, all_queues=True)


def test_rights_of_somebody_without_scopes_cost_one_query(ana: User, django_assert_num_queries: object) -> None:
    fresh = User.objects.get(pk=ana.pk)
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert fresh.is_staff_of_desk
        assert all(fresh.may(permission, school_id=1, queue_id=1) for permission in Permission)


def test_an_address_is_kept_in_small_letters(in_maple: None) -> None:
    assert make_person(" Kim@Maple.Example ", "Kim Bell").email == "kim@maple.example"
    with pytest.raises(IntegrityError), transaction.atomic():
        make_person("KIM@maple.example", "Kim Other")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="Upper@maple.example", given_name="Upper")
