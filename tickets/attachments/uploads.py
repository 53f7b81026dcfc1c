"""Bringing a file: promise, arrival, removal. Until a message takes it, it belongs to its uploader alone."""

from dataclasses import dataclass
from datetime import datetime
from typing import IO
from uuid import UUID, uuid4

from django.conf import settings
from django.db import models, transaction
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from helpdesk import storage
from tickets.attachments import keys, names
from tickets.desk.locking import Refused
from tickets.models import Attachment
from tickets.spine import events

FIELD = "attachments"
MOST_UNSENT = 50
PROMISE_SECONDS = 10 * 60
# What the browser claims is only ever used as the header of its own upload.
UNKNOWN_TYPE = "application/octet-stream"

State = Attachment.State


class NotThere(Refused):
    """The store has no such upload, though the browser says that it sent it."""


@dataclass(frozen=True)
class Promise:
    """A place for one file, and the address that takes exactly that file for a short time."""

    attachment: Attachment
    url: str
    content_type: str


def promise(*, by: User, name: str, size: int, at: datetime | None = None) -> Promise:
    """Makes a place for a file of `size` bytes; raises Refused when it is too large or too many wait unsent."""
    attachment = _place(by=by, name=name, size=size, at=at)
    url = storage.presign_put(keys.upload(attachment.pk), content_type=UNKNOWN_TYPE, size=size, seconds=PROMISE_SECONDS)
    return Promise(attachment, url, UNKNOWN_TYPE)


def arrive(*, by: User, attachment_id: UUID, at: datetime | None = None) -> Attachment:
    """Looks whether the promised bytes lie in the store and puts them into quarantine; twice is as good as once.

    Call it outside of a transaction: it asks the store. Raises Attachment.DoesNotExist for what is not the person's own
    unsent upload, NotThere while nothing came, Refused when something else came.
    """
    attachment = unsent(by).get(pk=attachment_id)
    if attachment.state != State.UPLOADING:
        return attachment
    try:
        found = storage.head(keys.upload(attachment_id))
    except storage.Missing:
        raise NotThere(_("“%s” did not arrive. Choose it again.") % attachment.name, field=FIELD) from None
    if found.size != attachment.size or found.size > settings.ATTACHMENT_MAX_BYTES:
        remove(by=by, attachment_id=attachment_id)
        raise Refused(_("“%s” did not arrive whole. Choose it again.") % attachment.name, field=FIELD)
    _quarantine(attachment, by=by, at=at)
    return attachment


def receive(*, by: User, name: str, size: int, file: IO[bytes], at: datetime | None = None) -> Attachment:
    """Takes a file that came with a plain form and carries it to the store in parts; same door, same quarantine."""
    attachment = _place(by=by, name=name, size=size, at=at)
    storage.put(keys.upload(attachment.pk), file, content_type=UNKNOWN_TYPE)
    _quarantine(attachment, by=by, at=at)
    return attachment


@transaction.atomic
def remove(*, by: User, attachment_id: UUID) -> None:
    """Takes an unsent upload back; raises Attachment.DoesNotExist for anything else."""
    attachment = unsent(by).select_for_update().get(pk=attachment_id)
    attachment.delete()
    doomed = keys.of(attachment_id)
    transaction.on_commit(lambda: storage.delete(*doomed), robust=True)


def unsent(by: User) -> models.QuerySet[Attachment]:
    """The person's uploads that no message has taken."""
    return Attachment.objects.filter(uploaded_by=by, message=None)


def too_large(name: str, size: int) -> Refused:
    """The refusal of a file over the limit, with both sizes in words."""
    words = {"name": name, "size": filesizeformat(size), "most": filesizeformat(settings.ATTACHMENT_MAX_BYTES)}
    return Refused(_("“%(name)s” is %(size)s; the largest file is %(most)s. It was not added.") % words, field=FIELD)


def _place(*, by: User, name: str, size: int, at: datetime | None) -> Attachment:
    tidy = names.clean(name)
    if size > settings.ATTACHMENT_MAX_BYTES:
        raise too_large(tidy, size)
    if size < 1:
        raise Refused(_("“%s” is empty. It was not added.") % tidy, field=FIELD)
    if unsent(by).count() >= MOST_UNSENT:
        raise Refused(_("Many of your files wait to be sent. Send them or take some away first."), field=FIELD)
    return Attachment.objects.create(pk=uuid4(), uploaded_by=by, name=tidy, size=size, created_at=at or timezone.now())


@transaction.atomic
def _quarantine(attachment: Attachment, *, by: User, at: datetime | None) -> None:
    """Only the first call finds the row uploading, so there is one event however often the browser says it arrived."""
    waiting = Attachment.objects.filter(pk=attachment.pk, state=State.UPLOADING)
    if waiting.update(state=State.QUARANTINED):
        events.record(events.Kind.UPLOADED, by=by, at=at, attachment=str(attachment.pk))
    attachment.state = State.QUARANTINED
