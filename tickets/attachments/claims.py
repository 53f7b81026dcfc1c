"""Putting uploads on a message: only the sender's own, each on one message, none that was refused."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.models import User
from tickets.attachments.uploads import FIELD, unsent
from tickets.desk.locking import Refused
from tickets.models import Attachment, Message

MOST = 10

State = Attachment.State


class NotYours(Refused):
    """A file that cannot go on this message: foreign, guessed, sent before, refused or not there yet."""

    def __init__(self, message: str) -> None:
        super().__init__(message, field=FIELD)


def attach(*, by: User, message: Message, ids: Sequence[UUID]) -> list[Attachment]:
    """Gives the uploads to the message, inside the transaction of the action that wrote it.

    Raises NotYours for an id that is foreign, guessed, sent before, refused, or whose bytes have not come. What is a
    stranger's and what does not exist get the same words.
    """
    wanted = set(ids)
    if len(wanted) > MOST:
        raise NotYours(_("A message takes at most %d files.") % MOST)
    found = list(unsent(by).select_for_update().filter(pk__in=wanted).order_by("pk"))
    if len(found) < len(wanted):
        raise NotYours(_("One of the files cannot be used here. Take it away or choose it again."))
    for each in found:
        check(each)
    Attachment.objects.filter(pk__in=wanted).update(message=message)
    return found


def check(attachment: Attachment) -> None:
    """Raises NotYours when the upload, though the person's own, cannot be sent."""
    if attachment.state == State.UPLOADING:
        raise NotYours(_("“%s” has not arrived yet. Choose it again.") % attachment.name)
    if attachment.state == State.REFUSED:
        words = {"name": attachment.name, "reason": _(attachment.refusal)}
        raise NotYours(_("“%(name)s” was not taken. %(reason)s") % words)
