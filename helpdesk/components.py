"""The internal page of components: every part of the interface in all its states, in both themes, from the product's own partials."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from types import SimpleNamespace
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from helpdesk.access import public

SPECIMENS = (
    "words", "colours", "buttons", "fields", "states", "people", "ask", "queue", "messages", "composer", "facts",
    "path", "notices", "menus", "empty",
)  # fmt: skip


class State(StrEnum):
    """The fixed types of state; the product's own live on a higher floor."""

    NEW = "new"
    OPEN = "open"
    WAITING_REQUESTER = "waiting_requester"
    SCHEDULED = "scheduled"
    PENDING_APPROVAL = "pending_approval"
    RESOLVED = "resolved"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        words = {"open": "In progress", "scheduled": "Visit on Thursday", "pending_approval": "Needs approval"}
        return words.get(self, self.replace("_", " on ").capitalize())


@dataclass(frozen=True)
class Person:
    """Somebody to draw."""

    name: str
    job: str = ""

    @property
    def initials(self) -> str:
        return "".join(word[0] for word in self.name.split())


@dataclass(frozen=True)
class Ticket:
    """A ticket to draw; it answers the questions that the tags ask of a real one."""

    number: int
    subject: str
    requester: Person
    state: State
    priority: int
    school: Any
    place_note: str
    device: Any = None
    assignee: Person | None = None
    unread: bool = False

    @property
    def reference(self) -> str:
        return f"MU-{self.number}"

    def get_state_display(self) -> str:
        return self.state.label


class Example(forms.Form):
    """One field of each kind that the product uses."""

    what = forms.CharField(label="What is wrong?", help_text="Say it as you would to a colleague.")
    more = forms.CharField(label="More about it", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    school = forms.ChoiceField(label="School", choices=[("", "Choose a school"), ("lincoln", "Lincoln Middle")])
    stopped = forms.ChoiceField(
        label="Can you go on?",
        widget=forms.RadioSelect,
        choices=[("no", "Teaching has stopped"), ("partly", "With difficulty"), ("yes", "Yes, it can wait")],
    )
    notify = forms.BooleanField(label="Tell me in the app", required=False)
    photo = forms.FileField(label="Photo", required=False, help_text="Up to 25 MB.")
    locked = forms.CharField(label="Asset tag", disabled=True, initial="MU-20417")


@public
def page(request: HttpRequest) -> HttpResponse:
    """Each specimen twice, in light and in dark; ids end in the theme so that labels find their own control."""
    return render(request, "helpdesk/components.html", {"specimens": SPECIMENS, "sheets": [_sheet(each) for each in ("light", "dark")]})


def _sheet(theme: str) -> dict[str, Any]:
    rita, tomas = Person("Rita Shah", "Teacher"), Person("Tomas Reyes", "Technician")
    now = timezone.now()
    return {
        "theme": theme,
        "rita": rita,
        "tomas": tomas,
        "states": list(State),
        "levels": [1, 2, 3, 4],
        "icons": ["search", "bell", "lock", "paperclip", "camera", "image", "chevron-right", "monitor", "door-open"],
        "tickets": _tickets(rita, tomas),
        "moments": [now - timedelta(**ago) for ago in ({"seconds": 5}, {"minutes": 20}, {"hours": 30}, {"days": 4}, {"days": 70}, {"days": 400})],
        "blank": Example(auto_id=f"blank_{theme}_%s"),
        "wrong": Example({"what": "", "more": "The lamp is on.", "notify": "on"}, auto_id=f"wrong_{theme}_%s"),
    }


def _tickets(rita: Person, tomas: Person) -> list[Ticket]:
    lincoln, washington = SimpleNamespace(short_name="Lincoln Middle"), SimpleNamespace(short_name="Washington High")
    denise = Person("Denise Okafor", "Teacher")
    chromebook, cart = SimpleNamespace(asset_tag="MU-20417"), SimpleNamespace(asset_tag="CART-07")
    kiosk = "State test: 26 Chromebooks stuck on “Unable to reach kiosk app”"
    return [
        Ticket(10455, kiosk, denise, State.NEW, 1, washington, "Room 118", cart, None, unread=True),
        Ticket(10441, "Projector shows nothing from Chromebook, class at 10:20", rita, State.OPEN, 2, lincoln, "Room 214", chromebook, tomas),
        Ticket(10432, "Smart board pen writes an inch to the left", rita, State.SCHEDULED, 3, lincoln, "Room 214", None, tomas, unread=True),
        Ticket(10377, "Grade book will not save period 3", rita, State.RESOLVED, 4, lincoln, "Science lab 2", None, tomas),
    ]
