"""What a person may change about themselves."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class Profile(forms.ModelForm):  # type: ignore[type-arg]
    """Name, phone, language and keys. Rights, school and e-mail are the district's to change, so they are no fields."""

    class Meta:
        model = User
        fields = ("given_name", "family_name", "phone", "language", "single_key_shortcuts")
        labels = {
            "given_name": _("First name"),
            "family_name": _("Last name"),
            "phone": _("Phone"),
            "language": _("Language"),
            "single_key_shortcuts": _("Single keys do things on the queue and on a ticket"),
        }
        help_texts = {
            "phone": _("Where a technician reaches you during the school day."),
            "language": _("The language you would rather be answered in."),
            "single_key_shortcuts": _("Turn this off if you speak to your computer, or press keys by accident."),
        }
