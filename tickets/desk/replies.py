"""Answering on a ticket: a public reply or an internal note, and what the reply does to the state."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from tickets.desk import letters, locking, rights, states
from tickets.desk.locking import Refused
from tickets.models import Message, Ticket
from tickets.spine import events

State = Ticket.State


@transaction.atomic
def add(
    *,
    by: User,
    ticket: Ticket,
    body: str,
    kind: str = Message.Kind.PUBLIC,
    seen: int | None = None,
    form_key: UUID | None = None,
    attachments: Sequence[UUID] = (),
    then: str | None = None,
    wake_at: datetime | None = None,
    at: datetime | None = None,
) -> Message:
    """Adds a message, and takes the step `then` with it if one is named.

    A requester's reply opens a ticket that waited for it, or one resolved in the last seven days. The desk's first
    public reply opens a new one. The same form sent twice adds one message and returns it.
    Raises Refused (rights, empty, too long, a step that is not allowed) and Stale (others wrote meanwhile).
    """
    at, key = at or timezone.now(), form_key or uuid4()
    fresh = locking.take(ticket)
    if earlier := letters.sent_before(key, by=by, ticket=fresh):
        return earlier
    locking.expect(fresh, seen)
    _check(by, fresh, kind, at)
    step = _step(by, fresh, kind, then, at)
    if step:
        states.check(step, text=body, wake_at=wake_at, at=at)
    message = letters.write(by=by, ticket=fresh, body=body, kind=kind, form_key=key, at=at, attachments=attachments)
    if step:
        states.apply(step, by=by, ticket=fresh, message=message, wake_at=wake_at, at=at)
        return message
    moved = _follow(by, fresh, message)
    locking.keep(fresh, "state", "reopen_count", "first_public_reply_at", at=at)
    events.record(events.Kind.MESSAGE, by=by, ticket=fresh, at=at, message=message.pk, kind=kind, **moved)
    return message


def _check(by: User, ticket: Ticket, kind: str, at: datetime) -> None:
    allowed = rights.may_note(by, ticket) if kind == Message.Kind.INTERNAL else rights.may_reply(by, ticket)
    if not allowed:
        raise Refused("You may not write on this ticket.")
    over = ticket.state in (State.CLOSED, State.CANCELLED, State.MERGED)
    late = ticket.state == State.RESOLVED and not states.can_reopen(ticket, at)
    if kind == Message.Kind.PUBLIC and (over or late):
        raise Refused("This ticket is closed. Send a follow-up instead.")


def _step(by: User, ticket: Ticket, kind: str, then: str | None, at: datetime) -> states.Step | None:
    if not then or then == ticket.state:
        return None
    if not rights.may_change(by, ticket):
        raise Refused("You may not change this ticket.")
    step = states.find(ticket, then, at)
    if step.needs in (states.Needs.LETTER, states.Needs.SOLUTION) and kind != Message.Kind.PUBLIC:
        raise Refused("The requester must be able to read this: send it as a public reply.", field="then")
    return step


def _follow(by: User, ticket: Ticket, message: Message) -> dict[str, str]:
    """What a plain message does to the state of a locked ticket; tells from and to where it moved."""
    before = ticket.state
    if message.is_internal:
        return {}
    if rights.is_asking(by, ticket):
        if before == State.RESOLVED:
            states.reopen(ticket)
        elif before == State.WAITING_REQUESTER:
            ticket.state = State.OPEN
    elif before == State.NEW:
        ticket.state = State.OPEN
    return {"from": before, "to": str(ticket.state)} if ticket.state != before else {}
