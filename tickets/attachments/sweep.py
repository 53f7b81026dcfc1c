"""Clearing away: uploads that no message ever took, and objects that no row speaks of."""

from datetime import datetime, timedelta
from itertools import batched
from uuid import UUID

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from helpdesk import jobs, storage
from tenants.isolation import each
from tickets.attachments import keys
from tickets.models import Attachment

LONGEST_UNSENT = timedelta(hours=24)
BATCH = 200
TABLE = "tickets_attachment"
# The same condition as in clear_unsent, for the one statement that asks all districts at once.
UNSENT = "message_id IS NULL AND created_at < now() - interval '24 hours'"


@shared_task(base=jobs.PlatformTask, name="tickets.attachments.sweep.unsent")
def unsent() -> None:
    """Rings for every district that has old unsent uploads; hourly."""
    each.ring(clear_unsent, TABLE, UNSENT)


@shared_task(base=jobs.PlatformTask, name="tickets.attachments.sweep.orphans")
def orphans() -> None:
    """Rings for every district that ever had a file; daily."""
    each.ring(clear_orphans, TABLE, "TRUE")


@shared_task(base=jobs.DistrictTask, name="tickets.attachments.sweep.clear_unsent")
def clear_unsent() -> None:
    """Deletes rows and objects of uploads that were not sent within a day; one that is being sent right now is left."""
    while _clear_some(timezone.now() - LONGEST_UNSENT):
        pass


@shared_task(base=jobs.DistrictTask, name="tickets.attachments.sweep.clear_orphans")
def clear_orphans() -> None:
    """Deletes objects older than a day that nothing needs: of rows that are gone, and uploads whose check is over.

    A browser could send once more to an address it was given, after we had checked and deleted what lay there.
    """
    before = timezone.now() - LONGEST_UNSENT
    old = (key for key, changed_at in storage.under(keys.prefix()) if changed_at < before)
    for batch in batched(old, BATCH):
        storage.delete(*_unneeded(batch))


def _clear_some(before: datetime) -> int:
    with transaction.atomic():
        old = Attachment.objects.filter(message=None, created_at__lt=before)
        ids = list(old.select_for_update(skip_locked=True).order_by("created_at").values_list("pk", flat=True)[:BATCH])
        Attachment.objects.filter(pk__in=ids).delete()
    for each_id in ids:
        storage.delete(*keys.of(each_id))
    return len(ids)


def _unneeded(batch: tuple[str, ...]) -> list[str]:
    owners = {key: _owner(key) for key in batch}
    rows = Attachment.objects.filter(pk__in=[owner for owner in owners.values() if owner])
    state = dict(rows.values_list("pk", "state"))
    waiting = (Attachment.State.UPLOADING, Attachment.State.QUARANTINED)
    needed = {owner: keys.of(owner) if state[owner] in waiting else keys.of(owner)[1:] for owner in state}
    return [key for key, owner in owners.items() if owner is None or key not in needed.get(owner, ())]


def _owner(key: str) -> UUID | None:
    try:
        return UUID(key.removeprefix(keys.prefix()).partition(".")[0])
    except ValueError:
        return None
