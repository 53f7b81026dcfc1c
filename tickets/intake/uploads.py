"""The files of a form: the ids of uploads that were made while it was filled in."""

import uuid
from typing import Any

from django import forms


class Uploads(forms.Field):
    """Ids of files that were uploaded before; what is no id was never one of them."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[uuid.UUID]:
        return [found for each in value or [] if (found := _uuid(each))]


def _uuid(given: object) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(given))
    except ValueError:
        return None
