"""Static files that are made, not written: the cut fonts and the one style sheet; and how all of them are stored."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

from helpdesk import fonts, stylesheet

MADE = Path(settings.BASE_DIR) / "var" / "made"
SHEETS = Path(settings.BASE_DIR) / "static" / "css"
SHEET = f"css/{stylesheet.ENTRY}"


class MadeFiles(BaseFinder):
    """Finder that makes its files when asked. It stands first, so its style sheet hides the one with the imports."""

    storage = FileSystemStorage(MADE)

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        return []

    def find(self, path: str, find_all: bool = False) -> Any:
        if path == SHEET or path.startswith("fonts/"):
            make()
            if self.storage.exists(path):
                return [self.storage.path(path)] if find_all else self.storage.path(path)
        return []

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        make()
        for face in fonts.FACES:
            yield f"fonts/{face.file}", self.storage
        yield SHEET, self.storage


def make() -> None:
    """Makes what is missing or out of date; the rest is left as it is."""
    fonts.make(MADE / "fonts")
    sheet, text = MADE / SHEET, stylesheet.bundle(SHEETS)
    sheet.parent.mkdir(parents=True, exist_ok=True)
    if not sheet.exists() or sheet.read_text() != text:
        sheet.write_text(text)


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise carries no types
    """Names with hashes, compressed; the imports between script modules are rewritten too."""

    support_js_module_import_aggregation = True
