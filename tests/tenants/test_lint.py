"""Migrations that cannot be done in every district are found before they are run."""

import pytest
from django.contrib.postgres.operations import AddIndexConcurrently, CreateExtension
from django.core.management import call_command
from django.db import migrations, models
from django.db.migrations import Migration
from django.db.migrations.operations.base import Operation

from tenants.isolation import lint
from tenants.models import District

PYTHON = migrations.RunPython(migrations.RunPython.noop)
COLUMN = migrations.AddField("school", "motto", models.TextField(null=True))
INDEX = models.Index(fields=["name"], name="n")


def migration(*operations: Operation, app: str = "accounts", atomic: bool = True) -> Migration:
    made = Migration("0099_trial", app)
    # Django lays both on the instance as well, which its types do not know.
    made.operations, made.atomic = list(operations), atomic  # type: ignore[misc]
    return made


def found(given: Migration) -> list[str]:
    return [str(fault.id) for fault in lint.faults([given])]


@pytest.mark.parametrize(
    ("given", "faults"),
    [
        (migration(COLUMN), []),
        (migration(PYTHON), []),
        (migration(PYTHON, PYTHON), []),
        (migration(PYTHON, COLUMN), ["tenants.E102"]),
        (migration(migrations.SeparateDatabaseAndState([PYTHON]), COLUMN), ["tenants.E102"]),
        (migration(COLUMN, atomic=False), ["tenants.E101"]),
        (migration(AddIndexConcurrently("school", INDEX), atomic=False), ["tenants.E101", "tenants.E103"]),
        (migration(CreateExtension("citext")), ["tenants.E104"]),
        (migration(PYTHON, COLUMN, app="tenants", atomic=False), []),
    ],
)
def test_a_district_migration_is_judged(given: Migration, faults: list[str]) -> None:
    assert found(given) == faults


def test_all_migrations_of_the_code_can_be_run() -> None:
    assert lint.district_migrations_can_be_run(None) == []


def test_the_commands_that_look_at_history_find_the_blueprints(maple: District) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
    call_command("showmigrations", verbosity=0)
    call_command("sqlmigrate", "accounts", "0001", verbosity=0)
