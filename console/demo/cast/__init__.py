"""The tickets with a part to play: those that the screens of the design show, told in a file for each district."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from accounts.models import Room, User
from console.demo.calendar import DAY, SchoolClock
from console.demo.casefile import CaseFile, Report
from console.demo.stories import Act, Do, Life
from console.demo.world import World
from tickets.models import Device, Ticket

State = Ticket.State
MOVES = {
    "ask": State.WAITING_REQUESTER,
    "wait": State.WAITING_OTHER,
    "visit": State.SCHEDULED,
    "open": State.OPEN,
    "resolve": State.RESOLVED,
}


@dataclass(frozen=True)
class Part:
    """One ticket of the file with its life; `is_first` marks the one whose number the plan names."""

    key: str
    ago: int
    life: Life
    is_first: bool


def parts(world: World, clock: SchoolClock, numbers: dict[str, str]) -> list[Part]:
    """The tickets of the district's file. `numbers` may be filled later, but before the lives are written."""
    path = Path(__file__).parent / f"{world.plan.slug}.toml"
    if not path.exists():
        return []
    return [_Reader(world, clock, numbers, raw).part() for raw in tomllib.loads(path.read_text())["ticket"]]


class _Reader:
    """Makes a life of one table of the file."""

    def __init__(self, world: World, clock: SchoolClock, numbers: dict[str, str], raw: dict[str, Any]) -> None:
        self.world, self.clock, self.numbers, self.raw = world, clock, numbers, raw
        self.requester = world.person(raw["requester"])
        self.desk = world.triage.user
        self.tech = world.member(raw["tech"]).user if "tech" in raw else self.desk

    def part(self) -> Part:
        device = self._device()
        room = self._room(device)
        report = Report(
            at=self._at(self.raw["ago"]),
            requester=self.requester,
            by=self.requester,
            text=self.raw["body"],
            subject=self.raw["subject"],
            school=room.building.school if room else self.requester.school,
            room=room,
            device=device,
        )
        life = Life(report, [*self._sorting(report.at), *(self._act(act) for act in self.raw.get("acts", []))])
        return Part(self.raw["key"], self.raw["ago"], life, self.raw.get("first", False))

    def _sorting(self, reported: datetime) -> Iterator[Act]:
        """What the desk does with a fresh ticket: judge, pass on, assign."""
        impact, urgency = self.raw.get("impact", 1), self.raw.get("urgency", 3)
        steps: list[Do] = []
        if (impact, urgency) != (1, 3):
            steps.append(lambda file, at: file.judge(at, self.desk, impact=impact, urgency=urgency))
        queue = self.world.queue(self.raw.get("queue", "central"))
        if queue != self.world.queue("central"):
            steps.append(lambda file, at: file.transfer(at, self.desk, queue=queue))
        if "tech" in self.raw:
            steps.append(lambda file, at: file.assign(at, self.tech, to=self.tech))
        for place, step in enumerate(steps):
            yield Act(reported + timedelta(minutes=1 + place, seconds=20), step)

    def _act(self, raw: dict[str, Any]) -> Act:
        at = self._at(raw["ago"])
        by = self.world.person(raw["by"]) if "by" in raw else self.tech
        wake_at = self._wake(raw["days"]) if "days" in raw else None

        def do(file: CaseFile, at: datetime) -> None:
            self._play(file, at, raw["do"], by, raw.get("text", ""), wake_at)

        return Act(at, do)

    def _play(self, file: CaseFile, at: datetime, do: str, by: User, text: str, wake_at: datetime | None) -> None:
        for key, number in self.numbers.items():
            text = text.replace(f"{{number:{key}}}", number)
        if do in MOVES:
            file.move(at, by, to=MOVES[do], text=text, wake_at=wake_at)
        elif do == "confirm":
            file.confirm(at)
        elif do == "reject":
            file.reject(at, text)
        else:
            (file.note if do == "note" else file.reply)(at, by, text)

    def _at(self, ago: int) -> datetime:
        return self.clock.at(self.clock.now - ago, ago % 50)

    def _wake(self, days: int) -> datetime:
        return self.clock.at((self.clock.now // DAY + days) * DAY + 180)

    def _device(self) -> Device | None:
        wanted = self.raw.get("device", "")
        if wanted == "own":
            return self.world.own.get(self.requester.pk)
        if wanted.startswith("shelf:"):
            return self.world.shelves[wanted.removeprefix("shelf:"), self.requester.school_id or 0][0]
        return next((device for device in self.world.devices if device.asset_tag == wanted), None)

    def _room(self, device: Device | None) -> Room | None:
        if "room" in self.raw:
            school, _, name = self.raw["room"].partition("/")
            return self.world.rooms_at[self.world.schools[school].pk][name]
        return self.world.room_of.get(self.requester.pk) or (device.room if device else None)
