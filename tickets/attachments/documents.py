"""Office documents, which are zip files: looked into without unpacking to disk, under limits that no bomb passes."""

import itertools
import struct
import zipfile
import zlib
from typing import BinaryIO

from django.utils.translation import gettext_noop as _

from tickets.attachments import types
from tickets.attachments.types import FileType, Refusal

MOST_ENTRIES = 1000
MOST_UNPACKED = 100 * 1024 * 1024
MOST_DIRECTORY = 1024 * 1024
LOCAL_HEADER = 30
BLOCK = 64 * 1024

_ARCHIVE = _("Archives are not taken, because nobody can see what is inside. Send the files one by one.")
_BOMB = _("This document unpacks to far more than a document needs.")
_DAMAGED = _("This document is damaged. Open it, save it again and send the new file.")
_LOCKED = _("This document has a password. Take it off and send it again.")
_MACROS = _("This document holds macros. Save it without them, or as PDF.")
_STRANGE = _("This document holds files in places where a document has none.")

_END = struct.Struct("<4s4H2LH")  # the end of the central directory (APPNOTE 4.3.16)
_ENCRYPTED = 0x1
_SYMLINK = 0o120000

_PARTS: tuple[tuple[str, FileType], ...] = (
    ("word/document.xml", types.DOCX),
    ("xl/workbook.xml", types.XLSX),
    ("ppt/presentation.xml", types.PPTX),
)
_OPEN = {each.media_type.encode(): each for each in (types.ODT, types.ODS, types.ODP)}


def sniff(file: BinaryIO) -> FileType:
    """Which document it is, by its parts; raises Refusal for other archives."""
    with _opened(file) as archive:
        names = set(archive.namelist())
        if "[Content_Types].xml" in names:
            for part, kind in _PARTS:
                if part in names:
                    return kind
        if "mimetype" in names:
            with archive.open("mimetype") as said:
                kind_or_none = _OPEN.get(said.read(100).strip())
            if kind_or_none:
                return kind_or_none
    raise Refusal(_ARCHIVE)


def check(file: BinaryIO) -> None:
    """Every entry is read once in blocks, so that sizes and sums are true; raises Refusal."""
    with _opened(file) as archive:
        entries = archive.infolist()
        _check_directory(entries)
        left = MOST_UNPACKED
        for entry in entries:
            left -= _unpacked(archive, entry, left)


class _opened:  # noqa: N801 - reads as a verb: with _opened(file) as archive
    """The archive, after its table of contents was found to be small; what zipfile raises becomes a Refusal."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file

    def __enter__(self) -> zipfile.ZipFile:
        _check_end(self.file)
        try:
            self.archive = zipfile.ZipFile(self.file)
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise Refusal(_DAMAGED) from error
        return self.archive

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> None:
        self.archive.close()
        if isinstance(error, zipfile.BadZipFile | zlib.error | EOFError | NotImplementedError | RuntimeError | OSError):
            raise Refusal(_DAMAGED) from error


def _check_end(file: BinaryIO) -> None:
    """Reads the end record ourselves: zipfile would load a directory of any length into memory first."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _END.size - 0xFFFF))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        raise Refusal(_DAMAGED)
    _sign, disk, start_disk, here, total, length, _offset, _comment = _END.unpack_from(tail, at)
    if tail[max(0, at - 20) : at].startswith(b"PK\x06\x07") or disk or start_disk or here != total:
        raise Refusal(_DAMAGED)  # zip64 and split archives: no document of our size is one
    if total > MOST_ENTRIES or length > MOST_DIRECTORY:
        raise Refusal(_BOMB)


def _check_directory(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise Refusal(_BOMB)
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise Refusal(_LOCKED)
    if any(_is_astray(entry) for entry in entries):
        raise Refusal(_STRANGE)
    if any(_is_macro(entry.filename) for entry in entries):
        raise Refusal(_MACROS)
    if _overlap(entries):
        raise Refusal(_BOMB)


def _is_astray(entry: zipfile.ZipInfo) -> bool:
    """A way out of the folder, or a link: zip slip. Nothing is unpacked here, but whoever opens it might."""
    name = entry.orig_filename
    is_link = (entry.external_attr >> 16) & 0o170000 == _SYMLINK
    return (
        is_link or name.startswith("/") or "\\" in name or "\0" in name or ".." in name.split("/") or name[1:2] == ":"
    )


def _is_macro(name: str) -> bool:
    low = name.lower()
    return low.endswith(("vbaproject.bin", "vbadata.xml")) or low.startswith(("basic/", "scripts/"))


def _overlap(entries: list[zipfile.ZipInfo]) -> bool:
    """Entries that share bytes: how a small file unpacks to terabytes without nesting."""
    ordered = sorted(entries, key=lambda entry: entry.header_offset)
    return any(
        first.header_offset + LOCAL_HEADER + first.compress_size > second.header_offset
        for first, second in itertools.pairwise(ordered)
    )


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> int:
    size = 0
    with archive.open(entry) as part:
        while block := part.read(BLOCK):
            size += len(block)
            if size > left:
                raise Refusal(_BOMB)
    return size
