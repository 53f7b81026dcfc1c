"""Whose turn it is on a ticket, and since when: the honest facts of time, before any clock promises one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tickets.models import Event, Message, Ticket
from tickets.spine.events import Kind

State = Ticket.State

# Events after which a ticket stands in another state than before; messages and assignments only if their data say so.
_MOVING = (Kind.SUBMITTED, Kind.STATE, Kind.RESOLVED, Kind.CONFIRMED, Kind.REJECTED, Kind.WITHDRAWN)


@dataclass(frozen=True)
class Turn:
    """One fact in words; `is_ours` while somebody waits for the desk."""

    words: str
    is_ours: bool = False


def last_word() -> Subquery:
    """Annotation: who wrote the newest public message, and when, as one JSON value."""
    newest = Message.objects.filter(ticket=OuterRef("pk"), kind=Message.Kind.PUBLIC).order_by("-created_at", "-id")
    word = JSONObject(at="created_at", author="author_id", name="author__given_name")
    return Subquery(newest.values(word=word)[:1])


def state_since() -> Subquery:
    """Annotation: when the ticket came into the state it is in."""
    moved = (
        Q(kind__in=_MOVING) | Q(kind=Kind.MESSAGE, data__has_key="to") | Q(kind=Kind.ASSIGNED, data__has_key="state")
    )
    return Subquery(Event.objects.filter(moved, ticket=OuterRef("pk")).order_by("-at", "-id").values("at")[:1])


def of(ticket: Any, *, now: datetime | None = None) -> Turn:
    """The turn of a ticket that was read with `last_word` and `state_since`."""
    now = now or timezone.now()
    if ticket.state in (State.NEW, State.OPEN):
        return _between_us(ticket, now)
    if ticket.state == State.WAITING_REQUESTER:
        waited = span(now - (ticket.state_since or ticket.updated_at))
        return Turn(_("waiting %(time)s for %(who)s") % {"time": waited, "who": ticket.requester.given_name})
    if ticket.state == State.SCHEDULED and ticket.wake_at:
        return Turn(_("on %(day)s") % {"day": day(ticket.wake_at, now)})
    if ticket.is_in_work:
        return Turn(_("waiting %(time)s") % {"time": span(now - (ticket.state_since or ticket.updated_at))})
    return _over(ticket, now)


def _between_us(ticket: Any, now: datetime) -> Turn:
    """A ticket in work: the one who wrote last waits for the other."""
    word = ticket.last_word or {}
    at = _moment(word.get("at")) or ticket.created_at
    asking = word.get("author") in (ticket.requester_id, ticket.reported_by_id, None)
    if asking and ticket.first_public_reply_at is None:
        return Turn(_("waiting %(time)s for us") % {"time": span(now - ticket.created_at)}, is_ours=True)
    words = _("%(who)s answered %(time)s ago") % {"who": word.get("name", ""), "time": span(now - at)}
    return Turn(words, is_ours=asking)


def _over(ticket: Any, now: datetime) -> Turn:
    if ticket.state == State.RESOLVED and ticket.resolved_at:
        words = _("waiting %(time)s for %(who)s’s word")
        return Turn(words % {"time": span(now - ticket.resolved_at), "who": ticket.requester.given_name})
    if ticket.confirmed_at:
        return Turn(_("%(who)s says that it works") % {"who": ticket.requester.given_name})
    return Turn(_("over for %(time)s") % {"time": span(now - (ticket.closed_at or ticket.updated_at))})


def span(passed: Any) -> str:
    """A length of time as people say it: “12 min”, “2 h”, “3 days”."""
    minutes = max(0, int(passed.total_seconds() // 60))
    if minutes < 60:
        return _("%(count)d min") % {"count": max(1, minutes)}
    if minutes < 24 * 60:
        return _("%(count)d h") % {"count": minutes // 60}
    days = minutes // (24 * 60)
    if days < 60:
        return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
    return _("%(count)d months") % {"count": days // 30}


def day(moment: datetime, now: datetime) -> str:
    """A day to come: its weekday and time within a week, its date beyond."""
    here, today = timezone.localtime(moment), timezone.localtime(now).date()
    days = (here.date() - today).days
    if 0 <= days < 7:
        return date_format(here, "l, g:i A")
    return date_format(here, "j F")


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
