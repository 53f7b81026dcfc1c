"""Which tickets there are, numbered by time: those with a part to play among those that chance makes."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from console.demo import cast
from console.demo.calendar import DAY, SchoolClock
from console.demo.stories import Life, Teller
from console.demo.world import World

# How likely a ticket is to be stalled, by its age in school days; later ones are solved, but for a few.
STALLED = ((5, 1.0), (12, 0.7), (30, 0.3), (60, 0.03))
NATURALLY_OPEN = 12
LOWEST_NUMBER = 10001


@dataclass(frozen=True)
class Entry:
    """A ticket to come: its place on the school clock, and the part or the index of its story."""

    minute: int
    index: int = -1
    part: cast.Part | None = None
    is_stalled: bool = False


class Timetable:
    """Every ticket of a district in order of its report. Only one school day of lives is in memory at a time."""

    def __init__(self, world: World, clock: SchoolClock) -> None:
        self.clock = clock
        self.numbers: dict[str, str] = {}
        self._teller = Teller(world, clock, seed=world.plan.slug)
        parts = cast.parts(world, clock, self.numbers)
        self._entries = sorted(self._list(world, parts), key=lambda entry: entry.minute)
        self.first_number = self._number(world)

    def lives(self) -> Iterator[tuple[int, Life]]:
        """Numbers and lives."""
        number = itertools.count(self.first_number)
        for _, entries in self._days():
            for _, life in self._told(entries):
                yield next(number), life

    def _list(self, world: World, parts: list[cast.Part]) -> Iterator[Entry]:
        clock, plan = self.clock, world.plan
        for part in parts:
            yield Entry(clock.now - part.ago, part=part)
        minutes = clock.minutes(plan.tickets - len(parts), Random(f"{plan.slug}/minutes"))  # noqa: S311
        weights = [_stalled((clock.now - minute) / DAY) for minute in minutes]
        share = max(0, plan.in_work - len(parts) * 0.85 - NATURALLY_OPEN * plan.tickets / 3000) / (sum(weights) or 1)
        for index, (minute, weight) in enumerate(zip(minutes, weights, strict=True)):
            chance = Random(f"{plan.slug}/{index}/stalled").random()  # noqa: S311
            yield Entry(minute, index=index, is_stalled=chance < min(0.92, share * weight))

    def _number(self, world: World) -> int:
        """Numbers the tickets with a part, and returns the number of the very first ticket."""
        before, places, first = 0, dict[str, int](), 0
        for _, entries in self._days():
            if any(entry.part for entry in entries):
                for place, (entry, _) in enumerate(self._told(entries)):
                    if entry.part:
                        places[entry.part.key] = before + place
                        first = before + place if entry.part.is_first else first
            before += len(entries)
        lowest = max(1, world.plan.first_number - first) if first else LOWEST_NUMBER
        self.numbers.update({key: f"{world.plan.short_prefix}-{lowest + place}" for key, place in places.items()})
        return lowest

    def _days(self) -> Iterator[tuple[int, list[Entry]]]:
        for day, entries in itertools.groupby(self._entries, key=lambda entry: entry.minute // DAY):
            yield day, list(entries)

    def _told(self, entries: list[Entry]) -> list[tuple[Entry, Life]]:
        """The lives of one school day by the time of their report, which may be the evening before."""
        lives = [(entry, self._life(entry)) for entry in entries]
        return sorted(lives, key=lambda pair: (pair[1].report.at, pair[0].minute, pair[0].index))

    def _life(self, entry: Entry) -> Life:
        if entry.part:
            return entry.part.life
        return self._teller.tell(entry.index, entry.minute, stalled=entry.is_stalled)


def _stalled(age: float) -> float:
    return next((weight for days, weight in STALLED if age < days), 0.0)
