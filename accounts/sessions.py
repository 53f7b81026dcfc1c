"""The places where a person is signed in, and ending them."""

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User


def of(user: User) -> list[UserSession]:
    """The sessions of a person that still open a door, newest first; two queries whatever their number."""
    known = UserSession.objects.filter(user=user).order_by("-created_at", "-pk")
    alive = set(
        Session.objects.filter(session_key__in=known.values("session_key"), expire_date__gt=timezone.now()).values_list(
            "session_key", flat=True
        )
    )
    return [each for each in known if each.session_key in alive]


@transaction.atomic
def end(user: User, pk: int) -> bool:
    """Ends one session of the person; False if they have none of that number."""
    return _end(UserSession.objects.filter(user=user, pk=pk)) > 0


@transaction.atomic
def end_all(user: User, *, keep: str | None = None) -> int:
    """Ends every session of the person but the one with the key `keep`; returns how many."""
    return _end(UserSession.objects.filter(user=user).exclude(session_key=keep or ""))


def _end(ended: QuerySet[UserSession]) -> int:
    keys = list(ended.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()
    return len(keys)
