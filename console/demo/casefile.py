"""One ticket's life as rows: each step does in memory what the desk's action of that name does in the database.

Writing 3,000 lives through the actions would take minutes, for every step of theirs locks, reads and rings. A test
plays the same life through both and compares.
"""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from accounts.models import Room, School, User
from console.demo.world import Ids
from tickets.desk import priorities, states
from tickets.intake import submissions
from tickets.models import Device, Event, Message, Queue, Ticket
from tickets.spine.events import Kind

State = Ticket.State


@dataclass
class Report:
    """What a ticket begins with."""

    at: datetime
    requester: User
    by: User
    text: str
    subject: str = ""
    school: School | None = None
    room: Room | None = None
    device: Device | None = None
    channel: str = Ticket.Channel.PORTAL


@dataclass
class CaseFile:
    """A ticket with its messages and events, none of them written yet."""

    ids: Ids
    rng: Random
    ticket: Ticket = field(default_factory=Ticket)
    messages: list[Message] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def submit(self, report: Report, *, number: int, queue: Queue) -> None:
        impact, urgency = Ticket.Impact.PERSON, Ticket.Urgency.WORKAROUND
        self.ticket = Ticket(
            id=self.ids.of(Ticket),
            number=number,
            subject=submissions.subject_of(report.subject, report.text),
            queue=queue,
            requester=report.requester,
            reported_by=report.by,
            school=report.school,
            room=report.room,
            device=report.device,
            channel=report.channel,
            impact=impact,
            urgency=urgency,
            priority=priorities.by_matrix(impact=impact, urgency=urgency),
            created_at=report.at,
            updated_at=report.at,
            form_key=self._key(),
        )
        message = self._say(report.at, report.by, report.text, form_key=self.ticket.form_key)
        self._record(Kind.SUBMITTED, report.at, report.by, message=message.pk)

    def judge(self, at: datetime, by: User, *, impact: int, urgency: int) -> None:
        before = self.ticket.priority
        self.ticket.impact, self.ticket.urgency = impact, urgency
        self.ticket.priority = to = priorities.by_matrix(impact=impact, urgency=urgency)
        self._keep(at)
        moved = {"from": int(before), "to": int(to), "source": str(Ticket.PrioritySource.MATRIX)}
        self._record(Kind.PRIORITY, at, by, **moved, impact=impact, urgency=urgency)

    def transfer(self, at: datetime, by: User, *, queue: Queue) -> None:
        before, self.ticket.queue = self.ticket.queue, queue
        self._keep(at)
        self._record(Kind.TRANSFERRED, at, by, **{"from": before.pk, "to": queue.pk}, names=[before.name, queue.name])

    def assign(self, at: datetime, by: User, *, to: User) -> None:
        before, self.ticket.assignee = self.ticket.assignee, to
        moved = {}
        if self.ticket.state == State.NEW:
            self.ticket.state = State.OPEN
            moved = {"state": str(State.OPEN)}
        self._keep(at)
        ids = {"from": before.pk if before else None, "to": to.pk}
        self._record(Kind.ASSIGNED, at, by, **ids, names=[before.name if before else "", to.name], **moved)

    def note(self, at: datetime, by: User, text: str) -> None:
        message = self._say(at, by, text, kind=Message.Kind.INTERNAL)
        self._keep(at)
        self._record(Kind.MESSAGE, at, by, message=message.pk, kind=str(message.kind))

    def reply(self, at: datetime, by: User, text: str) -> None:
        """A public message, with what it does to the state."""
        message = self._say(at, by, text)
        before = self.ticket.state
        if self._is_asking(by):
            if before == State.RESOLVED:
                states.reopen(self.ticket)
            elif before == State.WAITING_REQUESTER:
                self.ticket.state = State.OPEN
        elif before == State.NEW:
            self.ticket.state = State.OPEN
        self._keep(at)
        moved = {"from": str(before), "to": str(self.ticket.state)} if self.ticket.state != before else {}
        self._record(Kind.MESSAGE, at, by, message=message.pk, kind=str(message.kind), **moved)

    def move(self, at: datetime, by: User, *, to: str, text: str = "", wake_at: datetime | None = None) -> None:
        """A public message that takes a step along; without words the ticket only goes back to work."""
        before = self.ticket.state
        states.find(self.ticket, to, at)
        message = self._say(at, by, text) if text else None
        words = {"message": message.pk} if message else {}
        self.ticket.state, self.ticket.wake_at = to, wake_at if to == State.SCHEDULED else None
        self._keep(at)
        if to == State.RESOLVED:
            self.ticket.resolution_text, self.ticket.resolved_at = text, at
            self._record(Kind.RESOLVED, at, by, **{"from": str(before)}, **words)
            return
        wake = {"wake_at": wake_at.isoformat()} if self.ticket.wake_at and wake_at else {}
        self._record(Kind.STATE, at, by, **{"from": str(before), "to": str(to)}, **wake, **words)

    def confirm(self, at: datetime) -> None:
        self.ticket.state = State.CLOSED
        self.ticket.confirmed_at = self.ticket.closed_at = at
        self._keep(at)
        self._record(Kind.CONFIRMED, at, self.ticket.requester)

    def reject(self, at: datetime, text: str) -> None:
        message = self._say(at, self.ticket.requester, text)
        states.reopen(self.ticket)
        self._keep(at)
        self._record(Kind.REJECTED, at, self.ticket.requester, message=message.pk)

    def withdraw(self, at: datetime) -> None:
        self.ticket.state, self.ticket.closed_at = State.CANCELLED, at
        self._keep(at)
        self._record(Kind.WITHDRAWN, at, self.ticket.requester, **{"from": str(State.NEW)})

    def close(self, at: datetime) -> None:
        """Nobody said anything in the days after the solution."""
        self.ticket.state, self.ticket.closed_at = State.CLOSED, at
        self._keep(at)
        self._record(Kind.STATE, at, None, **{"from": str(State.RESOLVED), "to": str(State.CLOSED)})

    def _say(
        self, at: datetime, by: User, text: str, *, kind: str = Message.Kind.PUBLIC, form_key: uuid.UUID | None = None
    ) -> Message:
        message = Message(
            id=self.ids.of(Message),
            ticket=self.ticket,
            kind=kind,
            author=by,
            channel=self.ticket.channel if not self.messages else Ticket.Channel.PORTAL,
            body=text,
            created_at=at,
            form_key=form_key or self._key(),
        )
        self.messages.append(message)
        answers = kind == Message.Kind.PUBLIC and not self._is_asking(by)
        if answers and self.ticket.first_public_reply_at is None:
            self.ticket.first_public_reply_at = at
        return message

    def _is_asking(self, user: User) -> bool:
        return user.pk in (self.ticket.requester_id, self.ticket.reported_by_id)

    def _keep(self, at: datetime) -> None:
        self.ticket.version += 1
        self.ticket.updated_at = at

    def _record(self, kind: Kind, at: datetime, by: User | None, /, **data: object) -> None:
        self.events.append(Event(id=self.ids.of(Event), kind=str(kind), ticket=self.ticket, actor=by, data=data, at=at))

    def _key(self) -> uuid.UUID:
        return uuid.UUID(int=self.rng.getrandbits(128), version=4)
