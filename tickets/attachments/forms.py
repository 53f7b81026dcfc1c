"""The field for files on any form: uploads that script made while one typed, and plain files without script.

    class Reply(WithFiles, Once):
        body = ...

    form = Reply(request.POST, request.FILES, uploader=person)

`cleaned_data["attachments"]` holds ids for `claims.attach`. What was uploaded stays uploaded when the rest of the form
is wrong: the page shows it as chosen (tickets/attachments/field.html), so nobody has to choose a photo twice. A view
that reads such a form talks to the object store, so it must not be one transaction (`transaction.non_atomic_requests`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from helpdesk import storage
from tickets.attachments import claims, names, uploads
from tickets.attachments.handler import Overlong
from tickets.desk.locking import Refused
from tickets.models import Attachment

IDS = "attachment"
ACCEPTED = "image/*,video/mp4,video/quicktime,application/pdf,text/plain,.log,.csv,.docx,.xlsx,.pptx,.odt,.ods,.odp"


@dataclass(frozen=True)
class Given:
    """What came with the form: ids as text, and plain files."""

    ids: list[str]
    files: list["UploadedFile[Any]"]

    def __bool__(self) -> bool:
        return bool(self.ids or self.files)


class Chooser(forms.FileInput):
    """A file input that takes several; uploads made before come beside it under the name IDS."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Given:
        return Given(_list(data, IDS), [each for each in _list(files, name) if each])

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return not self.value_from_datadict(data, files, name)


class Files(forms.Field):
    """Cleans to the ids of the person's own uploads; `chosen` are those that the page shows again."""

    widget = Chooser
    uploader: User | None = None
    chosen: tuple[Attachment, ...] = ()

    def __init__(self) -> None:
        super().__init__(label=gettext_lazy("Photo or file"), required=False)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"multiple": True, "accept": ACCEPTED}

    @property
    def most_bytes(self) -> int:
        return settings.ATTACHMENT_MAX_BYTES

    @property
    def most_files(self) -> int:
        return claims.MOST

    def clean(self, value: Given | None) -> list[UUID]:
        if self.uploader is None:
            raise RuntimeError("a form with files must be told whose they are")
        if not value:
            return []
        found, errors = _collect(value, self.uploader)
        self.chosen = tuple(found)
        if len(found) > claims.MOST:
            errors.append(_("A message takes at most %d files. Take some away.") % claims.MOST)
        if errors:
            raise ValidationError(errors)
        return [each.pk for each in found]


class WithFiles(forms.Form):
    """A form that takes files of one person."""

    attachments = Files()

    def __init__(self, *args: Any, uploader: User | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["attachments"]
        field.uploader = uploader


def _collect(given: Given, by: User) -> tuple[list[Attachment], list[str]]:
    """What can be sent, and what to say about the rest."""
    found: list[Attachment] = []
    errors: list[str] = []
    for take in (*_earlier(given.ids, by), *_plain(given.files, by)):
        try:
            attachment = take()
            claims.check(attachment)
            found.append(attachment)
        except Attachment.DoesNotExist:
            errors.append(_("One of the files cannot be used here. Choose it again."))
        except Refused as refusal:
            errors.append(str(refusal))
        except storage.StorageError:
            errors.append(_("A file could not be stored just now. Choose it again in a moment."))
    return found, errors


def _earlier(ids: Iterable[str], by: User) -> Iterable[Any]:
    for each in dict.fromkeys(ids):
        yield lambda each=each: uploads.arrive(by=by, attachment_id=_uuid(each))


def _plain(files: "Iterable[UploadedFile[Any]]", by: User) -> Iterable[Any]:
    for each in files:
        yield lambda each=each: _receive(each, by)


def _receive(file: "UploadedFile[Any]", by: User) -> Attachment:
    name, size = file.name or "", file.size or 0
    if isinstance(file, Overlong):
        raise uploads.too_large(names.clean(name), size)
    return uploads.receive(by=by, name=name, size=size, file=file)


def _uuid(given: str) -> UUID:
    try:
        return UUID(given)
    except ValueError:
        raise Attachment.DoesNotExist from None


def _list(source: Any, name: str) -> list[Any]:
    """From a QueryDict, or from a plain dictionary in a test."""
    if hasattr(source, "getlist"):
        return list(source.getlist(name))
    value = source.get(name) or []
    return list(value) if isinstance(value, list | tuple) else [value]
