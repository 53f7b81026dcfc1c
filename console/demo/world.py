"""What lies in a demo district before its first ticket: places, people and devices, with their rows and indexes."""

import itertools
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import models

from accounts.models import Building, Grant, Room, School, User
from console.demo.plans import DeskPlan, Plan
from tickets.models import Device, Queue


class Ids:
    """Gives each table its ids in the order of making, so that rows can refer to each other before they are written."""

    def __init__(self) -> None:
        self._next: dict[type[models.Model], Iterator[int]] = defaultdict(lambda: itertools.count(1))

    def of(self, model: type[models.Model]) -> int:
        return next(self._next[model])


@dataclass
class DeskMember:
    """Somebody of the desk, with the reach of the grant in ids; None is everywhere."""

    plan: DeskPlan
    user: User
    grant: Grant
    queue_ids: frozenset[int] | None
    school_ids: frozenset[int] | None

    def covers(self, *, queue_id: int, school_id: int | None) -> bool:
        return (self.queue_ids is None or queue_id in self.queue_ids) and (
            self.school_ids is None or school_id in self.school_ids
        )


@dataclass
class World:
    """The rows of a district, and ways to find somebody or something in them."""

    plan: Plan
    ids: Ids = field(default_factory=Ids)
    queues: dict[str, Queue] = field(default_factory=dict)
    schools: dict[str, School] = field(default_factory=dict)
    levels: dict[int, str] = field(default_factory=dict)  # by school id
    buildings: list[Building] = field(default_factory=list)
    rooms: list[Room] = field(default_factory=list)
    rooms_at: dict[int, dict[str, Room]] = field(default_factory=lambda: defaultdict(dict))
    people: list[User] = field(default_factory=list)
    room_of: dict[int, Room] = field(default_factory=dict)  # by user id
    staff: dict[tuple[str, str], list[User]] = field(default_factory=lambda: defaultdict(list))  # by job and level
    desk: list[DeskMember] = field(default_factory=list)
    devices: list[Device] = field(default_factory=list)
    shelves: dict[tuple[str, int], list[Device]] = field(
        default_factory=lambda: defaultdict(list)
    )  # by kind, school id
    own: dict[int, Device] = field(default_factory=dict)  # by user id

    def queue(self, key: str) -> Queue:
        """The queue of that key, or the first where a small district has only one."""
        return self.queues.get(key) or next(iter(self.queues.values()))

    def person(self, email: str) -> User:
        """Somebody by the part of the address before the @."""
        full = f"{email}@{self.plan.domain}"
        return next(person for person in self.people if person.email == full)

    def member(self, email: str) -> DeskMember:
        return next(each for each in self.desk if each.plan.email == email)

    @property
    def triage(self) -> DeskMember:
        """Who sorts what comes in."""
        return next(each for each in self.desk if each.plan.home == ("central",))
