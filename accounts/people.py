"""The person behind a request, and switching somebody off and on again."""

from django.db import transaction
from django.http import HttpRequest

from accounts import admins, invitations, sessions
from accounts.models import User


def of(request: HttpRequest) -> User:
    """The signed-in person; the mark on every view has made sure that there is one."""
    if not isinstance(request.user, User):
        raise TypeError("a view for signed-in people was called without one")
    return request.user


@transaction.atomic
def deactivate(*, user: User) -> User:
    """Ends the person's sessions and links and lets them in no more; raises admins.LastAdmin for the last one."""
    admins.refuse_to_lose(user)
    user.is_active = False
    user.save(update_fields=["is_active"])
    invitations.revoke(user=user)
    sessions.end_all(user)
    return user


def reactivate(*, user: User) -> User:
    """Lets the person in again, with the password and the rights they had."""
    user.is_active = True
    user.save(update_fields=["is_active"])
    return user
