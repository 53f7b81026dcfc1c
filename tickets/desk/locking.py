"""Taking a ticket for a change: one writer at a time, and nobody writes over what they have not seen."""

from datetime import datetime

from tickets.models import Stale, Ticket


class Refused(Exception):
    """The step is not allowed or lacks something; the text is for the person who tried it.

    `field` names the form field that the text belongs beside, or is empty.
    """

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


def take(ticket: Ticket) -> Ticket:
    """The fresh row, locked until the transaction ends."""
    return Ticket.objects.select_for_update(of=("self",)).get(pk=ticket.pk)


def expect(ticket: Ticket, seen: int | None) -> None:
    """Raises Stale when the ticket has moved on from the version the person saw; None does not look."""
    if seen is not None and ticket.version != seen:
        raise Stale(ticket)


def keep(ticket: Ticket, *fields: str, at: datetime) -> None:
    """Writes the named fields and counts the version up."""
    ticket.version += 1
    ticket.updated_at = at
    ticket.save(update_fields=[*fields, "version", "updated_at"])
