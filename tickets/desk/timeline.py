"""The timeline of a ticket: messages and events in one order, the newest page first, told in sentences."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, TextChoices
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from helpdesk import text
from tickets.desk import cursor, turns
from tickets.models import Attachment, Event, Message, Ticket
from tickets.spine.events import Kind

AT_ONCE = 50
State = Ticket.State


class Show(TextChoices):
    """What of the timeline is shown."""

    ALL = "", gettext_lazy("Everything")
    TALK = "talk", gettext_lazy("Talk")
    NOTES = "notes", gettext_lazy("Notes")
    EVENTS = "events", gettext_lazy("Events")


# A message stands before the event that was written with it; then the order in which rows were written.
_MESSAGE, _EVENT = 0, 1
ORDER = ("at", "rank", "id")

# A plain message is its own entry, so its event is not told again unless it moved the ticket.
_TOLD = Q(kind__in=set(Kind) - {Kind.SUBMITTED, Kind.MESSAGE, Kind.UPLOADED, Kind.CHECKED}) | Q(
    kind=Kind.MESSAGE, data__has_key="to"
)


@dataclass(frozen=True)
class Told:
    """One event as a sentence: who, and what they did."""

    event: Event
    who: str
    words: str

    @property
    def at(self) -> datetime:
        return self.event.at


@dataclass(frozen=True)
class Entry:
    """A message, or the events between two messages."""

    message: Message | None = None
    events: tuple[Told, ...] = ()
    is_ours: bool = False

    @property
    def body(self) -> SafeString:
        return text.plain(self.message.body) if self.message else SafeString()

    @property
    def files(self) -> list[Attachment]:
        return list(self.message.attachments.all()) if self.message else []

    @property
    def summary(self) -> str:
        """All the events in one line, each person named once in a row."""
        parts: list[str] = []
        for who, told in groupby(self.events, key=lambda told: told.who):
            parts.append(f"{who} {', '.join(each.words for each in told)}")
        return ". ".join(parts)


@dataclass(frozen=True)
class Timeline:
    """One page of entries, the oldest first. `earlier` is the place before which older ones begin, or empty."""

    entries: tuple[Entry, ...]
    earlier: str


def of(ticket: Ticket, *, reader: User, notes: bool, show: Show = Show.ALL, before: str = "") -> Timeline:
    """The page that ends before a place, or the newest one. Without `notes` no note is read from the database."""
    place = cursor.read(before, width=len(ORDER))
    rows: list[tuple[tuple[datetime, int, int], Message | Event]] = []
    if show != Show.EVENTS:
        messages = _messages(ticket, notes=notes, show=show)
        rows += [
            ((each.created_at, _MESSAGE, each.pk), each) for each in _newest(messages, "created_at", _MESSAGE, place)
        ]
    if show in (Show.ALL, Show.EVENTS):
        events = ticket.events.filter(_TOLD).select_related("actor")
        rows += [((each.at, _EVENT, each.pk), each) for each in _newest(events, "at", _EVENT, place)]
    rows.sort(key=lambda row: row[0])
    page = rows[-AT_ONCE:]
    earlier = cursor.write(page[0][0]) if len(rows) > len(page) else ""
    return Timeline(tuple(_entries(ticket, [row for _place, row in page], reader)), earlier)


def _messages(ticket: Ticket, *, notes: bool, show: Show) -> QuerySet[Message]:
    found = ticket.messages.readable(notes=notes).select_related("author").prefetch_related("attachments")
    if show == Show.TALK:
        return found.filter(kind=Message.Kind.PUBLIC)
    return found.filter(kind=Message.Kind.INTERNAL) if show == Show.NOTES else found


def _newest[Row: (Message, Event)](found: QuerySet[Row], time: str, rank: int, place: cursor.Place | None) -> list[Row]:
    """The newest rows before a place, one more than a page holds, so that it shows whether older ones remain."""
    if place:
        at, other, pk = place
        # Of the same instant, what ranks lower came before; of the same rank, the lower id.
        bound = (at, pk if rank == other else 0 if rank > int(str(other)) else 2**62)
        found = found.filter(cursor.Beyond((time, "id"), bound, back=True))
    return list(found.order_by(f"-{time}", "-id")[: AT_ONCE + 1])


def _entries(ticket: Ticket, rows: list[Message | Event], reader: User) -> Iterator[Entry]:
    """Messages one by one; events that stand together become one entry."""
    asking = (ticket.requester_id, ticket.reported_by_id)
    for is_event, group in groupby(rows, key=lambda row: isinstance(row, Event)):
        if is_event:
            yield Entry(events=tuple(tell(row, reader) for row in group if isinstance(row, Event)))
        else:
            letters = (row for row in group if isinstance(row, Message))
            yield from (Entry(message=each, is_ours=each.author_id not in asking) for each in letters)


def count(name: str) -> Coalesce:
    """Annotation on tickets: how many entries a filter shows. Names: talk, notes, events."""
    rows: QuerySet[Any]
    if name == "events":
        rows = Event.objects.filter(_TOLD, ticket=OuterRef("pk"))
    else:
        kind = Message.Kind.INTERNAL if name == "notes" else Message.Kind.PUBLIC
        rows = Message.objects.filter(ticket=OuterRef("pk"), kind=kind)
    return Coalesce(Subquery(rows.order_by().values("ticket").annotate(n=Count("pk")).values("n")), 0)


def newest_event() -> Subquery:
    """Annotation on tickets: the id of the newest event, by which a form knows what its writer has seen."""
    return Subquery(Event.objects.filter(ticket=OuterRef("pk")).order_by("-id").values("id")[:1])


def meanwhile(ticket: Ticket, *, since: int, reader: User, notes: bool) -> list[Told]:
    """What others did after the event that a form was shown with; at most ten, in order."""
    found = ticket.events.filter(pk__gt=since).exclude(kind__in=[Kind.UPLOADED, Kind.CHECKED])
    if not notes:
        found = found.exclude(kind=Kind.MESSAGE, data__kind=Message.Kind.INTERNAL)
    return [tell(each, reader) for each in found.select_related("actor").order_by("id")[:10]]


def tell(event: Event, reader: User) -> Told:
    """An event as a sentence for a reader."""
    who = _("You") if event.actor_id == reader.pk else event.actor.name if event.actor else _("The desk")
    return Told(event, who, _WORDS[Kind(event.kind)](event, reader))


def _message(event: Event, reader: User) -> str:
    if event.data.get("kind") == Message.Kind.INTERNAL:
        return _("wrote an internal note")
    return _("answered, which made it “%(state)s”") % {"state": _label(event)} if "to" in event.data else _("wrote")


def _state(event: Event, reader: User) -> str:
    words = _("set it to “%(state)s”") % {"state": _label(event)}
    if wake_at := event.data.get("wake_at"):
        words += " " + _("for %(day)s") % {"day": turns.day(datetime.fromisoformat(wake_at), timezone.now())}
    return words


def _label(event: Event) -> str:
    return str(State(event.data["to"]).label)


def _assigned(event: Event, reader: User) -> str:
    to = event.data.get("to")
    if to is None:
        return _("put it back for somebody else")
    if to == event.actor_id:
        return _("took it")
    return _("assigned it to you") if to == reader.pk else _("assigned it to %(who)s") % {"who": event.data["names"][1]}


def _transferred(event: Event, reader: User) -> str:
    return _("moved it to %(queue)s") % {"queue": event.data["names"][1]}


def _priority(event: Event, reader: User) -> str:
    words = _("set the priority to %(priority)s") % {"priority": Ticket.Priority(event.data["to"]).label}
    return f"{words} ({event.data['reason']})" if event.data.get("reason") else words


_WORDS: dict[Kind, Callable[[Event, User], str]] = {
    Kind.SUBMITTED: lambda event, reader: _("sent it"),
    Kind.MESSAGE: _message,
    Kind.STATE: _state,
    Kind.RESOLVED: lambda event, reader: _("resolved it"),
    Kind.CONFIRMED: lambda event, reader: _("said that it works"),
    Kind.REJECTED: lambda event, reader: _("said that it is still broken"),
    Kind.WITHDRAWN: lambda event, reader: _("took it back"),
    Kind.ASSIGNED: _assigned,
    Kind.TRANSFERRED: _transferred,
    Kind.PRIORITY: _priority,
    Kind.UPLOADED: lambda event, reader: _("added a file"),
    Kind.CHECKED: lambda event, reader: _("had a file checked"),
}
