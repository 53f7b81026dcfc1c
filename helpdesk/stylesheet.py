"""One style sheet out of many: the imports of chalkdesk.css written out in their order, each in its layer."""

import posixpath
import re
from pathlib import Path

ENTRY = "chalkdesk.css"
COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)
IMPORT = re.compile(r'@import url\("(?P<path>[^"]+)"\) layer\((?P<layer>[a-z]+)\);')
URL = re.compile(r'url\("(?P<path>\.[^"]*)"\)')


class StrayImport(ValueError):
    """An @import that this file does not understand would be lost; better not to build at all."""


def bundle(folder: Path) -> str:
    """The text of the one sheet that pages link: fifty requests in a row become one."""
    sheet = IMPORT.sub(lambda found: _layer(folder, found["path"], found["layer"]), _read(folder / ENTRY))
    if stray := re.search(r"@import[^;]*", sheet):
        raise StrayImport(stray[0])
    return sheet


def _layer(folder: Path, path: str, layer: str) -> str:
    return f"@layer {layer} {{\n{_rebased(_read(folder / path), posixpath.dirname(path))}}}"


def _read(path: Path) -> str:
    return COMMENT.sub("", path.read_text())


def _rebased(sheet: str, folder: str) -> str:
    """Relative addresses counted from the entry's folder instead of the part's own."""
    return URL.sub(lambda found: f'url("{posixpath.normpath(posixpath.join(folder, found["path"]))}")', sheet)
