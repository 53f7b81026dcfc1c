"""Whatever day it is, the desk has a believable amount of work; no database is needed to tell."""

from collections import Counter
from datetime import UTC, datetime
from random import Random
from zoneinfo import ZoneInfo

import pytest

from console.demo import building
from console.demo.calendar import DAY, SchoolClock
from console.demo.casefile import CaseFile
from console.demo.plans import MAPLE
from console.demo.timetable import Timetable
from tickets.models import Ticket

MOMENTS = [
    datetime(2026, 10, 13, 14, 27, tzinfo=UTC),
    datetime(2026, 12, 25, 12, 0, tzinfo=UTC),
    datetime(2027, 3, 1, 13, 20, tzinfo=UTC),
    datetime(2027, 7, 15, 20, 0, tzinfo=UTC),
    datetime(2027, 8, 30, 15, 0, tzinfo=UTC),
]


@pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: f"{moment:%d-%b}")
def test_the_backlog_is_believable_in_every_season(moment: datetime) -> None:
    clock = SchoolClock(moment, ZoneInfo(MAPLE.time_zone))
    world = building.build(MAPLE, now=moment)
    timetable, keys = Timetable(world, clock), Random(1)
    tickets = [
        life.write(
            CaseFile(world.ids, keys), number=number, queue=world.queue("central"), now=clock.at(clock.now, 59)
        ).ticket
        for number, life in timetable.lives()
    ]
    states = Counter(ticket.state for ticket in tickets)
    assert len(tickets) == MAPLE.tickets
    assert 85 <= sum(states[state] for state in Ticket.IN_WORK) <= 150
    assert all(states[state] for state in (Ticket.State.NEW, Ticket.State.RESOLVED, Ticket.State.SCHEDULED))
    assert max(ticket.updated_at for ticket in tickets) <= moment
    fresh = sum(ticket.created_at > clock.at(clock.now - DAY) for ticket in tickets)
    assert 8 <= fresh <= 45
