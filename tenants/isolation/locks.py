"""The lock between changing the blueprint and copying it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections, transaction

BLUEPRINT = 0x63686B62  # an arbitrary number; locks are counted for each database by itself


@contextmanager
def exclusive(alias: str) -> Iterator[None]:
    """Nobody else migrates or provisions while the block runs; held by a transaction, so a pooler does no harm."""
    with transaction.atomic(using=alias):
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [BLUEPRINT])
        yield


def share(alias: str) -> None:
    """Keeps the blueprint as it is until this transaction ends; others may share."""
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [BLUEPRINT])
