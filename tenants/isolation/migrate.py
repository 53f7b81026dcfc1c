"""Migrates the platform, then the blueprint, then every district: each district in its own short transactions."""

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from django.db import DatabaseError, OperationalError, connections, transaction
from django.db.migrations.exceptions import InconsistentMigrationHistory
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count
from psycopg import errors
from psycopg.sql import SQL, Identifier

from tenants.isolation import locks, names, scope
from tenants.isolation.recording import AtomicExecutor, RecordingExecutor
from tenants.isolation.replay import Replay
from tenants.models import AppliedMigration, District, RecordedMigration

if TYPE_CHECKING:
    from tenants.isolation.backend.base import DatabaseWrapper

log = logging.getLogger(__name__)

LOCK_TIMEOUT = "2s"  # longer than any good transaction; a request behind our lock waits no longer than this
TRIES = 8
RECONNECT_AFTER = 200  # districts: a connection keeps about a megabyte for each schema it touched

Progress = Callable[..., None]


@dataclass(frozen=True)
class Share:
    """One of several runners side by side: it takes every `of`-th district."""

    index: int = 0
    of: int = 1


@dataclass
class Result:
    """What a run over the districts did, and where it stopped."""

    migrated: int = 0
    failed: dict[str, str] = field(default_factory=dict)


def platform(progress: Progress | None = None) -> None:
    """Brings the platform's own tables to the code's state, as their owner."""
    with scope.owner_scope(names.BLUEPRINT_SCHEMA), locks.exclusive(names.DISTRICT), _platform_as_owner():
        _migrate(AtomicExecutor(connections[names.PLATFORM], progress))


def blueprint(progress: Progress | None = None) -> None:
    """Brings the blueprint to the code's state and records how."""
    with scope.owner_scope(names.BLUEPRINT_SCHEMA), locks.exclusive(names.PLATFORM):
        _migrate(RecordingExecutor(connections[names.DISTRICT], progress))


def districts(share: Share | None = None, progress: Progress | None = None) -> Result:
    """Applies to each district what it lacks. A failure stops that district, not the others; the next run resumes."""
    result, replay = Result(), Replay()
    for position, district in enumerate(_of(share or Share())):
        if position and position % RECONNECT_AFTER == 0:
            connections[names.DISTRICT].close()
        try:
            count = bring_up(district, replay)
        except DatabaseError as error:
            log.exception("District %s could not be migrated", district.pk)
            result.failed[district.slug] = str(error)
            continue
        result.migrated += bool(count)
        if progress:
            progress(district, count)
    return result


def bring_up(district: District, replay: Replay) -> int:
    """Applies what one district lacks and returns how many migrations that were."""
    has = set(AppliedMigration.objects.filter(district=district).values_list("migration_id", flat=True))
    lacks = [step for step in RecordedMigration.objects.order_by("id") if step.pk not in has]
    for step in lacks:
        _patiently(lambda step=step: _apply(district.pk, step, replay))  # type: ignore[misc]
    return len(lacks)


def pending() -> dict[str, int]:
    """How many recorded migrations each district lacks, by slug; districts that lack none are left out."""
    recorded = RecordedMigration.objects.count()
    counted = _finished().annotate(applied=Count("applied_migrations")).values_list("slug", "applied")
    return {slug: recorded - applied for slug, applied in counted if applied < recorded}


def _finished() -> Any:
    return District.objects.exclude(state=District.State.PROVISIONING).order_by("id")


def _of(share: Share) -> Iterable[District]:
    """A district that is still being provisioned comes too, once its schema is there: it has rows in the ledger."""
    begun = District.objects.filter(applied_migrations__isnull=False).distinct().order_by("id")
    return [district for district in (begun | _finished().distinct()) if district.pk % share.of == share.index]


def _apply(district_id: int, step: RecordedMigration, replay: Replay) -> None:
    """One migration in one district, with its row in the ledger; nothing if another runner was faster."""
    schema = names.district_schema(district_id)
    with scope.owner_scope(schema, district_id), transaction.atomic(using=names.DISTRICT):
        with connections[names.DISTRICT].cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout TO '{LOCK_TIMEOUT}'")
            if not _claimed(cursor, district_id, step):
                return
            if step.sql and not step.moves_data:
                cursor.execute(step.sql)
        if step.moves_data:
            replay.run(step.app, step.name)


def _claimed(cursor: Any, district_id: int, step: RecordedMigration) -> bool:
    """Writes the ledger's row, as the owner of the platform's tables; False if it is there or the district is gone."""
    district, ledger = (Identifier(names.PLATFORM_SCHEMA, each._meta.db_table) for each in (District, AppliedMigration))
    cursor.execute(SQL("SELECT 1 FROM {} WHERE id = %s FOR NO KEY UPDATE").format(district), [district_id])
    if cursor.fetchone() is None:
        return False
    insert = SQL("INSERT INTO {} (district_id, migration_id, applied_at) VALUES (%s, %s, now()) ON CONFLICT DO NOTHING")
    cursor.execute(insert.format(ledger), [district_id, step.pk])
    return bool(cursor.rowcount)


def _patiently(attempt: Callable[[], None]) -> None:
    """Tries again, after growing pauses, while somebody's transaction holds a table."""
    for tried in range(1, TRIES + 1):
        try:
            attempt()
        except OperationalError as error:
            if tried == TRIES or not isinstance(error.__cause__, errors.LockNotAvailable | errors.DeadlockDetected):
                raise
            time.sleep(0.1 * 2**tried)
        else:
            return


def _migrate(executor: MigrationExecutor) -> None:
    """Runs all migrations of the code, as Django's command would, and refuses what it would refuse."""
    executor.loader.check_consistent_history(executor.connection)
    if conflicts := executor.loader.detect_conflicts():
        raise InconsistentMigrationHistory(f"Two last migrations each, to be merged first: {conflicts}")
    executor.migrate(executor.loader.graph.leaf_nodes())


@contextmanager
def _platform_as_owner() -> Iterator[None]:
    connection = cast("DatabaseWrapper", connections[names.PLATFORM])
    connection.platform_scope = scope.Scope(names.owner_role(scope.database()), names.PLATFORM_SCHEMA)
    try:
        yield
    finally:
        connection.platform_scope = None
