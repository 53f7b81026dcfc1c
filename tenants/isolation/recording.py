"""Migrates the blueprint and keeps, word for word, the SQL that Django sent."""

from collections.abc import Iterable
from typing import Any

from django.db import migrations, transaction
from django.db.backends.postgresql.schema import DatabaseSchemaEditor
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from psycopg.sql import SQL, Identifier

from tenants.isolation import names, router
from tenants.models import RecordedMigration


class RecordingEditor(DatabaseSchemaEditor):
    """A schema editor that remembers what it executed, deferred statements included."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.executed: list[str] = []

    def execute(self, sql: Any, params: Any = ()) -> None:
        if params is not None:  # what Django does one step later; here the text is wanted as it will be sent
            sql, params = self.connection.ops.compose_sql(str(sql), params), None
        self.executed.append(str(sql))
        super().execute(sql, params)


class AtomicExecutor(MigrationExecutor):
    """Applies each migration in one transaction with its mark; Django alone sets the mark after the commit."""

    def apply_migration(self, *args: Any, **kwargs: Any) -> ProjectState:
        with transaction.atomic(using=self.connection.alias):
            return super().apply_migration(*args, **kwargs)


class RecordingExecutor(MigrationExecutor):
    """Applies each migration to the blueprint in one transaction with its mark and its text: all of it or nothing."""

    def apply_migration(
        self, state: ProjectState, migration: Migration, fake: bool = False, fake_initial: bool = False
    ) -> ProjectState:
        if self.progress_callback:
            self.progress_callback("apply_start", migration, fake)
        with transaction.atomic(using=self.connection.alias):
            with RecordingEditor(self.connection, atomic=True) as editor:
                state = migration.apply(state, editor)
            self.record_migration(migration.app_label, migration.name)
            self._keep(migration, editor.executed)
        if self.progress_callback:
            self.progress_callback("apply_success", migration, fake)
        return state

    def _keep(self, migration: Migration, executed: list[str]) -> None:
        data = moves_data(migration) and router.alias_of(migration.app_label) == names.DISTRICT
        if not (executed or data):
            return  # an app of the platform: districts have nothing of it
        insert = SQL("INSERT INTO {} (app, name, sql, moves_data, recorded_at) VALUES (%s, %s, %s, %s, now())")
        table = Identifier(names.PLATFORM_SCHEMA, RecordedMigration._meta.db_table)
        text = "".join(f"{statement}\n;\n" for statement in executed)
        with self.connection.cursor() as cursor:
            cursor.execute(insert.format(table), [migration.app_label, migration.name, text, data])


def moves_data(migration: Migration) -> bool:
    """Whether the migration runs Python over rows, so that its SQL says nothing about the next district."""
    return any(isinstance(operation, migrations.RunPython) for operation in flat(migration.operations))


def flat(operations: Iterable[Operation]) -> list[Operation]:
    """The operations that touch a database, those inside SeparateDatabaseAndState included."""
    found: list[Operation] = []
    for operation in operations:
        if isinstance(operation, migrations.SeparateDatabaseAndState):
            found += flat(operation.database_operations)
        else:
            found.append(operation)
    return found
