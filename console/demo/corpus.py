"""The problems of schools: what people write, what the desk asks, and how it ends. Read from the files in problems/."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Case:
    """One way a problem shows itself, with the words that belong to it; slots in braces are filled for each ticket."""

    subject: str
    opening: str
    fix: str
    ask: str = ""
    answer: str = ""


@dataclass(frozen=True)
class Wait:
    """Why a ticket of the problem may have to wait, what the requester is told, and how it then ends."""

    kind: str  # other, approval, scheduled
    text: str
    fix: str


@dataclass(frozen=True)
class Problem:
    """A family of tickets.

    `queue` names a queue of the plan, `device` a shelf of the inventory; `jobs` and `levels` say who meets it, `season`
    when it comes in crowds, `weight` how common it is.
    """

    key: str
    queue: str
    cases: tuple[Case, ...]
    device: str = ""
    jobs: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    impact: int = 1
    urgency: int = 3
    weight: int = 3
    season: str = ""
    notes: tuple[str, ...] = ()
    still: tuple[str, ...] = ()
    wait: Wait | None = None


@cache
def problems() -> tuple[Problem, ...]:
    """Every problem, in the order of the files' names."""
    return tuple(_problem(raw) for path in sorted(FOLDER.glob("problems/*.toml")) for raw in _tables(path))


@cache
def phrases() -> dict[str, tuple[str, ...]]:
    """What fits any problem: greetings, thanks, questions after some days."""
    return {name: tuple(texts) for name, texts in tomllib.loads((FOLDER / "phrases.toml").read_text()).items()}


def _tables(path: Path) -> Iterator[dict[str, Any]]:
    yield from tomllib.loads(path.read_text())["problem"]


def _problem(raw: dict[str, Any]) -> Problem:
    cases = tuple(Case(**case) for case in raw.pop("case"))
    wait = Wait(**raw.pop("wait")) if "wait" in raw else None
    lists = {name: tuple(value) for name, value in raw.items() if isinstance(value, list)}
    return Problem(**{**raw, **lists}, cases=cases, wait=wait)
