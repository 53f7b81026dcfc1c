"""Telling a file's type from its first bytes, and saying why a file is not taken."""

from collections.abc import Callable
from typing import BinaryIO

from django.utils.translation import gettext_noop as _

from tickets.attachments import documents, texts
from tickets.attachments.types import GIF, HEIC, JPEG, MOV, MP4, PDF, PNG, TEXT, WEBP, FileType, Refusal

HEAD = 4096

_NOT_TAKEN = _("This kind of file is not taken. Send a photo, a short video, a PDF, a text file or an Office document.")
_PAGE = _("Web pages, SVG drawings and XML are not taken. Send a screenshot or a PDF instead.")
_PROGRAM = _("Programs and scripts are not taken.")
_ARCHIVE = _("Archives are not taken, because nobody can see what is inside. Send the files one by one.")
_OLD_OFFICE = _(
    "Old or password-protected Office files are not taken. Save it as .docx, .xlsx, .pptx or PDF without a password."
)
_EMPTY = _("The file is empty.")

_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"}
_MP4_BRANDS = {
    b"isom",
    b"iso2",
    b"iso4",
    b"iso5",
    b"iso6",
    b"mp41",
    b"mp42",
    b"avc1",
    b"M4V ",
    b"MSNV",
    b"3gp4",
    b"3gp5",
    b"3gp6",
}

# What refused files begin with. They would be refused anyway; these say why.
_REFUSED: tuple[tuple[bytes, str], ...] = (
    (b"MZ", _PROGRAM),
    (b"\x7fELF", _PROGRAM),
    (b"\xca\xfe\xba\xbe", _PROGRAM),
    (b"\xcf\xfa\xed\xfe", _PROGRAM),
    (b"\xce\xfa\xed\xfe", _PROGRAM),
    (b"dex\n", _PROGRAM),
    (b"#!", _PROGRAM),
    (b"L\x00\x00\x00\x01\x14\x02\x00", _PROGRAM),  # a Windows shortcut
    (b"PK\x05\x06", _ARCHIVE),
    (b"\x1f\x8b", _ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", _ARCHIVE),
    (b"Rar!", _ARCHIVE),
    (b"BZh", _ARCHIVE),
    (b"\xfd7zXZ", _ARCHIVE),
    (b"\x28\xb5\x2f\xfd", _ARCHIVE),
    (b"MSCF", _ARCHIVE),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _OLD_OFFICE),
    (b"{\\rtf", _OLD_OFFICE),
)


def sniff(file: BinaryIO) -> FileType:
    """The type by the first bytes, and for Office documents by their table of contents; raises Refusal.

    Text is only told from its beginning here; `texts.check` reads it whole.
    """
    file.seek(0)
    head = file.read(HEAD)
    if not head:
        raise Refusal(_EMPTY)
    for start, reason in _REFUSED:
        if head.startswith(start):
            raise Refusal(reason)
    if head.startswith(b"PK\x03\x04"):
        return documents.sniff(file)
    found = next((kind for is_it, kind in _SIGNS if is_it(head)), None)
    if found is not None:
        return found
    if texts.is_page(head):
        raise Refusal(_PAGE)
    if texts.is_text(head):
        return TEXT
    raise Refusal(_NOT_TAKEN)


def _begins(start: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(start)


def _brand(brands: set[bytes]) -> Callable[[bytes], bool]:
    return lambda head: head[4:8] == b"ftyp" and head[8:12] in brands


_SIGNS: tuple[tuple[Callable[[bytes], bool], FileType], ...] = (
    (_begins(b"\xff\xd8\xff"), JPEG),
    (_begins(b"\x89PNG\r\n\x1a\n"), PNG),
    (_begins(b"GIF87a"), GIF),
    (_begins(b"GIF89a"), GIF),
    (lambda head: head.startswith(b"RIFF") and head[8:12] == b"WEBP", WEBP),
    (_begins(b"%PDF-"), PDF),
    (_brand(_HEIC_BRANDS), HEIC),
    (_brand({b"qt  "}), MOV),
    (_brand(_MP4_BRANDS), MP4),
)
