"""Writes a demo district's rows, in the scope and the transaction of the caller: all of them are there, or none."""

import itertools
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from django.core.management.color import no_style
from django.db import connection, models

from accounts.models import Building, Grant, Room, School, User
from console.demo import building, library
from console.demo.calendar import DAY, SchoolClock
from console.demo.casefile import CaseFile
from console.demo.plans import Plan
from console.demo.timetable import Timetable
from console.demo.world import World
from tickets.models import Article, Device, Event, GrantQueue, Message, Notification, Queue, Ticket
from tickets.notify import notifications

BATCH = 300
HEARD_FOR = timedelta(days=12)
WRITTEN: tuple[type[models.Model], ...] = (
    School,
    Building,
    Room,
    User,
    Queue,
    Grant,
    GrantQueue,
    Device,
    Article,
    Ticket,
    Message,
    Event,
    Notification,
)
JOINS: tuple[type[models.Model], ...] = (User.rooms.through, Grant.schools.through)


def plant(plan: Plan, *, now: datetime) -> int:
    """Writes everything into the empty district of the scope; returns how many tickets."""
    clock = SchoolClock(now, ZoneInfo(plan.time_zone))
    world = building.build(plan, now=clock.at(clock.now))
    _write_world(world)
    Article.objects.bulk_create(library.build(world, clock, _stream(plan, "articles")))
    timetable = Timetable(world, clock)
    number, heard = timetable.first_number - 1, []
    for files in itertools.batched(_files(world, clock, timetable), BATCH):
        _write(files)
        number = files[-1].ticket.number
        heard += [event for file in files for event in file.events if clock.at(clock.now) - event.at < HEARD_FOR]
    _notify(world, clock, heard)
    _set_sequences(number)
    return number - timetable.first_number + 1


def _files(world: World, clock: SchoolClock, timetable: Timetable) -> Iterator[CaseFile]:
    keys, now = _stream(world.plan, "keys"), clock.at(clock.now, 59)
    for number, life in timetable.lives():
        yield life.write(CaseFile(world.ids, keys), number=number, queue=world.queue("central"), now=now)


def _write_world(world: World) -> None:
    School.objects.bulk_create(world.schools.values())
    Building.objects.bulk_create(world.buildings)
    Room.objects.bulk_create(world.rooms)
    User.objects.bulk_create(world.people, batch_size=BATCH)
    join = User.rooms.through
    rooms = (join(id=world.ids.of(join), user_id=user, room_id=room.pk) for user, room in world.room_of.items())
    join.objects.bulk_create(rooms, batch_size=BATCH)
    Queue.objects.bulk_create(world.queues.values())
    _write_grants(world)
    Device.objects.bulk_create(world.devices, batch_size=BATCH)


def _write_grants(world: World) -> None:
    Grant.objects.bulk_create(member.grant for member in world.desk)
    join = Grant.schools.through
    join.objects.bulk_create(
        join(id=world.ids.of(join), grant_id=member.grant.pk, school_id=school)
        for member in world.desk
        for school in sorted(member.school_ids or ())
    )
    GrantQueue.objects.bulk_create(
        GrantQueue(id=world.ids.of(GrantQueue), grant=member.grant, queue_id=queue)
        for member in world.desk
        for queue in sorted(member.queue_ids or ())
    )


def _write(files: Iterable[CaseFile]) -> None:
    Ticket.objects.bulk_create(file.ticket for file in files)
    Message.objects.bulk_create(message for file in files for message in file.messages)
    Event.objects.bulk_create(event for file in files for event in file.events)


def _notify(world: World, clock: SchoolClock, heard: list[Event]) -> None:
    """What the bell of each person holds; read, but for what came last and nobody acted upon.

    The log owes nobody anything: no duty is written, so no worker begins to tell people of what is long past.
    """
    latest = {(event.ticket_id, event.actor_id): event.at for event in heard}
    fresh = clock.at(clock.now - DAY // 2)
    rows = []
    for event in sorted(heard, key=lambda event: (event.at, event.pk)):
        if event.kind not in notifications.HEARD or event.ticket is None:
            continue
        for user in sorted(notifications.audience(event, event.ticket) - {event.actor_id or 0}):
            acted = latest.get((event.ticket_id, user), event.at) > event.at
            read_at = (
                min(event.at + timedelta(minutes=30), clock.at(clock.now, 59)) if acted or event.at < fresh else None
            )
            rows.append(
                Notification(
                    id=world.ids.of(Notification),
                    user_id=user,
                    event=event,
                    ticket=event.ticket,
                    created_at=event.at,
                    read_at=read_at,
                )
            )
    Notification.objects.bulk_create(rows, batch_size=BATCH)


def _set_sequences(number: int) -> None:
    """Lets the database go on after the ids and the number that were given here."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [*WRITTEN, *JOINS]):
            cursor.execute(statement)
        cursor.execute("SELECT setval('ticket_number', %s)", [number])


def _stream(plan: Plan, what: str) -> Random:
    return Random(f"{plan.slug}/{what}")  # noqa: S311 - words and keys of forms, not secrets
