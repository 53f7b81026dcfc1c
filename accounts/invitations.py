"""Invitations: making, renewing, revoking and accepting the one-time links by which people get in."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts import addresses, sessions
from accounts.models import Invitation, School, User
from accounts.models.invitation import InvitationQuerySet

LIFE = timedelta(days=7)
LIFE_FOR_A_RETURN = timedelta(hours=24)  # for somebody who has a password already and lost it


class Spent(Exception):
    """The link opens nothing: unknown, used, revoked, expired, or of somebody who is switched off."""


@transaction.atomic
def invite(
    *,
    by: User | None,
    email: str,
    given_name: str,
    family_name: str = "",
    school: School | None = None,
    job: str = "",
    at: datetime | None = None,
) -> tuple[User, str]:
    """Makes the person, without a password, and the link by which they set one; the link is not kept anywhere."""
    user = User.objects.create_user(email, given_name=given_name, family_name=family_name, school=school, job=job)
    return user, renew(by=by, user=user, at=at)


@transaction.atomic
def renew(*, by: User | None, user: User, at: datetime | None = None) -> str:
    """Makes a fresh link for the person and returns it; the one before it, if any, opens nothing from now on."""
    at = at or timezone.now()
    User.objects.select_for_update().get(pk=user.pk)  # two at once would each revoke nothing and then collide
    revoke(user=user, at=at)
    token = secrets.token_urlsafe(32)
    Invitation.objects.create(
        user=user,
        token_hash=Invitation.hash_of(token),
        invited_by=by,
        created_at=at,
        expires_at=at + (LIFE_FOR_A_RETURN if user.has_usable_password() else LIFE),
    )
    return addresses.of_page(reverse("accounts:invitation", kwargs={"token": token}, urlconf="helpdesk.urls_district"))


def revoke(*, user: User, at: datetime | None = None) -> int:
    """Takes back the links of the person that nobody used; returns how many."""
    return Invitation.objects.unused().filter(user=user).update(revoked_at=at or timezone.now())


def find(token: str, *, at: datetime | None = None) -> Invitation:
    """The invitation behind a link; raises Spent if it opens nothing."""
    found = _good(token, at or timezone.now()).select_related("user").first()
    if found is None:
        raise Spent
    return found


@transaction.atomic
def accept(*, token: str, given_name: str, family_name: str, password: str, at: datetime | None = None) -> User:
    """Uses the link up: sets name and password and ends the sessions of before; raises Spent if it opens nothing."""
    at = at or timezone.now()
    # The row is locked, so of two who use the link at once the second finds it used.
    found = _good(token, at).select_for_update().select_related("user").first()
    if found is None:
        raise Spent
    found.accepted_at = at
    found.save(update_fields=["accepted_at"])
    user = found.user
    user.given_name, user.family_name = given_name, family_name
    user.set_password(password)
    user.save(update_fields=["given_name", "family_name", "password"])
    sessions.end_all(user)
    return user


def _good(token: str, at: datetime) -> InvitationQuerySet:
    return Invitation.objects.good(at).filter(token_hash=Invitation.hash_of(token))
