"""A district's data keys: made with it, sealed under the master key, used to seal its secrets."""

import hashlib
import struct

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from helpdesk import crypto
from helpdesk.crypto import Unreadable
from tenants.isolation import names
from tenants.models import DataKey, District

FORMAT = 1
HEADER = struct.Struct(">BH")  # format, version of the data key

__all__ = ["Unreadable", "issue", "open_sealed", "rewrap", "seal"]


def seal(district: District, plaintext: bytes, *, purpose: str) -> bytes:
    """Seals under the district's newest key; only the same district and purpose open it."""
    row = DataKey.objects.filter(district_id=district.pk).latest("version")
    header = HEADER.pack(FORMAT, row.version)
    return header + crypto.seal(_unwrapped(row), plaintext, context=_context(district, purpose, header))


def open_sealed(district: District, sealed: bytes, *, purpose: str) -> bytes:
    """What `seal` was given; raises Unreadable for changed bytes, another district or another purpose."""
    header, body = sealed[: HEADER.size], sealed[HEADER.size :]
    if len(header) < HEADER.size or header[0] != FORMAT:
        raise Unreadable("These bytes were not sealed here.")
    row = DataKey.objects.filter(district_id=district.pk, version=HEADER.unpack(header)[1]).first()
    if row is None:
        raise Unreadable("The key of this version is gone.")
    return crypto.open_sealed(_unwrapped(row), body, context=_context(district, purpose, header))


def issue(district: District) -> DataKey:
    """Makes the district's next key. What older versions sealed stays readable; new secrets use the new one."""
    with transaction.atomic(using=names.PLATFORM):
        District.objects.select_for_update().get(pk=district.pk)  # two at once would choose the same number
        newest = DataKey.objects.filter(district_id=district.pk).aggregate(Max("version"))["version__max"] or 0
        row = DataKey(district_id=district.pk, version=newest + 1)
        _wrap(row, crypto.new_key())
        row.save()
        return row


def rewrap(row: DataKey) -> bool:
    """Seals a data key under today's master key; False if it was so already."""
    if row.sealed_under == fingerprint(settings.MASTER_KEY):
        return False
    _wrap(row, _unwrapped(row))
    row.save(update_fields=["sealed", "sealed_under"])
    return True


def fingerprint(master_key: bytes) -> str:
    """Tells master keys apart without telling anything about them."""
    return hashlib.sha256(b"chalkdesk master key\0" + master_key).hexdigest()[:16]


def _wrap(row: DataKey, data_key: bytes) -> None:
    row.sealed = crypto.seal(settings.MASTER_KEY, data_key, context=_row_context(row))
    row.sealed_under = fingerprint(settings.MASTER_KEY)


def _unwrapped(row: DataKey) -> bytes:
    """The key itself, opened by the master key that its fingerprint names: today's, or the one before it."""
    for master_key in (settings.MASTER_KEY, settings.MASTER_KEY_PREVIOUS):
        if master_key and fingerprint(master_key) == row.sealed_under:
            return crypto.open_sealed(master_key, bytes(row.sealed), context=_row_context(row))
    raise Unreadable(f"The master key {row.sealed_under} of a data key is not here.")


def _row_context(row: DataKey) -> bytes:
    return f"data key\0{row.district_id}\0{row.version}".encode()


def _context(district: District, purpose: str, header: bytes) -> bytes:
    return b"\0".join((b"secret", str(district.pk).encode(), purpose.encode(), header))
