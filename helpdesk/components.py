"""The internal page of components: every part in all its states, in both themes, from the product's own partials."""

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
    "words",
    "colours",
    "buttons",
    "fields",
    "states",
    "people",
    "ask",
    "queue",
    "messages",
    "composer",
    "facts",
    "path",
    "notices",
    "menus",
    "empty",
)
ICONS = ("search", "bell", "lock", "paperclip", "camera", "image", "chevron-right", "monitor", "door-open")
AGES = [timedelta(seconds=5), timedelta(minutes=20), timedelta(hours=30)] + [timedelta(days=n) for n in (4, 70, 400)]


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


RITA, TOMAS = Person("Rita Shah", "Teacher"), Person("Tomas Reyes", "Technician")


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
    is_unread: bool = False

    @property
    def turn(self) -> SimpleNamespace:
        is_ours = self.state in (State.NEW, State.OPEN)
        return SimpleNamespace(is_ours=is_ours, words="waiting 20 min for us" if is_ours else "since Thursday")

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
    sheets = [_sheet(theme) for theme in ("light", "dark")]
    return render(request, "helpdesk/components.html", {"specimens": SPECIMENS, "sheets": sheets})


def _sheet(theme: str) -> dict[str, Any]:
    wrong = {"what": "", "more": "The lamp is on.", "notify": "on"}
    return {
        "theme": theme,
        "rita": RITA,
        "tomas": TOMAS,
        "states": list(State),
        "levels": [1, 2, 3, 4],
        "icons": ICONS,
        "tickets": _tickets(),
        "moments": [timezone.now() - ago for ago in AGES],
        "blank": Example(auto_id=f"blank_{theme}_%s"),
        "wrong": Example(wrong, auto_id=f"wrong_{theme}_%s"),
    }


def _tickets() -> list[Ticket]:
    lincoln, washington = SimpleNamespace(short_name="Lincoln Middle"), SimpleNamespace(short_name="Washington High")
    denise = Person("Denise Okafor", "Teacher")
    chromebook, cart = SimpleNamespace(asset_tag="MU-20417"), SimpleNamespace(asset_tag="CART-07")
    kiosk = "State test: 26 Chromebooks stuck on “Unable to reach kiosk app”"
    projector, pen = (
        "Projector shows nothing from Chromebook, class at 10:20",
        "Smart board pen writes an inch to the left",
    )
    grades = "Grade book will not save period 3"
    return [
        Ticket(10455, kiosk, denise, State.NEW, 1, washington, "Room 118", device=cart, is_unread=True),
        Ticket(10441, projector, RITA, State.OPEN, 2, lincoln, "Room 214", device=chromebook, assignee=TOMAS),
        Ticket(10432, pen, RITA, State.SCHEDULED, 3, lincoln, "Room 214", assignee=TOMAS, is_unread=True),
        Ticket(10377, grades, RITA, State.RESOLVED, 4, lincoln, "Science lab 2", assignee=TOMAS),
    ]
