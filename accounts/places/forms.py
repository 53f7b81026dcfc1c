"""Forms of schools, buildings and rooms."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Building, Room, School


class SchoolForm(forms.ModelForm):  # type: ignore[type-arg]
    """A school, new or known."""

    class Meta:
        model = School
        fields = ("name", "short_name", "code")
        labels = {"name": _("Name"), "short_name": _("Short name"), "code": _("Code")}
        help_texts = {
            "name": _("In full: Lincoln Middle School."),
            "short_name": _("For lists: Lincoln Middle."),
            "code": _("Letters or figures that your district uses for it. No two schools share one."),
        }
        error_messages = {"code": {"unique": _("Another school has this code.")}}


class BuildingForm(forms.ModelForm):  # type: ignore[type-arg]
    """A building of a school. The school comes from the page, so a form cannot move it elsewhere."""

    class Meta:
        model = Building
        fields = ("name",)
        labels = {"name": _("Building")}

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        same = Building.objects.filter(school=self.instance.school_id, name=name).exclude(pk=self.instance.pk)
        if same.exists():
            raise forms.ValidationError(_("This school has a building of that name."))
        return name


class RoomForm(forms.ModelForm):  # type: ignore[type-arg]
    """A room of a building; the building comes from the page."""

    class Meta:
        model = Room
        fields = ("name", "phone")
        labels = {"name": _("Room"), "phone": _("Phone")}
        help_texts = {"name": _("What people say: Room 214, Library.")}

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        same = Room.objects.filter(building=self.instance.building_id, name=name).exclude(pk=self.instance.pk)
        if same.exists():
            raise forms.ValidationError(_("This building has a room of that name."))
        return name
