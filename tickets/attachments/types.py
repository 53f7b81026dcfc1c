"""What a file may be: a short list of types, told by the bytes alone; names and claims decide nothing."""

from dataclasses import dataclass
from enum import StrEnum


class Refusal(Exception):
    """The file is not taken; the text is for the person who sent it (English, translated where it is shown)."""


class Family(StrEnum):
    """How a type is checked and shown."""

    IMAGE = "image"
    VIDEO = "video"
    PDF = "pdf"
    TEXT = "text"
    DOCUMENT = "document"


@dataclass(frozen=True)
class FileType:
    """One type on the list; the first extension is the one given to a file that has none that fits."""

    media_type: str
    family: Family
    extensions: tuple[str, ...]


JPEG = FileType("image/jpeg", Family.IMAGE, (".jpg", ".jpeg", ".jpe", ".jfif"))
PNG = FileType("image/png", Family.IMAGE, (".png",))
GIF = FileType("image/gif", Family.IMAGE, (".gif",))
WEBP = FileType("image/webp", Family.IMAGE, (".webp",))
HEIC = FileType("image/heic", Family.IMAGE, (".heic", ".heif"))
MP4 = FileType("video/mp4", Family.VIDEO, (".mp4", ".m4v", ".3gp"))
MOV = FileType("video/quicktime", Family.VIDEO, (".mov", ".qt"))
PDF = FileType("application/pdf", Family.PDF, (".pdf",))
TEXT = FileType("text/plain", Family.TEXT, (".txt", ".log", ".csv", ".tsv", ".md"))
_OFFICE = "application/vnd.openxmlformats-officedocument."
DOCX = FileType(f"{_OFFICE}wordprocessingml.document", Family.DOCUMENT, (".docx",))
XLSX = FileType(f"{_OFFICE}spreadsheetml.sheet", Family.DOCUMENT, (".xlsx",))
PPTX = FileType(f"{_OFFICE}presentationml.presentation", Family.DOCUMENT, (".pptx",))
ODT = FileType("application/vnd.oasis.opendocument.text", Family.DOCUMENT, (".odt",))
ODS = FileType("application/vnd.oasis.opendocument.spreadsheet", Family.DOCUMENT, (".ods",))
ODP = FileType("application/vnd.oasis.opendocument.presentation", Family.DOCUMENT, (".odp",))

ALL = (JPEG, PNG, GIF, WEBP, HEIC, MP4, MOV, PDF, TEXT, DOCX, XLSX, PPTX, ODT, ODS, ODP)
KNOWN_EXTENSIONS = frozenset(extension for each in ALL for extension in each.extensions)
# Shown by the browser itself; everything else is handed over as bytes without meaning.
SHOWN = frozenset(each.media_type for each in (JPEG, PNG, GIF, WEBP))
NAMED = SHOWN | {PDF.media_type}
