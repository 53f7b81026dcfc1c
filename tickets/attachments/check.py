"""The check of an upload: what it really is, whether it is harmless to keep, and a copy that we wrote ourselves."""

import hashlib
import logging
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from helpdesk import storage
from tickets.attachments import documents, images, keys, names, scanning, sniffing, texts, videos
from tickets.attachments.types import Family, FileType, Refusal
from tickets.models import Attachment, Event
from tickets.spine import consumers, events
from tickets.spine.consumers import Effect

logger = logging.getLogger(__name__)

State = Attachment.State

_GONE = _("The file did not arrive whole. Send it again.")
_INFECTED = _("The virus scanner knows this file as harmful.")


@dataclass(frozen=True)
class Finding:
    """What the check saw: the file as it will be served, or the reason why it will not be."""

    kind: FileType | None = None
    size: int = 0
    sha256: str = ""
    width: int | None = None
    height: int | None = None
    scanned: bool = False
    refusal: str = ""


@consumers.consumer("attachments.check", kinds=[events.Kind.UPLOADED], outside=True)
def check(event: Event) -> Effect | None:
    """Examines the upload outside of any transaction, and settles what was found in the one that ends the duty."""
    attachment = Attachment.objects.filter(pk=event.data["attachment"], state=State.QUARANTINED).first()
    if attachment is None:  # taken back, or settled by an earlier try
        return None
    try:
        finding = examine(attachment)
    except Refusal as refusal:
        finding = Finding(refusal=str(refusal))
    return lambda: settle(attachment, finding)


def examine(attachment: Attachment) -> Finding:
    """Reads the upload to a temporary file, checks it, and stores the copy that will be served; raises Refusal."""
    with tempfile.TemporaryDirectory(prefix="attachment-") as folder:
        source = Path(folder, "upload")
        _fetch(attachment, source)
        with source.open("rb") as file:
            kind = sniffing.sniff(file)
        verdict = scanning.scanner().scan(source)
        if verdict.found:
            raise Refusal(_INFECTED)
        return _copy(attachment, source, kind, scanned=verdict.looked)


def settle(attachment: Attachment, finding: Finding) -> None:
    """Writes the outcome and its event; an upload that was taken back meanwhile leaves nothing behind."""
    fresh = Attachment.objects.select_for_update(of=("self",)).select_related("message__ticket")
    row = fresh.filter(pk=attachment.pk, state=State.QUARANTINED).first()
    if row is None:
        _delete_later(*keys.of(attachment.pk))
        return
    _write(row, finding)
    ticket = row.message.ticket if row.message else None
    events.record(
        events.Kind.CHECKED, by=None, ticket=ticket, attachment=str(row.pk), state=row.state, scanned=finding.scanned
    )
    _delete_later(keys.upload(row.pk))


def _write(row: Attachment, finding: Finding) -> None:
    row.checked_at = timezone.now()
    row.state = State.REFUSED if finding.kind is None else State.CLEAN
    row.refusal = finding.refusal
    if finding.kind is not None:
        row.name = names.fitting(row.name, finding.kind)
        row.media_type = finding.kind.media_type
        row.size, row.sha256 = finding.size, finding.sha256
        row.width, row.height = finding.width, finding.height
    row.save()


def _fetch(attachment: Attachment, to: Path) -> None:
    """Block by block, and never more than was promised: the browser might have sent again since the arrival."""
    left = min(attachment.size, settings.ATTACHMENT_MAX_BYTES)
    try:
        with storage.open(keys.upload(attachment.pk)) as blocks, to.open("wb") as file:
            for block in blocks:
                left -= len(block)
                if left < 0:
                    raise Refusal(_GONE)
                file.write(block)
    except storage.Missing:
        raise Refusal(_GONE) from None
    if left:
        raise Refusal(_GONE)


def _copy(attachment: Attachment, source: Path, kind: FileType, *, scanned: bool) -> Finding:
    if kind.family == Family.IMAGE:
        return _copy_picture(attachment, source, kind, scanned=scanned)
    with source.open("r+b") as file:
        if kind.family == Family.VIDEO:
            videos.blank(file)
        elif kind.family == Family.DOCUMENT:
            documents.check(file)
        elif kind.family == Family.TEXT:
            texts.check(file)
    size, sha256 = _store(keys.file(attachment.pk), source, kind.media_type)
    return Finding(kind=kind, size=size, sha256=sha256, scanned=scanned)


def _copy_picture(attachment: Attachment, source: Path, kind: FileType, *, scanned: bool) -> Finding:
    bare, small = source.with_name("bare"), source.with_name("small")
    picture = images.rewrite(source, kind, to=bare, preview=small)
    _store(keys.preview(attachment.pk), small, keys.PREVIEW_TYPE)
    size, sha256 = _store(keys.file(attachment.pk), bare, picture.kind.media_type)
    return Finding(picture.kind, size, sha256, picture.width, picture.height, scanned)


def _store(key: str, path: Path, content_type: str) -> tuple[int, str]:
    """Size and hash of what was stored."""
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        size = file.tell()
        file.seek(0)
        storage.put(key, file, content_type=content_type)
    return size, sha256


def _delete_later(*doomed: str) -> None:
    """After the commit; what the store keeps nevertheless is found by the sweep of orphans."""
    transaction.on_commit(lambda: storage.delete(*doomed), robust=True)
