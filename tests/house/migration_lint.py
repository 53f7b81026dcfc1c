"""Which operations of a migration are unsafe while old code runs against the same tables."""

from collections.abc import Iterator
from typing import Any

from django.db import migrations
from django.db.migrations.operations.base import Operation

LOSES = (migrations.RemoveField, migrations.DeleteModel, migrations.RenameField, migrations.RenameModel)


def faults(migration: Any) -> list[str]:
    """One line for each unsafe operation; the first migration of an app makes its tables and may do more."""
    return list(_faults(migration))


def _faults(migration: Any) -> Iterator[str]:
    if not getattr(migration, "atomic", True):
        yield "atomic = False: a district would be left half migrated"
    if any(isinstance(each, migrations.RunPython) for each in migration.operations) and len(migration.operations) > 1:
        yield "RunPython stands beside other operations"
    if migration.initial:
        return
    made = {each.name.lower() for each in migration.operations if isinstance(each, migrations.CreateModel)}
    for operation in migration.operations:
        yield from _operation_faults(operation, made)


def _operation_faults(operation: Operation, made: set[str]) -> Iterator[str]:
    if isinstance(operation, LOSES):
        yield f"{operation.describe()}: code that still runs uses it"
    if isinstance(operation, migrations.AlterField):
        yield f"{operation.describe()}: may rewrite or lock the table; say in the migration why it does not"
    if isinstance(operation, migrations.AddField) and operation.model_name.lower() not in made:
        field = operation.field
        if not field.null and not field.has_db_default() and not field.many_to_many:
            yield f"{operation.describe()}: a required column without a database default breaks inserts of old code"
