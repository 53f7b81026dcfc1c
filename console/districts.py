"""Opens a district for a customer: schema, role, keys, host, the first queue and the first admin, by one call."""

from dataclasses import dataclass

from accounts import admins, invitations
from accounts.models import User
from tenants.isolation import provision, scope
from tenants.models import District
from tickets.models import Queue

FIRST_QUEUE = "Central IT"


@dataclass(frozen=True)
class Opened:
    """A district that is open, its first admin, and the link by which they set a password."""

    district: District
    admin: User
    invitation_link: str


def open(  # noqa: A001 - called with its module: districts.open(...)
    *,
    slug: str,
    name: str,
    host: str,
    short_prefix: str,
    time_zone: str,
    admin_email: str,
    admin_given_name: str,
    admin_family_name: str,
) -> Opened:
    """Opens the district; call again with the same facts after an interruption, at whatever step it came.

    The link is kept nowhere, so a second call renews it, as long as the admin has not used it. Raises
    provision.Taken for a district of others, or one whose admin has moved in; ValidationError for what cannot be.
    """
    made: list[str] = []

    def fill() -> None:
        Queue.objects.create(name=FIRST_QUEUE, is_default=True)
        _, link = admins.create_first(email=admin_email, given_name=admin_given_name, family_name=admin_family_name)
        made.append(link)

    facts = {"name": name, "short_prefix": short_prefix, "time_zone": time_zone}
    try:
        district = provision.provision(slug=slug, host=host, fill=fill, **facts)
    except provision.Taken:
        known = _the_same(slug, host, facts)
        if known is None:
            raise
        district = known
    with scope.district_scope(district):
        admin = User.objects.filter(email__iexact=admin_email.strip()).first()
        if admin is None or admin.has_usable_password():
            raise provision.Taken(f"There is a district called {slug} already, and it has its admin.")
        return Opened(district, admin, made[0] if made else invitations.renew(by=None, user=admin))


def _the_same(slug: str, host: str, facts: dict[str, str]) -> District | None:
    """The open district, if it was opened with these very facts."""
    return District.objects.filter(slug=slug, domains__host=host, state=District.State.LIVE, **facts).first()
