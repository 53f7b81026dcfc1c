"""Free text that a person types into a form: kept as typed, refused kindly where it cannot be kept."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from helpdesk.text import has_words

NUL = "\x00"


class Words(forms.CharField):
    """A text field whose limit is told, never enforced by cutting: the browser gets no `maxlength`.

    A browser sends a line end as two characters and counts it as one, so it is made one before the count.
    The control takes its direction from what is typed (`dir=auto`), so Arabic and Hebrew read as they should.
    """

    default_error_messages: ClassVar[dict[str, Any]] = {
        "max_length": ngettext_lazy(
            "That is too long: %(limit_value)d character fits here, this has %(show_value)d. Please shorten it.",
            "That is too long: %(limit_value)d characters fit here, this has %(show_value)d. Please shorten it.",
            "limit_value",
        ),
        "null_characters_not_allowed": _(
            "There was an unprintable character in it, which is taken out now. Please look it over and send again."
        ),
    }

    def __init__(self, *, longest: int, **options: Any) -> None:
        super().__init__(max_length=longest, **options)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"dir": "auto"}

    def to_python(self, value: Any) -> str:
        """The text, or nothing where nobody could read anything in it: invisible letters alone say nothing."""
        lines = value.replace("\r\n", "\n") if isinstance(value, str) else value
        given = str(super().to_python(lines))
        return given if has_words(given) else ""

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What the form shows again after a mistake: everything that was typed, save what cannot be kept."""
        shown = super().bound_data(data, initial)
        return shown.replace(NUL, "") if isinstance(shown, str) else shown
