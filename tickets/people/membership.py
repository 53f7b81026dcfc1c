"""Letting people in and out: the actions of accounts, each with the event that tells of it."""

from django.db import transaction

from accounts import invitations, people
from accounts.models import School, User
from tickets.spine import events
from tickets.spine.events import Kind


@transaction.atomic
def invite(
    *, by: User, email: str, given_name: str, family_name: str = "", school: School | None = None, job: str = ""
) -> tuple[User, str]:
    """Makes the person and returns them with the link that lets them in."""
    user, link = invitations.invite(
        by=by, email=email, given_name=given_name, family_name=family_name, school=school, job=job
    )
    events.record(Kind.INVITED, by=by, person=user.pk)
    return user, link


@transaction.atomic
def renew_link(*, by: User, user: User) -> str:
    """A fresh link for somebody who is invited or cannot sign in any more; the one before it opens nothing."""
    link = invitations.renew(by=by, user=user)
    events.record(Kind.LINKED, by=by, person=user.pk)
    return link


@transaction.atomic
def take_link_back(*, by: User, user: User) -> None:
    """The unused link of the person opens nothing any more."""
    if invitations.revoke(user=user):
        events.record(Kind.UNLINKED, by=by, person=user.pk)


@transaction.atomic
def deactivate(*, by: User, user: User) -> None:
    """Ends the person's sessions at once; raises admins.LastAdmin."""
    people.deactivate(user=user)
    events.record(Kind.DEACTIVATED, by=by, person=user.pk)


@transaction.atomic
def reactivate(*, by: User, user: User) -> None:
    """Lets the person in again."""
    people.reactivate(user=user)
    events.record(Kind.REACTIVATED, by=by, person=user.pk)
