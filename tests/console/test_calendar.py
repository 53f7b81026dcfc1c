"""The school clock knows when school is."""

from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from console.demo.calendar import DAY, SchoolClock, is_school_day, season

CHICAGO = ZoneInfo("America/Chicago")


def clock(*moment: int) -> SchoolClock:
    return SchoolClock(datetime(*moment, tzinfo=CHICAGO), CHICAGO)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 10, 11),  # a Sunday
        date(2026, 10, 12),  # Indigenous Peoples' Day
        date(2026, 11, 26),  # Thanksgiving
        date(2026, 11, 27),
        date(2026, 12, 25),
        date(2026, 5, 25),  # Memorial Day
        date(2026, 7, 3),
    ],
)
def test_nobody_is_at_work_on(day: date) -> None:
    assert not is_school_day(day)


@pytest.mark.parametrize("day", [date(2026, 10, 13), date(2026, 7, 20), date(2026, 11, 24)])
def test_somebody_is_at_work_on(day: date) -> None:
    assert is_school_day(day)


def test_now_is_now_during_school() -> None:
    during = clock(2026, 10, 13, 9, 27)
    assert during.at(during.now).astimezone(CHICAGO) == datetime(2026, 10, 13, 9, 26, tzinfo=CHICAGO)


@pytest.mark.parametrize(
    "moment", [(2026, 10, 10, 12, 0), (2026, 10, 13, 5, 0), (2026, 10, 9, 20, 0), (2026, 10, 13, 7, 15)]
)
def test_outside_of_school_now_is_the_end_of_the_last_school_day(moment: tuple[int, ...]) -> None:
    outside = clock(*moment)
    assert outside.at(outside.now).astimezone(CHICAGO) == datetime(2026, 10, 9, 15, 44, tzinfo=CHICAGO)


@pytest.mark.parametrize("hour", range(24))
def test_now_never_lies_ahead(hour: int) -> None:
    for day in (9, 10, 12, 13):
        at = datetime(2026, 10, day, hour, 30, tzinfo=CHICAGO)
        moment = SchoolClock(at, CHICAGO)
        assert moment.at(moment.now, 59) <= at


def test_minutes_keep_the_hours_of_school_over_the_change_of_the_clock() -> None:
    over = clock(2026, 11, 24, 10, 0)
    opens = {over.at(day * DAY).astimezone(CHICAGO).time() for day in range(len(over.days))}
    assert {at.isoformat() for at in opens} == {"07:15:00"}


def test_the_desk_is_busiest_when_school_begins() -> None:
    year = clock(2026, 10, 13, 9, 27)
    months = [year.day_of(minute).month for minute in year.minutes(4000, Random(1))]
    assert min(months.count(8), months.count(9)) > 2 * max(months.count(12), months.count(6))


def test_seasons_have_names() -> None:
    assert [season(date(2026, month, 20)) for month in (1, 4, 7, 9, 11)] == [
        "testing",
        "testing",
        "summer",
        "autumn",
        "",
    ]


def test_an_evening_lies_before_its_school_day() -> None:
    monday = clock(2026, 10, 5, 10, 0)
    evening = monday.evening_before(monday.now, Random(1)).astimezone(CHICAGO)
    assert evening.date() == date(2026, 10, 4)
    assert timedelta(hours=18) <= timedelta(hours=evening.hour) < timedelta(hours=22)
