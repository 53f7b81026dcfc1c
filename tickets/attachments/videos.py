"""Short videos: the boxes that name place, time and phone are blanked where they stand, so that nothing else moves."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from django.utils.translation import gettext_noop as _

from tickets.attachments.types import Refusal

MOST_BOXES = 10_000
MOST_DEPTH = 8
BLOCK = 64 * 1024
# User data, and what QuickTime and others keep beside it: coordinates, names, device (ISO 14496-12, QTFF).
_PERSONAL = {b"udta", b"meta", b"uuid"}
_FOLDERS = {b"moov", b"trak", b"mdia", b"moof", b"traf"}

_DAMAGED = _("The video is damaged or was not sent whole.")


@dataclass(frozen=True)
class Box:
    """One part of the file, from `start` to `end`, whose content begins at `inside`."""

    kind: bytes
    start: int
    inside: int
    end: int


def blank(file: IO[bytes]) -> None:
    """Overwrites personal boxes with free space of the same length; raises Refusal when the boxes do not add up."""
    size = file.seek(0, 2)
    seen = list(_boxes(file, 0, size, left=[MOST_BOXES], depth=0))
    if not any(box.kind == b"moov" for box in seen):
        raise Refusal(_DAMAGED)
    for box in seen:
        if box.kind in _PERSONAL:
            _free(file, box)


def _boxes(file: IO[bytes], start: int, end: int, *, left: list[int], depth: int) -> Iterator[Box]:
    while start + 8 <= end:
        left[0] -= 1
        box = _box_at(file, start, end)
        if box is None or left[0] < 0 or depth > MOST_DEPTH:
            raise Refusal(_DAMAGED)
        yield box
        if box.kind in _FOLDERS:
            yield from _boxes(file, box.inside, box.end, left=left, depth=depth + 1)
        start = box.end


def _box_at(file: IO[bytes], start: int, end: int) -> Box | None:
    file.seek(start)
    head = file.read(16)
    length, kind, inside = int.from_bytes(head[:4]), head[4:8], start + 8
    if length == 1:  # the length follows in eight bytes
        length, inside = int.from_bytes(head[8:16]), start + 16
    elif length == 0:  # to the end of the file
        length = end - start
    if start + length > end or start + length < inside:
        return None
    return Box(kind, start, inside, start + length)


def _free(file: IO[bytes], box: Box) -> None:
    file.seek(box.start + 4)
    file.write(b"free")
    file.seek(box.inside)
    left = box.end - box.inside
    while left > 0:
        left -= file.write(b"\0" * min(left, BLOCK))
