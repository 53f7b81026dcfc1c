"""A person's notifications: what happened on their tickets, in words, and what of it they have read."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from tickets.asking import person_of
from tickets.desk import rights
from tickets.models import Event, Message, Notification, Ticket
from tickets.notify import notifications
from tickets.spine.events import Kind

AT_ONCE = 30
State = Ticket.State


@dataclass(frozen=True)
class Line:
    """One notification in words."""

    notification: Notification
    words: str

    @property
    def is_unread(self) -> bool:
        return self.notification.read_at is None


@dataclass(frozen=True)
class Inbox:
    """One page, newest first. `older` is the notification after which the next older ones go on."""

    lines: list[Line]
    older: int | None


def read(person: User, *, before: int | None = None) -> Inbox:
    """What the person was told of tickets that they may still see."""
    found = _of(person).select_related("ticket", "event__actor").order_by("-pk")
    if before:
        found = found.filter(pk__lt=before)
    rows = list(found[: AT_ONCE + 1])
    page = rows[:AT_ONCE]
    lines = [Line(each, _words(each.event)) for each in page if _may_know(person, each)]
    return Inbox(lines, page[-1].pk if len(rows) > len(page) else None)


def mark_read(*, by: User, notification: int | None = None, at: datetime | None = None) -> None:
    """Marks one notification as read, or all; somebody else's stays as it is."""
    rows = by.notifications.filter(read_at=None)
    if notification is not None:
        rows = rows.filter(pk=notification)
    rows.update(read_at=at or timezone.now())


def open_ticket(request: HttpRequest, ticket: Ticket) -> None:
    """Whoever opens a ticket has read what was told of it; a HEAD or a prefetch is nobody reading."""
    if request.method == "HEAD" or "prefetch" in request.headers.get("Sec-Purpose", ""):
        return
    person_of(request).notifications.filter(ticket=ticket, read_at=None).update(read_at=timezone.now())


def bell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: how many tickets have news, counted only where a page shows the bell."""
    return {"unread": cache(lambda: notifications.unread(person_of(request)))}


def _of(person: User) -> QuerySet[Notification]:
    return Notification.objects.filter(user=person, ticket__in=Ticket.objects.visible_to(person))


def _may_know(person: User, notification: Notification) -> bool:
    """News of an internal note is for those who still read notes on that ticket."""
    is_note = notification.event.data.get("kind") == Message.Kind.INTERNAL
    return not is_note or rights.reads_notes(person, notification.ticket)


def _words(event: Event) -> str:
    who = event.actor.name if event.actor else _("The desk")
    return _sentence(event) % {"who": who}


def _sentence(event: Event) -> str:
    if event.kind == Kind.MESSAGE:
        is_note = event.data.get("kind") == Message.Kind.INTERNAL
        return _("%(who)s left an internal note") if is_note else _("%(who)s wrote")
    if event.kind == Kind.STATE and event.actor is None:
        return _("The visit is due")
    if event.kind == Kind.STATE:
        return _states().get(event.data.get("to", ""), _("%(who)s works on it"))
    return _kinds().get(event.kind, _("Something changed"))


def _states() -> dict[str, str]:
    return {
        State.WAITING_REQUESTER: _("%(who)s asks you something"),
        State.SCHEDULED: _("%(who)s plans a visit"),
    }


def _kinds() -> dict[str, str]:
    return {
        Kind.SUBMITTED: _("%(who)s reported"),
        Kind.RESOLVED: _("%(who)s thinks it is fixed"),
        Kind.CONFIRMED: _("%(who)s says that it works"),
        Kind.REJECTED: _("%(who)s says that it is still broken"),
        Kind.WITHDRAWN: _("%(who)s no longer needs it"),
        Kind.ASSIGNED: _("%(who)s gave it to you"),
    }
