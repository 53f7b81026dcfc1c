"""When school is: a clock that counts only school minutes, and how busy the desk is on each day of the year."""

import itertools
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

OPENS = time(7, 15)
DAY = 510  # school minutes of a day: 7:15 to 15:45
BEHIND = 731  # calendar days of history
AHEAD = 45  # calendar days for visits that are still to come

# How busy a usual day of each month is; July to September and the testing window in spring stand out.
LOAD = {1: 1.15, 2: 0.9, 3: 0.9, 4: 1.35, 5: 1.15, 6: 0.5, 7: 1.1, 8: 2.3, 9: 1.9, 10: 1.1, 11: 0.9, 12: 0.8}
WEEKDAY = (1.2, 1.05, 1.0, 0.95, 0.8)
# How busy each half hour from 7:15 on is: before first lesson, around lunch, and then people go home.
HALF_HOURS = (9, 10, 9, 7, 6, 6, 6, 6, 5, 6, 7, 6, 5, 5, 4, 3, 2)


def is_school_day(day: date) -> bool:
    """Whether somebody is at work; in summer offices are open although no lesson is held."""
    return day.weekday() < 5 and not _is_break(day)


def season(day: date) -> str:
    """One word for what is on at schools: testing, autumn, summer, or nothing in particular."""
    if (6, 10) <= (day.month, day.day) <= (8, 9):
        return "summer"
    if (4, 8) <= (day.month, day.day) <= (5, 14) or (1, 15) <= (day.month, day.day) <= (1, 31):
        return "testing"
    return "autumn" if (8, 10) <= (day.month, day.day) <= (10, 10) else ""


def load(day: date) -> float:
    """How many tickets a school day brings, relative to others."""
    first_weeks = 1.4 if (8, 12) <= (day.month, day.day) <= (8, 30) else 1.0
    deep_summer = 0.5 if (6, 12) <= (day.month, day.day) <= (7, 14) else 1.0
    return LOAD[day.month] * WEEKDAY[day.weekday()] * first_weeks * deep_summer


def _is_break(day: date) -> bool:
    turn_of_year = (day.month, day.day) >= (12, 22) or (day.month, day.day) <= (1, 3)
    thanksgiving = _nth(day.year, 11, weekday=3, n=4)
    spring = _nth(day.year, 3, weekday=0, n=3)
    return (
        turn_of_year
        or thanksgiving - timedelta(days=1) <= day <= thanksgiving + timedelta(days=1)
        or spring <= day < spring + timedelta(days=5)
        or day in _holidays(day.year)
    )


def _holidays(year: int) -> set[date]:
    return {
        _nth(year, 1, weekday=0, n=3),  # Martin Luther King Jr. Day
        _nth(year, 2, weekday=0, n=3),  # Presidents' Day
        _nth(year, 6, weekday=0, n=1) - timedelta(days=7),  # Memorial Day
        date(year, 6, 19),
        *(date(year, 7, day) for day in (3, 4, 5)),
        _nth(year, 9, weekday=0, n=1),  # Labor Day
        _nth(year, 10, weekday=0, n=2),  # Indigenous Peoples' Day
        date(year, 11, 11),
    }


def _nth(year: int, month: int, *, weekday: int, n: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (n - 1))


@dataclass
class SchoolClock:
    """Counts school minutes from two years ago; nights, weekends and breaks do not exist on it.

    `now` is the minute it is, or the last one of the last school day: nothing of the seed lies after it.
    """

    moment: datetime
    zone: ZoneInfo
    days: list[date] = field(init=False)
    now: int = field(init=False)

    def __post_init__(self) -> None:
        local = self.moment.astimezone(self.zone)
        self.days = [day for day in _span(local.date(), -BEHIND, AHEAD) if is_school_day(day)]
        done = bisect_right(self.days, local.date())
        since = int((local - local.replace(hour=OPENS.hour, minute=OPENS.minute, second=0)).total_seconds() // 60)
        if self.days[done - 1] == local.date() and since > 0:
            self.now = (done - 1) * DAY + min(since, DAY) - 1
        else:
            begun = self.days[done - 1] == local.date()
            self.now = (done - begun) * DAY - 1

    def at(self, minute: int, second: int = 0) -> datetime:
        """The moment of a school minute, in UTC."""
        day, rest = divmod(minute, DAY)
        opens = datetime.combine(self.days[min(day, len(self.days) - 1)], OPENS, self.zone)
        return (opens + timedelta(minutes=rest, seconds=second)).astimezone(UTC)

    def evening_before(self, minute: int, rng: Random) -> datetime:
        """When people write at home: the evening before the school day of the minute, Sundays included."""
        eve = self.days[minute // DAY] - timedelta(days=1)
        return datetime.combine(eve, time(rng.randint(18, 21), rng.randrange(60)), self.zone).astimezone(UTC)

    def day_of(self, minute: int) -> date:
        return self.days[minute // DAY]

    def minutes(self, count: int, rng: Random) -> list[int]:
        """That many minutes up to now, in order, with the rhythm of the school year, the week and the day."""
        known = range(self.now // DAY + 1)
        last = known[-1]
        loads = (load(self.days[day]) * (1.6 if day >= last - 1 else 1.0) for day in known)
        totals = list(itertools.accumulate(loads))
        hours = list(itertools.accumulate(HALF_HOURS))
        found: list[int] = []
        while len(found) < count:
            day = bisect_right(totals, rng.random() * totals[-1])
            half = bisect_right(hours, rng.random() * hours[-1])
            minute = min(day, last) * DAY + half * 30 + rng.randrange(30)
            if minute < self.now:
                found.append(minute)
        return sorted(found)


def _span(today: date, start: int, end: int) -> Iterator[date]:
    return (today + timedelta(days=offset) for offset in range(start, end + 1))
