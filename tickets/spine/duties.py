"""Doing duties: claim one by a conditional update, work, and mark it done together with its effect."""

import logging
import traceback
import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from tickets.models import Duty
from tickets.spine import consumers

logger = logging.getLogger(__name__)

MOST_TRIES = 8
LONGEST_PAUSE = timedelta(minutes=15)


class Lost(Exception):
    """The lease ran out and somebody else did the duty; raised to roll the second effect back."""


def open_at(at: datetime) -> Q:
    """Duties that nobody does at that moment and that are due."""
    return (
        Q(done_at=None, dead_at=None)
        & (Q(leased_until=None) | Q(leased_until__lt=at))
        & (Q(not_before=None) | Q(not_before__lte=at))
    )


def attend(duty: Duty) -> bool:
    """Does one duty if it is still free; True when its effect was applied by this call."""
    consumer = consumers.named(duty.consumer)
    if consumer is None:  # during a deploy newer code may owe what this code does not know; it stays open
        return False
    token = claim(duty, lease=consumer.lease)
    if token is None:
        return False
    try:
        effect = consumer.work(duty.event) if consumer.outside else None
        with transaction.atomic():
            finish(duty, token)
            if not consumer.outside:
                consumer.work(duty.event)
            elif effect:
                effect()
    except Lost:
        logger.warning("duty %s of %s was done by another worker", duty.pk, consumer.name)
        return False
    except Exception as error:  # noqa: BLE001 - a consumer may fail in any way; the duty stays and is tried again
        postpone(duty, token, error)
        return False
    return True


def claim(duty: Duty, *, lease: timedelta) -> uuid.UUID | None:
    """Takes the duty for as long as the lease; None when it is done, dead, not due or taken."""
    now, token = timezone.now(), Duty.new_token()
    taken = Duty.objects.filter(open_at(now), pk=duty.pk).update(
        leased_until=now + lease, token=token, tries=F("tries") + 1
    )
    return token if taken else None


def finish(duty: Duty, token: uuid.UUID) -> None:
    """Marks the duty done, as part of the transaction of its effect; raises Lost when the claim is no longer ours."""
    if not Duty.objects.filter(pk=duty.pk, token=token, done_at=None).update(done_at=timezone.now(), error=""):
        raise Lost


def postpone(duty: Duty, token: uuid.UUID, error: Exception) -> None:
    """Frees a failed duty for a later try, twice as late each time; the last failure leaves it dead, for the operator.

    Only where and what kind of error is kept: its text may hold what a person wrote.
    """
    last = traceback.extract_tb(error.__traceback__)[-1]
    what = f"{type(error).__name__} at {last.filename.rsplit('/', 2)[-1]}:{last.lineno}"
    tries = Duty.objects.filter(pk=duty.pk).values_list("tries", flat=True).get()
    now = timezone.now()
    dead = tries >= MOST_TRIES
    Duty.objects.filter(pk=duty.pk, token=token, done_at=None).update(
        leased_until=None,
        token=None,
        error=what,
        not_before=now + min(timedelta(seconds=2**tries), LONGEST_PAUSE),
        dead_at=now if dead else None,
    )
    logger.log(logging.ERROR if dead else logging.WARNING, "duty %s of %s failed: %s", duty.pk, duty.consumer, what)
