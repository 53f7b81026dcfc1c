"""Celery tasks that carry district and request in their headers, and refuse to run without a district.

Our apps are not imported here: the module that knows districts is named in `settings.JOB_TENANCY`. It offers
`current()`, which tells the open scope, and `district_scope_by_id(id)`, which opens one.
"""

import logging
from collections.abc import Callable
from importlib import import_module
from typing import Any

from celery import Task
from django.conf import settings
from django.db import transaction

from helpdesk import log

logger = logging.getLogger(__name__)


class NoDistrict(RuntimeError):
    """A job was sent, or arrived, without saying for which district it works."""


def _tenancy() -> Any:
    return import_module(settings.JOB_TENANCY)


def current_district_id() -> int:
    """The district whose scope is open; raises NoDistrict where none is."""
    scope = _tenancy().current()
    if scope is None or scope.district_id is None:
        raise NoDistrict("no district scope is open")
    return int(scope.district_id)


class DistrictTask(Task):
    """A job of one district: sent from inside its scope, run inside its scope."""

    abstract = True

    def apply_async(self, args: Any = None, kwargs: Any = None, **options: Any) -> Any:
        headers = {"district": current_district_id(), "request_id": log.request_id()} | (
            options.pop("headers", None) or {}
        )
        return super().apply_async(args, kwargs, headers=headers, **options)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        district_id = self._header("district")
        if not isinstance(district_id, int):
            raise NoDistrict(f"{self.name} arrived without a district")
        with log.request(self._header("request_id") or ""), _tenancy().district_scope_by_id(district_id):
            return super().__call__(*args, **kwargs)

    def _header(self, name: str) -> Any:
        # Where a message comes from the broker, Celery lays its headers on the request itself.
        return (self.request.headers or {}).get(name, getattr(self.request, name, None))


class PlatformTask(Task):
    """A job of no district: it may look at platform tables and send district jobs, nothing else."""

    abstract = True


def ring(task: DistrictTask, *args: Any) -> None:
    """Sends the job after the open transaction has committed.

    A dead broker must not fail the action whose bell this is: the sweeper finds the work later.
    """
    transaction.on_commit(lambda: quietly(lambda: task.apply_async(args, retry=False)))


def quietly(send: Callable[[], Any]) -> None:
    """Calls and logs what goes wrong with the broker instead of raising it."""
    try:
        send()
    except NoDistrict:
        raise
    except Exception as error:  # noqa: BLE001 - whatever the transport raises only means that nobody was woken
        logger.warning("bell not rung: %s", type(error).__name__)
