"""Tells the life of one ticket: who meets which problem, what is said, how long it takes, and how it ends."""

import itertools
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from random import Random

from accounts.models import User
from console.demo import corpus
from console.demo.calendar import DAY, SchoolClock, season
from console.demo.casefile import CaseFile, Report
from console.demo.corpus import Case, Problem
from console.demo.slots import Slots
from console.demo.world import DeskMember, World
from tickets.desk import priorities, states
from tickets.models import Queue, Ticket

State = Ticket.State
# School minutes from the report to somebody taking it, and from there to the solution, by priority; means.
TAKEN = {1: 12, 2: 45, 3: 150, 4: 320}
SOLVED = {1: 90, 2: 330, 3: 800, 4: 2100}
STALLED = ("unanswered", "unanswered", "part", "part", "visit", "open", "open", "open")
STALLED_LONG = ("part",)  # what is open for weeks waits for something, it is not forgotten
LONG = 15 * DAY
SHORTEST_SUBJECT = 24
UNTOUCHED = ("untouched",) * 8  # besides, for what came in the last day

Do = Callable[[CaseFile, datetime], None]


@dataclass(frozen=True)
class Act:
    at: datetime
    do: Do


@dataclass
class Life:
    """A ticket's report and everything that happens to it after; what lies after `now` has not happened yet."""

    report: Report
    acts: list[Act] = field(default_factory=list)

    def write(self, file: CaseFile, *, number: int, queue: Queue, now: datetime) -> CaseFile:
        file.submit(self.report, number=number, queue=queue)
        for act in self.acts:
            if act.at > now:
                break
            act.do(file, act.at)
        return file


class Teller:
    """Tells lives; each gets a stream of chance of its own, so none depends on how many were told before."""

    def __init__(self, world: World, clock: SchoolClock, *, seed: str) -> None:
        self.world, self.clock, self.seed = world, clock, seed
        self._people: dict[str, list[User]] = {}
        self._weights: dict[str, list[float]] = {}

    def tell(self, index: int, minute: int, *, stalled: bool) -> Life:
        """The life of the ticket of that index, reported at that school minute; a stalled one is not solved yet."""
        rng = Random(f"{self.seed}/{index}")  # noqa: S311 - a story, not a secret
        problem = self._problem(season(self.clock.day_of(minute)), rng)
        case = rng.choice(problem.cases)
        requester = self._requester(problem, rng)
        slots = Slots(self.world, requester, problem, rng)
        return _Telling(self, problem, case, requester, slots, rng, minute).run(stalled=stalled)

    def _problem(self, time_of_year: str, rng: Random) -> Problem:
        known = corpus.problems()
        if time_of_year not in self._weights:
            weights = (_weight(problem, time_of_year) for problem in known)
            self._weights[time_of_year] = list(itertools.accumulate(weights))
        totals = self._weights[time_of_year]
        return known[min(bisect_right(totals, rng.random() * totals[-1]), len(known) - 1)]

    def _requester(self, problem: Problem, rng: Random) -> User:
        """Some people report more than others; those with a part to play come first in the list."""
        if problem.key not in self._people:
            self._people[problem.key] = self._who(problem)
        people = self._people[problem.key]
        return people[int(len(people) * rng.random() ** 1.2)]

    def _who(self, problem: Problem) -> list[User]:
        jobs = problem.jobs or ("Teacher",)
        found = [
            user
            for (job, level), users in self.world.staff.items()
            if (job in jobs or "Anyone" in jobs) and (not problem.levels or level in problem.levels)
            for user in users
        ]
        return found or [user for (job, _), users in self.world.staff.items() if job == "Teacher" for user in users]


def _weight(problem: Problem, time_of_year: str) -> float:
    if problem.season:
        return problem.weight * (3.0 if problem.season == time_of_year else 0.1)
    for_lessons = not problem.jobs or problem.jobs == ("Teacher",)
    return problem.weight * (0.4 if time_of_year == "summer" and for_lessons else 1.0)


class _Telling:
    """One life in the making; `minute` is where on the school clock the story stands."""

    def __init__(
        self, teller: Teller, problem: Problem, case: Case, requester: User, slots: Slots, rng: Random, minute: int
    ) -> None:
        self.world, self.clock = teller.world, teller.clock
        self.problem, self.case, self.requester, self.slots = problem, case, requester, slots
        self.rng, self.minute = rng, minute
        self.queue = self.world.queue(problem.queue)
        self.triage = self.world.triage
        self.tech = self._technician()
        self.priority = 3
        self.waited = False
        self.life = Life(self._report())

    def run(self, *, stalled: bool) -> Life:
        rng = self.rng
        if not stalled and rng.random() < 0.03:
            self._act(40, lambda file, at: file.withdraw(at))
            return self.life
        ending = rng.choice(self._endings()) if stalled else ""
        self._sort()
        if ending == "untouched":
            return self.life
        self._take()
        if self._talk(ending):
            self._wait(ending)
        if not stalled:
            self._solve()
        return self.life

    def _endings(self) -> tuple[str, ...]:
        """Where a stalled ticket can stand, by its age."""
        age = self.clock.now - self.minute
        if age > LONG:
            return STALLED_LONG
        return STALLED + UNTOUCHED if age < 2 * DAY else STALLED

    # -- Beginning --

    def _report(self) -> Report:
        rng = self.rng
        channel = rng.choices(("portal", "phone", "walk_in"), (90, 8, 2))[0]
        by = self.requester if channel == "portal" else self.triage.user
        text = self._opening()
        if channel != "portal":
            intro = self._phrase("on_phone" if channel == "phone" else "walked_in").format(name=self.requester.name)
            text = intro + text
        at = self.clock.at(self.minute, rng.randrange(60))
        if channel == "portal" and rng.random() < 0.03:
            at = self.clock.evening_before(self.minute, rng)
        return Report(
            at=at,
            requester=self.requester,
            by=by,
            text=text,
            subject=self._subject(),
            school=self.requester.school,
            room=self.slots.room,
            device=self.slots.device,
            channel=channel,
        )

    def _opening(self) -> str:
        text = self.slots.fill(self.case.opening)
        if self.requester.job == "Teacher" and self.problem.urgency == 1 and self.rng.random() < 0.25:
            text += " " + self.slots.fill(self._phrase("hurry"))
        parts = (
            self._phrase("greetings"),
            text,
            self.slots.fill(self._phrase("thanks").replace("{given}", self.requester.given_name)),
        )
        return "\n\n".join(part for part in parts if part)

    def _subject(self) -> str:
        """Most people write one; for some it is how their text begins."""
        if self.rng.random() < 0.75:
            return self.slots.fill(self.case.subject)
        first = self.slots.fill(self.case.opening).replace("! ", ". ").replace("? ", ". ").split(". ")[0]
        return first.rstrip(".") if len(first) > SHORTEST_SUBJECT else self.slots.fill(self.case.subject)

    def _sort(self) -> None:
        """The service desk judges what is worth judging and passes it to its queue."""
        wanted = priorities.by_matrix(impact=self.problem.impact, urgency=self.problem.urgency)
        if self.rng.random() < {1: 0.22, 2: 0.5, 3: 1.0, 4: 1.0}[int(wanted)] and wanted != self.priority:
            facts = {"impact": self.problem.impact, "urgency": self.problem.urgency}
            self.priority = int(wanted)
            self._act(15, lambda file, at: file.judge(at, self.triage.user, **facts))
        if self.queue != self.world.queue("central"):
            self._act(6, lambda file, at: file.transfer(at, self.triage.user, queue=self.queue))

    def _take(self) -> None:
        by = self.tech if self.rng.random() < 0.6 else self.triage
        self._act(TAKEN[self.priority], lambda file, at: file.assign(at, by.user, to=self.tech.user))
        if self.problem.notes and self.rng.random() < 0.3:
            self._note(self.rng.choice(self.problem.notes), mean=30)

    # -- Middle --

    def _talk(self, ending: str) -> bool:
        """Question and answer, or a word that it is being looked at; False when the story stops here."""
        rng = self.rng
        if self.case.ask and (ending == "unanswered" or rng.random() < 0.8):
            self._step(TAKEN[self.priority] + 10, State.WAITING_REQUESTER, self._letter(self.case.ask))
            if ending == "unanswered":
                return False
            self._act(140, partial(self._say, by=self.requester, text=self.slots.fill(self.case.answer)))
        elif rng.random() < 0.4:
            text = self._letter(self._phrase("taken"))
            self._act(40, partial(self._say, by=self.tech.user, text=text))
            if rng.random() < 0.3:
                self._act(120, partial(self._say, by=self.requester, text=self.slots.fill(self._phrase("replies"))))
        return True

    def _wait(self, ending: str) -> None:
        """Waits for a visit, or for somebody else, if the story has such a part."""
        wait, rng = self.problem.wait, self.rng
        if ending == "visit" or (not ending and wait and wait.kind == "scheduled"):
            self._visit(
                wait.text if wait and wait.kind == "scheduled" else self._phrase("visits"), ahead=ending == "visit"
            )
        elif ending == "part" or (not ending and wait and rng.random() < 0.3):
            text = wait.text if wait and wait.kind != "scheduled" else self._phrase("updates")
            self._step(SOLVED[self.priority] / 3, State.WAITING_OTHER, self._letter(text))
            if rng.random() < 0.5:
                self._note(self._phrase("waiting_notes"), mean=20)
            self._nudge()
            if not ending:
                self.waited = True
                self.minute += rng.randint(2, 9) * DAY
                self._step(10, State.OPEN, "")
        elif rng.random() < 0.25:
            self._nudge()

    def _visit(self, text: str, *, ahead: bool) -> None:
        """A visit that was made, or one that is still to come."""
        start = self.clock.now if ahead else self.minute
        day = start // DAY + self.rng.randint(1, 4)
        wake = day * DAY + self.rng.randrange(30, DAY - 60, 15)
        at = self._later(60)
        wake_at, letter = self.clock.at(wake), self._letter(text)
        self._add(at, lambda file, at: file.move(at, self.tech.user, to=State.SCHEDULED, text=letter, wake_at=wake_at))
        if not ahead:
            self.waited = True
            self.minute = max(self.minute, wake)
            self._step(5, State.OPEN, "")

    def _nudge(self) -> None:
        """After some days people ask, and get an answer."""
        if self.rng.random() < 0.45:
            self.minute += self.rng.randint(1, 3) * DAY
            self._act(60, partial(self._say, by=self.requester, text=self._phrase("nudges")))
            self._act(120, partial(self._say, by=self.tech.user, text=self._letter(self._phrase("updates"))))

    # -- End --

    def _solve(self) -> None:
        fix = self.problem.wait.fix if self.waited and self.problem.wait else self.case.fix
        solved = self._step(SOLVED[self.priority], State.RESOLVED, self._letter(fix))
        if self.rng.random() < 0.06:
            solved = self._again(solved) or solved
        self._end(solved)

    def _again(self, solved: datetime) -> datetime | None:
        """Still broken: open again, and solved a second time."""
        at = self._later(260)
        if at - solved > states.REOPEN_WINDOW:
            return None
        text = self.slots.fill(self.rng.choice(self.problem.still or corpus.phrases()["still"]))
        self._add(at, lambda file, at: file.reject(at, text))
        if self.problem.notes and self.rng.random() < 0.4:
            self._note(self.rng.choice(self.problem.notes), mean=60)
        return self._step(SOLVED[self.priority], State.RESOLVED, self._letter(self._phrase("second_fix")))

    def _end(self, solved: datetime) -> None:
        closes = solved + states.REOPEN_WINDOW + timedelta(minutes=self.rng.randint(1, 20))
        at = self._later(280)
        if self.rng.random() < 0.38 and at < closes:
            self._add(at, lambda file, at: file.confirm(at))
        else:
            self._add(closes, lambda file, at: file.close(at))

    # -- Tools --

    def _technician(self) -> DeskMember:
        """Whose work it usually is and who reaches both the queue and the school; else anybody who does."""
        school = self.requester.school_id
        able = [
            member
            for member in self.world.desk
            if member.plan.home and member.covers(queue_id=self.queue.pk, school_id=school)
        ]
        usual = [member for member in able if self.problem.queue in member.plan.home]
        return self.rng.choice(usual if usual and self.rng.random() < 0.9 else able)

    def _phrase(self, name: str) -> str:
        return self.rng.choice(corpus.phrases()[name])

    def _letter(self, text: str) -> str:
        hello = self._phrase("hello").format(given=self.requester.given_name)
        return "\n\n".join(part for part in (hello, self.slots.fill(text)) if part)

    def _note(self, text: str, *, mean: float) -> None:
        self._act(mean, lambda file, at: file.note(at, self.tech.user, self.slots.fill(text)))

    def _say(self, file: CaseFile, at: datetime, *, by: User, text: str) -> None:
        file.reply(at, by, text)

    def _step(self, mean: float, to: str, text: str) -> datetime:
        at = self._later(mean)
        self._add(at, lambda file, at: file.move(at, self.tech.user, to=to, text=text))
        return at

    def _act(self, mean: float, do: Do) -> None:
        self._add(self._later(mean), do)

    def _add(self, at: datetime, do: Do) -> None:
        self.life.acts.append(Act(at, do))

    def _later(self, mean: float) -> datetime:
        """A moment some school minutes on, more often soon than late."""
        self.minute += 1 + round(min(self.rng.expovariate(1 / mean), 5 * mean))
        return self.clock.at(self.minute, self.rng.randrange(60))
