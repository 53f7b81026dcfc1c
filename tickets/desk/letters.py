"""Writing one message on a locked ticket, with its files; the actions around it decide what else changes."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from accounts.models import User
from tickets.attachments import claims
from tickets.desk import rights
from tickets.desk.locking import Refused
from tickets.models import Message, Ticket


def write(
    *,
    by: User,
    ticket: Ticket,
    body: str,
    kind: str,
    form_key: UUID,
    at: datetime,
    attachments: Sequence[UUID] = (),
    channel: str = Ticket.Channel.PORTAL,
) -> Message:
    """Adds the message and notes the desk's first public answer on the ticket, which the caller then writes.

    Raises Refused for an empty or an overlong text.
    """
    text = tidy(body)
    if not text and not attachments:
        raise Refused("Write something first.", field="body")
    if len(text) > Message.LONGEST:
        raise Refused(
            f"That is {len(text):,} characters; a message holds {Message.LONGEST:,}. Attach the rest as a file.",
            field="body",
        )
    message = Message.objects.create(
        ticket=ticket, kind=kind, author=by, body=text, created_at=at, form_key=form_key, channel=channel
    )
    if attachments:
        claims.attach(by=by, message=message, ids=attachments)
    if kind == Message.Kind.PUBLIC and not rights.is_asking(by, ticket) and ticket.first_public_reply_at is None:
        ticket.first_public_reply_at = at
    return message


def sent_before(form_key: UUID, *, by: User, ticket: Ticket) -> Message | None:
    """The message this very form made earlier; raises Refused when the key belongs to somebody else's form."""
    earlier = Message.objects.filter(form_key=form_key).first()
    if earlier and (earlier.author_id, earlier.ticket_id) != (by.pk, ticket.pk):
        raise Refused("This form was sent before. Load the page again.")
    return earlier


def tidy(body: str) -> str:
    """The text as it is stored: one kind of line end, no characters that PostgreSQL or a terminal would trip over."""
    text = body.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(each for each in text if each in "\n\t" or each.isprintable() or ord(each) > 0x9F).strip()
