"""Opens the demo districts: each is provisioned and filled in one transaction, so there is never half of one."""

from datetime import datetime

from console.demo import planting
from console.demo.plans import Plan
from tenants.isolation import provision
from tenants.models import District


def is_there(plan: Plan) -> bool:
    """Whether the district is open already; one whose making was interrupted is not."""
    return District.objects.filter(slug=plan.slug).exclude(state=District.State.PROVISIONING).exists()


def seed(plan: Plan, *, now: datetime) -> int:
    """Opens the district with its history and returns the number of its tickets; call again after an interruption.

    Raises provision.Taken for a district that is open already.
    """
    written: list[int] = []
    provision.provision(
        slug=plan.slug,
        name=plan.name,
        host=plan.host,
        short_prefix=plan.short_prefix,
        time_zone=plan.time_zone,
        fill=lambda: written.append(planting.plant(plan, now=now)),
    )
    return sum(written)
