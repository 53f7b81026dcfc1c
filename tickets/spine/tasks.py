"""The jobs of the spine: the bell that an action rings, and the sweep that finds what no bell announced."""

import logging
from collections.abc import Iterator

from celery import shared_task
from django.utils import timezone

from helpdesk import jobs
from tenants.isolation import each
from tickets.models import Duty
from tickets.spine import duties

logger = logging.getLogger(__name__)

BATCH = 200
# The same condition as duties.open_at, for the one statement that asks all districts at once.
OPEN = (
    "done_at IS NULL AND dead_at IS NULL AND (leased_until IS NULL OR leased_until < now())"
    " AND (not_before IS NULL OR not_before <= now())"
)


@shared_task(base=jobs.DistrictTask, name="tickets.spine.tasks.attend")
def attend(event_id: int) -> None:
    """Does the open duties of one event, in the order in which its consumers were registered."""
    for duty in Duty.objects.filter(duties.open_at(timezone.now()), event=event_id).select_related("event"):
        duties.attend(duty)


@shared_task(base=jobs.DistrictTask, name="tickets.spine.tasks.attend_open")
def attend_open() -> None:
    """Does a batch of the district's open duties and rings again while there are more, so districts take turns."""
    batch = list(_open_duties(BATCH))
    for duty in batch:
        duties.attend(duty)
    if len(batch) == BATCH:
        jobs.quietly(lambda: attend_open.apply_async(retry=False))


def _open_duties(most: int) -> Iterator[Duty]:
    yield from Duty.objects.filter(duties.open_at(timezone.now())).select_related("event").order_by("id")[:most]


@shared_task(base=jobs.PlatformTask, name="tickets.spine.tasks.sweep")
def sweep() -> None:
    """Rings for every district that has open duties; runs every 30 s and is harmless when it runs twice."""
    if count := each.ring(attend_open, "tickets_duty", OPEN):
        logger.info("districts with open duties", extra={"count": count})
