"""What tests of attachments do: send bytes as a browser does, and let the check do its duty."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from accounts.models import User
from helpdesk import storage
from tickets.attachments import keys, uploads
from tickets.models import Attachment, Duty, Event, Message, Ticket
from tickets.spine import duties
from tickets.spine.events import Kind


def send(by: User, data: bytes, name: str = "photo.jpg") -> Attachment:
    """Promise, signed upload, arrival: as the script of a form does it."""
    promise = uploads.promise(by=by, name=name, size=len(data))
    answer = httpx.put(promise.url, content=data, headers={"Content-Type": promise.content_type})
    assert answer.status_code == 200, answer.text
    return uploads.arrive(by=by, attachment_id=promise.attachment.pk)


def do_duties() -> int:
    """Does every open duty of the check once; tells how many were done."""
    return sum(duties.attend(duty) for duty in Duty.objects.filter(consumer="attachments.check", done_at=None))


def checked(by: User, data: bytes, name: str = "photo.jpg") -> Attachment:
    """The upload after its check."""
    attachment = send(by, data, name)
    do_duties()
    attachment.refresh_from_db()
    return attachment


def stored(key: str) -> bytes:
    with storage.open(key) as blocks:
        return b"".join(blocks)


def is_stored(key: str) -> bool:
    try:
        storage.head(key)
    except storage.Missing:
        return False
    return True


def put_on(message: Message, *attachments: Attachment) -> None:
    Attachment.objects.filter(pk__in=[each.pk for each in attachments]).update(message=message)


def first_message(ticket: Ticket) -> Message:
    return ticket.messages.earliest("pk")


def events_of(attachment: Attachment, kind: Kind) -> list[dict[str, Any]]:
    found = Event.objects.filter(kind=kind, data__attachment=str(attachment.pk))
    return list(found.order_by("pk").values_list("data", flat=True))


@pytest.fixture(autouse=True)
def store(in_maple: None) -> Iterator[None]:
    """The district's part of the store is empty before and after."""
    _empty()
    yield
    _empty()


def _empty() -> None:
    storage.delete(*[key for key, _changed in storage.under(keys.prefix())])
