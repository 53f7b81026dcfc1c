"""The fixed cast: Ana runs Maple, Tomas works its tickets, Rita teaches; Sam of Cedar must never see any of it."""

from dataclasses import dataclass
from typing import Any

import pytest

from accounts.models import Building, Grant, Room, School, User
from accounts.policy import Role
from tenants.isolation import scope
from tenants.models import District
from tickets.intake import submissions
from tickets.models import Queue, Ticket

PASSWORD = "chalk-and-slate-42"


@dataclass
class Place:
    """One school with one room."""

    school: School
    room: Room


def make_place(name: str = "Lincoln Middle", room: str = "Room 214") -> Place:
    school = School.objects.create(name=name, short_name=name.split(maxsplit=1)[0], code=name[:3].upper())
    building = Building.objects.create(school=school, name="Main building")
    return Place(school, Room.objects.create(building=building, name=room))


def make_person(email: str, name: str, *roles: Role, **fields: Any) -> User:
    """A person with a role everywhere, for each role named."""
    given, _, family = name.partition(" ")
    user = User.objects.create_user(email, PASSWORD, given_name=given, family_name=family, **fields)
    for role in roles:
        Grant.objects.create(user=user, role=role, all_schools=True, all_queues=True)
    return user


def make_queue() -> Queue:
    return Queue.objects.get_or_create(is_default=True, defaults={"name": "Central IT"})[0]


def make_ticket(by: User, body: str = "The projector shows nothing", **fields: Any) -> Ticket:
    return submissions.submit(by=by, body=body, **fields)


@pytest.fixture
def queue(in_maple: None) -> Queue:
    return make_queue()


@pytest.fixture
def lincoln(in_maple: None) -> Place:
    return make_place()


@pytest.fixture
def ana(in_maple: None) -> User:
    return make_person("ana@maple.example", "Ana Ortiz", Role.ADMIN, job="Admin")


@pytest.fixture
def tomas(in_maple: None) -> User:
    return make_person("tomas@maple.example", "Tomas Reyes", Role.TECHNICIAN, job="Technician")


@pytest.fixture
def rita(lincoln: Place) -> User:
    person = make_person("rita@maple.example", "Rita Shah", job="Teacher", school=lincoln.school)
    person.rooms.add(lincoln.room)
    return person


@pytest.fixture
def ticket(queue: Queue, rita: User, lincoln: Place) -> Ticket:
    return make_ticket(rita, room=lincoln.room)


@pytest.fixture
def sam(cedar: District) -> User:
    with scope.district_scope(cedar):
        make_queue()
        return make_person("sam@cedar.example", "Sam Okoye", Role.TECHNICIAN, Role.ADMIN, job="Technician")
