"""The life of a ticket: which state may follow which, who may take the step, and what it needs.

Source: the state table of the product plan. State types are fixed; their labels are the district's.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from tickets.desk import letters, locking, rights
from tickets.desk.locking import Refused
from tickets.models import Message, Ticket
from tickets.spine import events

State = Ticket.State
REOPEN_WINDOW = timedelta(days=7)


class Needs(StrEnum):
    """What a step must bring along."""

    NOTHING = "nothing"
    LETTER = "letter"  # a public message
    NOTE = "note"  # an internal note with the reason
    DATE = "date"  # when to wake up
    SOLUTION = "solution"  # a public message that says how it was solved


@dataclass(frozen=True)
class Step:
    """One row of the table: from where the desk may go, and what it takes."""

    to: State
    needs: Needs = Needs.NOTHING


_WORK = (
    Step(State.OPEN),
    Step(State.WAITING_REQUESTER, Needs.LETTER),
    Step(State.WAITING_OTHER, Needs.NOTE),
    Step(State.SCHEDULED, Needs.DATE),
    Step(State.RESOLVED, Needs.SOLUTION),
)
STEPS: dict[str, tuple[Step, ...]] = {
    State.NEW: _WORK,
    State.OPEN: _WORK,
    State.WAITING_REQUESTER: _WORK,
    State.WAITING_OTHER: _WORK,
    State.SCHEDULED: _WORK,
    State.RESOLVED: (Step(State.OPEN),),
}
REFUSED_FOR_LACK = {
    Needs.LETTER: "Write to the requester what you are waiting for.",
    Needs.NOTE: "Say what you are waiting for; only staff will read it.",
    Needs.SOLUTION: "Write how it was solved; the requester will read it.",
}


def allowed(ticket: Ticket, by: User) -> list[Step]:
    """The steps the person may take from here, for the state menu."""
    if not rights.may_change(by, ticket):
        return []
    if not _in_time(ticket, timezone.now()):
        return []
    return [step for step in STEPS.get(ticket.state, ()) if step.to != ticket.state]


def _in_time(ticket: Ticket, at: datetime) -> bool:
    """Whether the desk may still move it: a resolved ticket opens again only inside its window."""
    return ticket.state != State.RESOLVED or can_reopen(ticket, at)


def can_reopen(ticket: Ticket, at: datetime) -> bool:
    """Whether a resolved ticket may still be opened again; later words make a follow-up ticket."""
    return (
        ticket.state == State.RESOLVED and ticket.resolved_at is not None and at - ticket.resolved_at <= REOPEN_WINDOW
    )


@transaction.atomic
def change(
    *,
    by: User,
    ticket: Ticket,
    to: str,
    seen: int,
    text: str = "",
    wake_at: datetime | None = None,
    form_key: UUID | None = None,
    at: datetime | None = None,
) -> Ticket:
    """Moves the ticket as a technician; `text` becomes the message or note that the step needs.

    Raises Refused for a step that is not allowed or lacks something, Stale for a ticket that moved on.
    """
    at, key = at or timezone.now(), form_key or uuid4()
    fresh = locking.take(ticket)
    if letters.sent_before(key, by=by, ticket=fresh):
        return fresh
    if fresh.state == to and not text:
        return fresh
    locking.expect(fresh, seen)
    if not rights.may_change(by, fresh):
        raise Refused("You may not change this ticket.")
    step = find(fresh, to, at)
    check(step, text=text, wake_at=wake_at, at=at)
    message = _words(step, by=by, ticket=fresh, text=text, form_key=key, at=at)
    apply(step, by=by, ticket=fresh, message=message, wake_at=wake_at, at=at)
    return fresh


def find(ticket: Ticket, to: str, at: datetime) -> Step:
    """The step from the ticket's state to another; raises Refused where the table has none."""
    for step in STEPS.get(ticket.state, ()):
        if step.to == to and _in_time(ticket, at):
            return step
    raise Refused(f"A ticket that is “{ticket.get_state_display()}” cannot become “{State(to).label}”.", field="state")


def check(step: Step, *, text: str, wake_at: datetime | None, at: datetime) -> None:
    """Raises Refused when the step lacks its words or its date."""
    if step.needs in REFUSED_FOR_LACK and not text.strip():
        raise Refused(REFUSED_FOR_LACK[step.needs], field="text")
    if step.needs == Needs.DATE and (wake_at is None or wake_at <= at):
        raise Refused("Choose a day and time that is still to come.", field="wake_at")


def _words(step: Step, *, by: User, ticket: Ticket, text: str, form_key: UUID, at: datetime) -> Message | None:
    if not text.strip():
        return None
    kind = Message.Kind.PUBLIC if step.needs in (Needs.LETTER, Needs.SOLUTION) else Message.Kind.INTERNAL
    return letters.write(by=by, ticket=ticket, body=text, kind=kind, form_key=form_key, at=at)


def apply(
    step: Step, *, by: User, ticket: Ticket, message: Message | None, wake_at: datetime | None, at: datetime
) -> None:
    """Writes the new state of a locked ticket and its one event."""
    before, ticket.state, ticket.wake_at = ticket.state, step.to, wake_at if step.needs == Needs.DATE else None
    fields = ["state", "wake_at", "first_public_reply_at"]
    words = {"message": message.pk} if message else {}
    if step.to == State.RESOLVED and message:
        ticket.resolution_text, ticket.resolved_at = message.body, at
        locking.keep(ticket, *fields, "resolution_text", "resolved_at", at=at)
        events.record(events.Kind.RESOLVED, by=by, ticket=ticket, at=at, **{"from": before}, **words)
        return
    if before == State.RESOLVED:
        ticket.reopen_count += 1
    locking.keep(ticket, *fields, "reopen_count", at=at)
    moved = {"from": before, "to": str(step.to)} | (
        {"wake_at": wake_at.isoformat()} if ticket.wake_at and wake_at else {}
    )
    events.record(events.Kind.STATE, by=by, ticket=ticket, at=at, **moved, **words)


def resolve(
    *, by: User, ticket: Ticket, text: str, seen: int, form_key: UUID | None = None, at: datetime | None = None
) -> Ticket:
    """Resolves with words that the requester reads; the requester then confirms or rejects."""
    return change(by=by, ticket=ticket, to=State.RESOLVED, seen=seen, text=text, form_key=form_key, at=at)


@transaction.atomic
def confirm(*, by: User, ticket: Ticket, seen: int | None = None, at: datetime | None = None) -> Ticket:
    """The requester says that it works: the ticket is closed. Saying it twice changes nothing."""
    at = at or timezone.now()
    fresh = _own(by, ticket)
    if fresh.state == State.CLOSED and fresh.confirmed_at:
        return fresh
    locking.expect(fresh, seen)
    if fresh.state != State.RESOLVED:
        raise Refused("This request is not waiting for your word; look at where it stands now.")
    fresh.state, fresh.confirmed_at, fresh.closed_at = State.CLOSED, at, at
    locking.keep(fresh, "state", "confirmed_at", "closed_at", at=at)
    events.record(events.Kind.CONFIRMED, by=by, ticket=fresh, at=at)
    return fresh


@transaction.atomic
def reject(
    *,
    by: User,
    ticket: Ticket,
    text: str,
    seen: int | None = None,
    form_key: UUID | None = None,
    at: datetime | None = None,
) -> Ticket:
    """The requester says that it is still broken: the ticket is open again, with their words.

    Raises Refused without words, or after the window; then a follow-up ticket is the way.
    """
    at, key = at or timezone.now(), form_key or uuid4()
    fresh = _own(by, ticket)
    if letters.sent_before(key, by=by, ticket=fresh):
        return fresh
    locking.expect(fresh, seen)
    if not can_reopen(fresh, at):
        raise Refused("This request can no longer be opened again. Send a follow-up instead.")
    if not text.strip():
        raise Refused("Say in a few words what is still wrong.", field="text")
    message = letters.write(by=by, ticket=fresh, body=text, kind=Message.Kind.PUBLIC, form_key=key, at=at)
    reopen(fresh)
    locking.keep(fresh, "state", "reopen_count", at=at)
    events.record(events.Kind.REJECTED, by=by, ticket=fresh, at=at, message=message.pk)
    return fresh


def reopen(ticket: Ticket) -> None:
    """Sets a locked, resolved ticket to open again; the caller writes it."""
    ticket.state = State.OPEN
    ticket.reopen_count += 1


@transaction.atomic
def withdraw(*, by: User, ticket: Ticket, seen: int | None = None, at: datetime | None = None) -> Ticket:
    """The requester no longer needs it; possible while nobody has begun."""
    at = at or timezone.now()
    fresh = _own(by, ticket)
    if fresh.state == State.CANCELLED:
        return fresh
    locking.expect(fresh, seen)
    if fresh.state != State.NEW:
        raise Refused("Somebody is already working on this. Write to them that you no longer need it.")
    fresh.state, fresh.closed_at = State.CANCELLED, at
    locking.keep(fresh, "state", "closed_at", at=at)
    events.record(events.Kind.WITHDRAWN, by=by, ticket=fresh, at=at, **{"from": State.NEW})
    return fresh


def _own(by: User, ticket: Ticket) -> Ticket:
    fresh = locking.take(ticket)
    if not rights.is_asking(by, fresh):
        raise Refused("Only the person who asked can do this.")
    return fresh
