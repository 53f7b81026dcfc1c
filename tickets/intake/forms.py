"""The forms of the front room: reporting, answering, and saying that it is still broken."""

import uuid
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.models import Room, School, User
from tickets.attachments.forms import WithFiles
from tickets.desk.locking import Refused
from tickets.intake.words import Words
from tickets.models import Device, Message, Ticket

ELSEWHERE = "elsewhere"
# Who does not say how bad it is gets the normal priority of the table, not the one of a lesson that stands still.
UNSAID = Ticket.Urgency.WORKAROUND


class Key(forms.UUIDField):
    """The key of a form. Without a usable one it counts as a form of its own, so that no words are refused for it."""

    def clean(self, value: Any) -> uuid.UUID:
        try:
            given: uuid.UUID = super().clean(value)
        except forms.ValidationError:
            return uuid.uuid4()
        return given


class Once(forms.Form):
    """A form that changes something once, however often it is sent: it carries a key that is made with it."""

    form_key = Key(widget=forms.HiddenInput, initial=uuid.uuid4)

    def key(self) -> uuid.UUID | None:
        """The key the form was sent with, before anything else of it is read."""
        try:
            return uuid.UUID(str(self["form_key"].data))
        except ValueError:
            return None

    def refuse(self, refusal: Refused) -> None:
        """Puts the words of a refused step beside the field they belong to, or above the form."""
        self.add_error(refusal.field if refusal.field in self.fields else None, str(refusal))


class Report(WithFiles, Once):
    """What is wrong, where, on what, and how bad: only the first is asked of everybody, the rest is filled in."""

    body = Words(
        label=_("What is wrong?"),
        longest=Message.LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say in a few words what is wrong.")},
    )
    place = forms.ChoiceField(
        label=_("Where is it?"),
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("That room is not on your list any more. Choose where it is.")},
    )
    school = forms.ModelChoiceField(label=_("School or office"), queryset=School.objects.none(), required=False)
    place_note = Words(label=_("Room or place"), longest=120, required=False)
    device = forms.ChoiceField(
        label=_("Is it one of your devices?"),
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": _("That device is not on your list any more. Choose again.")},
    )
    impact = forms.TypedChoiceField(
        label=_("Who is held up?"),
        coerce=int,
        choices=[
            (Ticket.Impact.PERSON, _("Just me")),
            (Ticket.Impact.CLASSROOM, _("My class")),
            (Ticket.Impact.SCHOOL, _("My school")),
        ],
        initial=Ticket.Impact.PERSON,
        widget=forms.RadioSelect,
    )
    urgency = forms.TypedChoiceField(
        label=_("How bad is it?"),
        coerce=int,
        required=False,
        empty_value=None,
        choices=[
            (Ticket.Urgency.STOPPED, _("Teaching or work has stopped")),
            (Ticket.Urgency.DEGRADED, _("I cannot work as usual")),
            (Ticket.Urgency.WORKAROUND, _("I found a way around it")),
            (Ticket.Urgency.NICE, _("It would be nice to have")),
        ],
        widget=forms.RadioSelect,
    )
    follow_up_of = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, person: User, **options: Any) -> None:
        super().__init__(*args, uploader=person, **options)
        self.rooms = {str(room.pk): room for room in person.rooms.select_related("building__school")}
        self.devices = {str(device.pk): device for device in person.devices.all()}
        self._offer_places(person)
        self._offer_devices()

    def _offer_places(self, person: User) -> None:
        place: Any = self.fields["place"]
        place.choices = [*((key, _room(room)) for key, room in self.rooms.items()), (ELSEWHERE, _("Somewhere else"))]
        place.initial = place.choices[0][0]
        if not self.rooms:
            place.widget = forms.HiddenInput()
        school: Any = self.fields["school"]
        school.queryset = School.objects.filter(is_active=True)
        school.initial = person.school_id

    def _offer_devices(self) -> None:
        field: Any = self.fields["device"]
        if self.devices:
            field.choices = [
                *((key, _device(device)) for key, device in self.devices.items()),
                ("", _("None of these")),
            ]
            field.initial = ""
        else:
            del self.fields["device"]

    @property
    def has_rooms(self) -> bool:
        return bool(self.rooms)

    def answers(self) -> dict[str, Any]:
        """The cleaned form as the keywords of `submissions.submit`."""
        given = self.cleaned_data
        return {
            "form_key": given["form_key"],
            "body": given["body"],
            "impact": given["impact"],
            "urgency": given["urgency"] or UNSAID,
            "device": self.devices.get(given.get("device", "")),
            "attachments": given["attachments"],
            **self._place(),
        }

    def _place(self) -> dict[str, Any]:
        """A room says its school itself; elsewhere the school and the words for the place stand for it."""
        room = self.rooms.get(self.cleaned_data["place"])
        if room is not None:
            return {"school": room.building.school, "room": room}
        return {"school": self.cleaned_data["school"], "place_note": self.cleaned_data["place_note"]}


class Crossing(Once):
    """A form about a ticket that may have moved on while the person wrote (tickets.intake.thread)."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def words(self) -> dict[str, Any]:
        """The cleaned form as the keywords of its action."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}


class Reply(WithFiles, Crossing):
    """One more letter of the requester; a photo may speak for itself, the action refuses a letter without either."""

    body = Words(
        label=_("Your message"), longest=Message.LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class Rejection(Crossing):
    """It is still broken, and one sentence of what happens now."""

    text = Words(
        label=_("What happens now?"),
        longest=Message.LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say in one sentence what still happens, so that nobody has to ask.")},
    )


def _room(room: Room) -> SafeString:
    building = room.building
    return format_html("<b>{}</b><small>{}, {}</small>", room.name, building.school.short_name, building.name)


def _device(device: Device) -> SafeString:
    return format_html("<b>{}</b><small>{}</small>", device.model, device.asset_tag)
