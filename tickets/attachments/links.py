"""Links to files: signed for one district, one person and one file, and for minutes only."""

from datetime import timedelta
from enum import Enum
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse

from accounts.models import User
from helpdesk import jobs
from tickets.models import Attachment

LIFE = timedelta(minutes=5)
PARAMETER = "s"
_SALT = "tickets.attachments.links"


class Standing(Enum):
    """What a signature is worth."""

    GOOD = "good"
    OLD = "old"
    FORGED = "forged"


def to_file(attachment: Attachment, user: User) -> str:
    """The address under which this person may open the file during the next minutes, if the right still stands then."""
    return _signed("tickets:file", attachment, user)


def to_preview(attachment: Attachment, user: User) -> str:
    """The same for the small picture."""
    return _signed("tickets:file_preview", attachment, user)


def standing(signature: str, attachment_id: UUID, user: User) -> Standing:
    """Whether the signature was made here, for this person and file, and lately."""
    told = f"{_subject(attachment_id, user)}:{signature}"
    try:
        _signer().unsign(told, max_age=LIFE)
    except signing.SignatureExpired:
        return Standing.OLD
    except signing.BadSignature:
        return Standing.FORGED
    return Standing.GOOD


def _signed(name: str, attachment: Attachment, user: User) -> str:
    subject = _subject(attachment.pk, user)
    signature = _signer().sign(subject).removeprefix(f"{subject}:")
    return f"{reverse(name, settings.DISTRICT_URLCONF, [attachment.pk])}?{PARAMETER}={signature}"


def _subject(attachment_id: UUID, user: User) -> str:
    """Who and what; it is known on both sides, so only the time and the signature travel."""
    return f"{jobs.current_district_id()}:{user.pk}:{attachment_id}"


def _signer() -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=_SALT)
