"""The places where a person is signed in, and ending them."""

from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User

# The first that is found counts: Edge calls itself Chrome too, and Chrome calls itself Safari.
BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("CrOS", "Chromebook"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class Place:
    """One place where a person is signed in."""

    pk: int
    session_key: str
    browser: str
    ip: str
    since: datetime


def of(user: User) -> list[Place]:
    """The sessions of a person that still open a door, newest first; two queries whatever their number."""
    known = UserSession.objects.filter(user=user).order_by("-created_at", "-pk")
    alive = set(
        Session.objects.filter(session_key__in=known.values("session_key"), expire_date__gt=timezone.now()).values_list(
            "session_key", flat=True
        )
    )
    return [
        Place(each.pk, each.session_key, browser(each.user_agent), each.ip, each.created_at)
        for each in known
        if each.session_key in alive
    ]


@transaction.atomic
def end(user: User, pk: int) -> bool:
    """Ends one session of the person; False if they have none of that number."""
    return _end(UserSession.objects.filter(user=user, pk=pk)) > 0


@transaction.atomic
def end_all(user: User, *, keep: str | None = None) -> int:
    """Ends every session of the person but the one with the key `keep`; returns how many."""
    return _end(UserSession.objects.filter(user=user).exclude(session_key=keep or ""))


def browser(user_agent: str) -> str:
    """A browser's own description of itself, in the words a person would use; most lie about being others too."""
    name = next((word for mark, word in BROWSERS if mark in user_agent), "")
    system = next((word for mark, word in SYSTEMS if mark in user_agent), "")
    return ", ".join(word for word in (name, system) if word) or user_agent[:60]


def _end(ended: QuerySet[UserSession]) -> int:
    keys = list(ended.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()
    return len(keys)
