"""Where a ticket stands, in the words of the person who asked: a sentence, what follows, and the way it has come."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tickets.desk import states
from tickets.models import Ticket

State = Ticket.State
DONE = (State.CLOSED, State.MERGED, State.CANCELLED)


@dataclass(frozen=True)
class Step:
    """One station of the way from “Sent” to “It works”."""

    words: str
    at: datetime | None
    is_current: bool = False


def needs_requester(ticket: Ticket) -> bool:
    """Whether it is the requester's turn: we asked something, or we think it is fixed."""
    return ticket.state == State.WAITING_REQUESTER or can_judge(ticket)


def can_judge(ticket: Ticket) -> bool:
    """Whether “It works” and “Still broken” are open to the requester."""
    return states.can_reopen(ticket, timezone.now())


def is_over(ticket: Ticket) -> bool:
    """Whether nothing can be added any more; only a new ticket can follow it."""
    return ticket.state in DONE or (ticket.state == State.RESOLVED and not can_judge(ticket))


def sentence(ticket: Ticket, taken_at: datetime | None = None) -> str:
    """The state as one sentence, without a time that nobody promised."""
    if ticket.state == State.OPEN and ticket.assignee and taken_at:
        return _("%(who)s has been on it since %(day)s.") % {"who": _who(ticket), "day": _since(taken_at)}
    state = State(ticket.state)
    return _TOLD[state](ticket) if state in _TOLD else str(_PLAIN[state])


def _new(ticket: Ticket) -> str:
    if ticket.assignee:
        return _("%(who)s has it and will look at it.") % {"who": _who(ticket)}
    return _("We have it. Nobody has taken it yet.")


def _open(ticket: Ticket) -> str:
    return _("%(who)s is on it.") % {"who": _who(ticket)}


def _waiting_requester(ticket: Ticket) -> str:
    return _("%(who)s needs a word from you.") % {"who": _who(ticket)}


def _waiting_other(ticket: Ticket) -> str:
    if ticket.wake_at:
        return _("We wait for a part or for somebody else, and look again on %(day)s.") % {"day": _day(ticket.wake_at)}
    return _("We wait for a part or for somebody else.")


def _scheduled(ticket: Ticket) -> str:
    if ticket.wake_at:
        return _("%(who)s plans to come, %(day)s.") % {"who": _who(ticket), "day": _day(ticket.wake_at)}
    return _("%(who)s plans to come.") % {"who": _who(ticket)}


def _resolved(ticket: Ticket) -> str:
    if can_judge(ticket):
        return _("%(who)s thinks it is fixed. Does it work now?") % {"who": _who(ticket)}
    return _closed(ticket)


def _closed(ticket: Ticket) -> str:
    if ticket.confirmed_at:
        return _("You said that it works, %(day)s.") % {"day": _day(ticket.confirmed_at)}
    if ticket.resolved_at:
        return _("Fixed, %(day)s.") % {"day": _day(ticket.resolved_at)}
    return _("Closed.")


_TOLD = {
    State.NEW: _new,
    State.OPEN: _open,
    State.WAITING_REQUESTER: _waiting_requester,
    State.WAITING_OTHER: _waiting_other,
    State.SCHEDULED: _scheduled,
    State.RESOLVED: _resolved,
    State.CLOSED: _closed,
}
_PLAIN = {
    State.PENDING_APPROVAL: gettext_lazy("It waits for an approval."),
    State.MERGED: gettext_lazy("We joined it with another report of the same trouble."),
    State.CANCELLED: gettext_lazy("You took it back."),
    State.QUARANTINE: gettext_lazy("We look at it before it is passed on."),
}


def path(ticket: Ticket, taken_at: datetime | None) -> list[Step]:
    """The way it has come, four steps at most; the step that it waits for stands out."""
    sent = Step(_("Sent"), ticket.created_at)
    if ticket.state == State.CANCELLED:
        return [sent, Step(_("You took it back"), ticket.closed_at)]
    if ticket.state == State.MERGED:
        return [sent, Step(_("Joined with another"), ticket.updated_at)]
    taken = taken_at if ticket.assignee else ticket.first_public_reply_at
    fixed = ticket.resolved_at if ticket.state in (State.RESOLVED, State.CLOSED) else None
    way = [
        sent,
        Step(_taken_words(ticket), taken),
        Step(_("Being fixed") if taken and not fixed else _("Fixed"), fixed),
        Step(_("You say it works"), ticket.confirmed_at),
    ]
    ahead = None if is_over(ticket) else next((step for step in way if step.at is None), None)
    return [replace(step, is_current=step is ahead) for step in way]


def _taken_words(ticket: Ticket) -> str:
    if ticket.assignee:
        return _("%(who)s has it") % {"who": ticket.assignee.given_name}
    return _("Our team has it") if ticket.first_public_reply_at else _("Somebody takes it")


def _who(ticket: Ticket) -> str:
    return ticket.assignee.given_name if ticket.assignee else _("Our team")


def _since(moment: datetime) -> str:
    here = timezone.localtime(moment)
    return date_format(here, "g:i A") if here.date() == timezone.localdate() else _day(moment)


def _day(moment: datetime) -> str:
    here = timezone.localtime(moment)
    days = (here.date() - timezone.localdate()).days
    if abs(days) > 5:
        return date_format(here, "j F")
    day = _("today") if days == 0 else date_format(here, "l")
    return _("%(day)s at %(clock)s") % {"day": day, "clock": date_format(here, "g:i A")}
