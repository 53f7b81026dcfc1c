"""What somebody typed into a form that failed as a whole, given back to copy: nobody should type it twice."""

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl

from django.http import HttpRequest

LONGEST = 20_000
READ = 256 * 1024
CHUNK = 64 * 1024
MOST_READ = 16 * 1024 * 1024
URLENCODED = "application/x-www-form-urlencoded"
# Only fields that hold prose: a page must never say a password or a code again.
PROSE = ("body", "text")


def of_form(request: HttpRequest) -> str:
    """The longest text of a form that was read but refused, as one from a page that had gone stale."""
    return _longest((name, value) for name, values in request.POST.lists() for value in values)


def of_large_form(request: HttpRequest) -> str:
    """The beginning of the longest text of a form too large to be read; nothing of one with files, its parts are gone.

    The rest of what is on its way is read and dropped, since a browser that cannot finish sending shows no answer.
    """
    beginning = request.read(READ) if request.content_type == URLENCODED else b""
    left = MOST_READ
    while left > 0 and (chunk := request.read(CHUNK)):
        left -= len(chunk)
    whole_letters = re.sub("%[0-9A-Fa-f]?$", "", beginning.decode("ascii", "replace"))
    return _longest(parse_qsl(whole_letters, errors="replace"))


def _longest(fields: Iterable[tuple[str, str]]) -> str:
    texts = [value for name, value in fields if name in PROSE]
    return max(texts, key=len, default="").rstrip("\ufffd").replace("\x00", "")[:LONGEST]
