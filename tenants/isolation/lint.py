"""A system check: every migration of a district's app can be recorded and run again in each district."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.contrib.postgres import operations as postgresql
from django.core.checks import CheckMessage, Error
from django.db import migrations
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader

from tenants.isolation import names, recording, router

OUTSIDE_TRANSACTIONS = (postgresql.AddIndexConcurrently, postgresql.RemoveIndexConcurrently)
OF_BOOTSTRAP = (postgresql.CreateExtension,)


def district_migrations_can_be_run(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """Looks at all migrations on disk, ours and those of the libraries that have tables in districts."""
    loader = MigrationLoader(None, replace_migrations=False)
    wanted = None if app_configs is None else {app.label for app in app_configs}
    return list(faults(m for m in loader.disk_migrations.values() if wanted is None or m.app_label in wanted))


def faults(found: Iterable[Migration]) -> Iterator[CheckMessage]:
    """What is wrong with each migration that districts get."""
    for migration in found:
        if router.alias_of(migration.app_label) == names.DISTRICT:
            yield from _faults_of(migration)


def _faults_of(migration: Migration) -> Iterator[CheckMessage]:
    name = f"{migration.app_label}.{migration.name}"
    operations = recording.flat(migration.operations)
    if not migration.atomic:
        yield Error(f"{name} is not atomic: a district that fails half-way could not resume.", id="tenants.E101")
    if recording.moves_data(migration) and not all(isinstance(each, migrations.RunPython) for each in operations):
        yield Error(
            f"{name} moves data and changes tables: put what moves data into a migration of its own.",
            hint="Recorded SQL serves all districts; what RunPython does must be done in each anew.",
            id="tenants.E102",
        )
    for operation in operations:
        if isinstance(operation, OUTSIDE_TRANSACTIONS):
            yield Error(f"{name} builds an index concurrently, which no transaction can hold.", id="tenants.E103")
        if isinstance(operation, OF_BOOTSTRAP):
            yield Error(f"{name} creates an extension: that is for manage.py bootstrap.", id="tenants.E104")
