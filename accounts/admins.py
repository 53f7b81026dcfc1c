"""The admins of a district: making the first one, and never losing the last one."""

from django.db import transaction

from accounts import invitations
from accounts.models import Grant, User
from accounts.policy import Role


class LastAdmin(Exception):
    """Without this person nobody could manage the district."""


@transaction.atomic
def create_first(*, email: str, given_name: str, family_name: str) -> tuple[User, str]:
    """Makes the district's first admin; returns them and the link by which they set a password."""
    user, link = invitations.invite(by=None, email=email, given_name=given_name, family_name=family_name)
    Grant.objects.create(user=user, role=Role.ADMIN, all_schools=True, all_queues=True)
    return user, link


def refuse_to_lose(user: User) -> None:
    """Raises LastAdmin if no other admin who can sign in would remain; called in the transaction that removes one.

    Grants and people are locked, so two admins who remove each other at once cannot both succeed.
    """
    able = {grant.user_id for grant in Grant.objects.of_admins().select_for_update()}
    if not able - {user.pk} and Grant.objects.filter(user=user, role=Role.ADMIN).exists():
        raise LastAdmin
