"""The health page that load balancers and `bin/demo` ask: is this process able to serve."""

import logging
from collections.abc import Callable

from django.core.cache import caches
from django.db import connections
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from helpdesk.access import public

logger = logging.getLogger(__name__)


@public
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while the database answers, 503 otherwise; a lost cache degrades but does not take the desk down."""
    database, cache = _works(_ask_database), _works(_ask_cache)
    state = "ok" if database and cache else "degraded" if database else "down"
    return JsonResponse({"status": state, "database": database, "cache": cache}, status=200 if database else 503)


def _works(question: Callable[[], object]) -> bool:
    try:
        question()
    except Exception as error:  # noqa: BLE001 - whatever a driver raises, it means the same here
        logger.warning("health: %s fails with %s", question.__name__, type(error).__name__)
        return False
    return True


def _ask_database() -> None:
    with connections["platform"].cursor() as cursor:
        cursor.execute("SELECT 1")


def _ask_cache() -> None:
    caches["platform"].set("health", 1, 5)
    if caches["platform"].get("health") != 1:
        raise LookupError("the cache keeps nothing")
