"""The letters between the requester and the desk: no internal note is ever read from the database here."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.safestring import SafeString

from accounts.models import User
from helpdesk import text
from tickets.models import Message, Ticket
from tickets.spine.events import Kind

MOST_AT_ONCE = 50


@dataclass(frozen=True)
class Letter:
    """One message as the requester reads it."""

    message: Message
    body: SafeString
    is_ours: bool


@dataclass(frozen=True)
class Thread:
    """One page of letters, newest first. `older` is the letter after which the next older ones go on."""

    letters: list[Letter]
    older: int | None
    mark: str


def of(ticket: Ticket, *, before: int | None = None) -> Thread:
    """The letters of a ticket that was found through `visible_to`."""
    found = public(ticket).select_related("author").prefetch_related("attachments").order_by("-id")
    if before:
        found = found.filter(pk__lt=before)
    rows = list(found[: MOST_AT_ONCE + 1])
    page = rows[:MOST_AT_ONCE]
    asking = (ticket.requester_id, ticket.reported_by_id)
    letters = [Letter(each, text.plain(each.body), is_ours=each.author_id not in asking) for each in page]
    return Thread(letters, page[-1].pk if len(rows) > len(page) else None, mark(ticket))


def public(ticket: Ticket) -> QuerySet[Message]:
    return ticket.messages.filter(kind=Message.Kind.PUBLIC)


def mark(ticket: Ticket) -> str:
    """What the requester has seen of a ticket: its state and its newest letter.

    The ticket's version counts notes and moves among staff too; a form that carried it would tell of them, and would
    refuse a letter for a reason that its writer may not know.
    """
    newest = public(ticket).order_by("-id").values_list("pk", flat=True).first()
    return f"{ticket.state}.{newest or 0}"


def has_crossed(ticket: Ticket, seen: str) -> bool:
    """Whether the desk wrote or moved the ticket since the form was shown; one without a mark loses nothing."""
    return bool(seen) and seen != mark(ticket)


def taken_at(ticket: Ticket) -> datetime | None:
    """When the ticket came to whoever has it now."""
    if ticket.assignee_id is None:
        return None
    return ticket.events.filter(kind=Kind.ASSIGNED).order_by("-at", "-id").values_list("at", flat=True).first()


def is_sent(by: User, ticket: Ticket, form_key: UUID | None) -> bool:
    """Whether the form was sent before: then it is answered as it was then."""
    return form_key is not None and Message.objects.filter(ticket=ticket, author=by, form_key=form_key).exists()
