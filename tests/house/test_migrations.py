"""Migrations are complete and safe to run while the last release still works."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader

from tenants.isolation import scope
from tenants.models import District
from tests.house import migration_lint

OURS = {"tenants", "accounts", "tickets", "console"}


def every() -> dict[tuple[str, str], Any]:
    loaded = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    return {key: migration for key, migration in loaded.items() if key[0] in OURS}


@pytest.mark.parametrize("key", sorted(every()), ids=".".join)
def test_no_migration_is_unsafe(key: tuple[str, str]) -> None:
    assert migration_lint.faults(every()[key]) == []


def test_the_models_need_no_further_migration(maple: District) -> None:
    with scope.district_scope(maple):
        call_command("makemigrations", check=True, dry_run=True, verbosity=0)


UNSAFE: list[list[Any]] = [
    [migrations.RemoveField("ticket", "subject")],
    [migrations.DeleteModel("Ticket")],
    [migrations.RenameField("ticket", "subject", "title")],
    [migrations.AlterField("ticket", "subject", models.TextField())],
    [migrations.AddField("ticket", "colour", models.CharField(max_length=5, default="red"))],
    [migrations.RunPython(migrations.RunPython.noop), migrations.AddField("t", "c", models.TextField(null=True))],
]


@pytest.mark.parametrize("operations", UNSAFE)
def test_the_lint_finds_what_is_unsafe(operations: list[Any]) -> None:
    bad = type("Migration", (migrations.Migration,), {"operations": operations, "initial": False})("0002_x", "tickets")
    assert migration_lint.faults(bad)


def test_the_lint_lets_safe_operations_pass() -> None:
    good = [
        migrations.AddField("ticket", "colour", models.CharField(max_length=5, null=True)),
        migrations.AddField("ticket", "count", models.IntegerField(db_default=0)),
    ]
    fine = type("Migration", (migrations.Migration,), {"operations": good, "initial": False})("0002_x", "tickets")
    assert migration_lint.faults(fine) == []
