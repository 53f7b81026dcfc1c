"""File names as people send them, made harmless: one plain name with the extension of what the file really is."""

import re
import unicodedata

from tickets.attachments.types import KNOWN_EXTENSIONS, FileType

LONGEST = 120
NAMELESS = "file"
_FORBIDDEN = re.compile(r'[<>:"|?*%\\/]')
# Windows opens devices under these names, with any extension.
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|clock\$|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)


def clean(name: str) -> str:
    """The last part of a path in one line, without invisible letters, turned reading order, or dots in front."""
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    visible = "".join(each if unicodedata.category(each)[0] != "C" else " " * each.isspace() for each in last)
    tidy = " ".join(_FORBIDDEN.sub("_", visible).split()).strip(". ") or NAMELESS
    safe = f"_{tidy}" if _RESERVED.fullmatch(tidy) else tidy
    stem, extension = _split(safe)
    return stem[: LONGEST - len(extension)].rstrip(". ") + extension


def fitting(name: str, kind: FileType) -> str:
    """The name with an extension that fits the bytes: another type's is replaced, an unknown one becomes words."""
    stem, extension = _split(name)
    if extension.lower() in kind.extensions:
        return name
    if extension.lower() not in KNOWN_EXTENSIONS:
        stem = name
    return clean(stem + kind.extensions[0])


def _split(name: str) -> tuple[str, str]:
    """Stem and extension; what follows the last dot is an extension only when it is short and has no spaces."""
    stem, dot, extension = name.rpartition(".")
    if not stem or not dot or len(extension) > 10 or " " in extension:
        return name, ""
    return stem, f".{extension}"
