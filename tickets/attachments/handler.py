"""Files of plain forms on their way in: written to a temporary file block by block, and dropped beyond the limit.

What is too large is read to its end and thrown away, so that the rest of the form arrives and can be kept on the page.
"""

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler

# The edge lets no more through in one request (Cloudflare: 100 MB on the smaller plans).
MOST_IN_A_FORM = 4 * 25 * 1024 * 1024
MOST_READ = 2 * MOST_IN_A_FORM


class Overlong(UploadedFile):  # type: ignore[type-arg]
    """A file that was too large to be kept: only its name and size are left."""


class Capped(TemporaryFileUploadHandler):
    """Keeps ATTACHMENT_MAX_BYTES of one file and MOST_IN_A_FORM of all; nothing of people who are not signed in."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.kept = 0
        self.seen = 0
        self.is_over = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.is_over = not getattr(getattr(self.request, "user", None), "is_authenticated", False)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """`start` counts what came before of this file."""
        self.seen += len(raw_data)
        if self.seen > MOST_READ:
            raise StopUpload(connection_reset=True)
        if start + len(raw_data) > settings.ATTACHMENT_MAX_BYTES or self.kept + len(raw_data) > MOST_IN_A_FORM:
            self._drop()
        if not self.is_over:
            self.kept += len(raw_data)
            self.file.write(raw_data)

    def file_complete(self, file_size: int) -> "UploadedFile[Any] | None":
        if not self.is_over:
            return super().file_complete(file_size)
        self.file.close()
        return Overlong(name=self.file_name, size=file_size)

    def _drop(self) -> None:
        if not self.is_over:
            self.is_over = True
            self.file.truncate(0)
