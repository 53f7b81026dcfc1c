"""Who works on a ticket: only people whose grants reach it, and the queue decides with the school."""

import pytest

from accounts.models import Grant, User
from accounts.policy import Role
from tests.cast import Place, make_person, make_place
from tickets.desk import assignments, rights
from tickets.desk.locking import Refused
from tickets.models import GrantQueue, Queue, Ticket


def scoped(name: str, role: Role, *, place: Place | None = None, queue: Queue | None = None) -> User:
    user = make_person(f"{name.lower()}@maple.example", name)
    grant = Grant.objects.create(user=user, role=role, all_schools=place is None, all_queues=queue is None)
    if place:
        grant.schools.add(place.school)
    if queue:
        GrantQueue.objects.create(grant=grant, queue=queue)
    return user


def test_assigning_a_new_ticket_opens_it(ticket: Ticket, tomas: User) -> None:
    taken = assignments.assign(by=tomas, ticket=ticket, to=tomas, seen=1)
    assert (taken.assignee, taken.state) == (tomas, Ticket.State.OPEN)


def test_a_teacher_cannot_be_given_a_ticket(ticket: Ticket, tomas: User, rita: User) -> None:
    with pytest.raises(Refused) as refusal:
        assignments.assign(by=tomas, ticket=ticket, to=rita, seen=1)
    assert refusal.value.field == "assignee"


def test_a_grant_reaches_its_own_school_and_queue_alone(ticket: Ticket, queue: Queue, lincoln: Place) -> None:
    other_place, other_queue = make_place("Carver High"), Queue.objects.create(name="Network")
    fits = {
        "here": scoped("Here", Role.TECHNICIAN, place=lincoln, queue=queue),
        "school": scoped("School", Role.TECHNICIAN, place=lincoln),
        "queue": scoped("Queue", Role.TECHNICIAN, queue=queue),
    }
    misses = {
        "elsewhere": scoped("Elsewhere", Role.TECHNICIAN, place=other_place),
        "network": scoped("Network", Role.TECHNICIAN, queue=other_queue),
        "both": scoped("Both", Role.TECHNICIAN, place=lincoln, queue=other_queue),
    }
    assert set(assignments.candidates(ticket)) == set(fits.values())
    for user in fits.values():
        assert Ticket.objects.visible_to(user).filter(pk=ticket.pk).exists()
        assert rights.reads_notes(user, ticket)
    for user in misses.values():
        assert not Ticket.objects.visible_to(user).filter(pk=ticket.pk).exists()
        assert not rights.reads_notes(user, ticket)


def test_an_auditor_sees_all_and_changes_nothing(ticket: Ticket, tomas: User) -> None:
    auditor = scoped("Audrey", Role.AUDITOR)
    assert Ticket.objects.visible_to(auditor).get() == ticket
    assert not rights.may_assign(auditor, ticket)
    assert not rights.may_reply(auditor, ticket)


def test_a_confidential_ticket_is_open_to_the_named_alone(ticket: Ticket, tomas: User, ana: User, rita: User) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(is_confidential=True)
    assert not Ticket.objects.visible_to(tomas).exists()
    assert not Ticket.objects.visible_to(ana).exists()
    assert Ticket.objects.visible_to(rita).exists()


def test_moving_to_a_queue_where_the_holder_does_not_work_frees_the_ticket(
    ticket: Ticket, queue: Queue, tomas: User
) -> None:
    local = scoped("Mei", Role.TECHNICIAN, queue=queue)
    assignments.assign(by=tomas, ticket=ticket, to=local, seen=1)
    network = Queue.objects.create(name="Network")
    moved = assignments.transfer(by=tomas, ticket=ticket, queue=network, seen=2)
    assert (moved.queue, moved.assignee) == (network, None)


def test_a_closed_queue_takes_no_ticket(ticket: Ticket, tomas: User) -> None:
    with pytest.raises(Refused, match="no tickets any more"):
        assignments.transfer(by=tomas, ticket=ticket, queue=Queue.objects.create(name="Old", is_active=False), seen=1)


def test_whoever_leaves_the_desk_sees_no_ticket_they_had(ticket: Ticket, tomas: User, rita: User) -> None:
    assignments.assign(by=tomas, ticket=ticket, to=tomas, seen=1)
    tomas.grants.all().delete()
    left = User.objects.get(pk=tomas.pk)
    assert not Ticket.objects.visible_to(left).exists()
    assert Ticket.objects.visible_to(rita).get() == ticket
