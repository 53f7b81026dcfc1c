"""Plain text: what counts as text, and what only looks like it."""

import codecs
import re
from typing import BinaryIO

from django.utils.translation import gettext_noop as _

from tickets.attachments.types import Refusal

BLOCK = 64 * 1024
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# Control characters that no text file has; tab, line ends, form feed and escape (coloured logs) are left.
_BINARY = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
# What a browser, or a person's double click, would take for a page: a tag, a declaration or PHP as the first thing.
_PAGE = re.compile(r"\ufeff?\s*<(!doctype|!\[cdata|!--|\?|[a-z][a-z0-9:._-]*[\s/>])", re.IGNORECASE)

_BROKEN = _("This is not a text file, though it begins like one.")


def is_text(head: bytes) -> bool:
    """Whether the beginning of a file is text in UTF-8, UTF-16 with its mark, or an old eight-bit code."""
    return not _BINARY.search(_decoded(head))


def is_page(head: bytes) -> bool:
    """Whether the beginning of a file is HTML, SVG, XML or PHP, in any of those codes."""
    return bool(_PAGE.match(_decoded(head))) or bool(_PAGE.match(head.decode("latin-1").replace("\0", "")))


def check(file: BinaryIO) -> None:
    """Reads the whole file in blocks; raises Refusal where it stops being text."""
    file.seek(0)
    head = file.read(4)
    mark, encoding = _code(head)
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    file.seek(len(mark))
    while block := file.read(BLOCK):
        if _BINARY.search(decoder.decode(block)):
            raise Refusal(_BROKEN)


def _decoded(head: bytes) -> str:
    mark, encoding = _code(head)
    return head[len(mark) :].decode(encoding, "replace")


def _code(head: bytes) -> tuple[bytes, str]:
    """The byte order mark and the encoding; without a mark every byte is read as one letter, which hides nothing."""
    return next(((mark, code.removesuffix("-sig")) for mark, code in _MARKS if head.startswith(mark)), (b"", "latin-1"))
