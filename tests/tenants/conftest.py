"""A database of its own, and code with more migrations, for tests that change the shape of districts."""

import importlib
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
from django.conf import settings as django_settings
from django.db import connections, transaction
from django.db.migrations.recorder import MigrationRecorder

import accounts.migrations
from accounts.models import School
from tenants.isolation import blueprint, bootstrap, migrate, names, provision, scope
from tenants.isolation.backend.creation import point_to
from tenants.models import District, RecordedMigration

ALONE = 0x616C6F6E  # an arbitrary number
BLUEPRINT = names.BLUEPRINT_SCHEMA
TEXT = """
from django.db import migrations, models


def forwards(apps, editor):
    {body}


class Migration(migrations.Migration):
    dependencies = [("accounts", "{before}")]
    operations = [{operations}]
"""


@dataclass
class Code:
    """The accounts app with migrations that are still to be written."""

    folder: Path
    names: list[str] = field(default_factory=list)

    def add(self, name: str, operations: str, body: str = "pass") -> str:
        """Writes one more migration after the last one."""
        before = max(path.stem for path in self.folder.glob("0*.py"))
        number = int(before[:4]) + 1
        text = TEXT.format(before=before, operations=operations, body=body)
        (self.folder / f"{number:04}_{name}.py").write_text(text)
        importlib.invalidate_caches()
        self.names.append(f"{number:04}_{name}")
        return self.names[-1]

    def change(self, name: str, old: str, new: str) -> None:
        """Rewrites a migration, as somebody who mends it before anybody else has it."""
        path = self.folder / f"{name}.py"
        path.write_text(path.read_text().replace(old, new))
        sys.modules.pop(f"{self.folder.name}.{name}", None)
        importlib.invalidate_caches()


@contextmanager
def alone() -> Iterator[None]:
    """Roles belong to the whole server: tests that change one wait for each other, also across processes."""
    with psycopg.connect(django_settings.DATABASE_ADMIN_URL) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [ALONE])
        yield


@pytest.fixture
def alone_on_the_server() -> Iterator[None]:
    with alone():
        yield


@pytest.fixture(scope="module")
def scratch_database(django_db_setup: None, django_db_blocker: object) -> Iterator[str]:
    """Another database beside the tests' own, migrated and without districts."""
    usual = scope.database()
    name = f"{usual}_scratch"
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        with alone():
            bootstrap.remove(django_settings.DATABASE_ADMIN_URL, name)
            bootstrap.bootstrap(django_settings.DATABASE_ADMIN_URL, bootstrap.Target.of_settings(name))
        point_to(name)
        migrate.platform()
        migrate.blueprint()
        point_to(usual)
        yield name
        bootstrap.remove(django_settings.DATABASE_ADMIN_URL, name)


@pytest.fixture
def scratch(scratch_database: str, transactional_db: None) -> Iterator[str]:
    """The test works on that other database; afterwards it is as it was."""
    usual, recorded = scope.database(), None
    point_to(scratch_database)
    try:
        recorded = blueprint.latest()
        yield scratch_database
        connections.close_all()
        for district in District.objects.all():
            provision.drop(district)
        _restore(recorded)
    finally:
        connections.close_all()
        point_to(usual)


def _restore(recorded: blueprint.Blueprint) -> None:
    """Makes the blueprint anew from its record, and forgets what the test's migrations added to it."""
    later = RecordedMigration.objects.exclude(pk__in=recorded.migrations)
    added = set(later.values_list("app", "name"))
    with (
        scope.owner_scope(names.BLUEPRINT_SCHEMA),
        transaction.atomic(),
        connections[names.DISTRICT].cursor() as cursor,
    ):
        applied = MigrationRecorder(connections[names.DISTRICT]).applied_migrations()
        cursor.execute(f"DROP SCHEMA {BLUEPRINT} CASCADE")
        cursor.execute(f"CREATE SCHEMA {BLUEPRINT}")
        cursor.execute(recorded.sql)
        recorder = MigrationRecorder(connections[names.DISTRICT])
        recorder.ensure_schema()
        for migration in set(applied) - added:
            recorder.record_applied(*migration)
    later.delete()


@pytest.fixture
def code(scratch: str, tmp_path: Path, settings: object, monkeypatch: pytest.MonkeyPatch) -> Code:
    """Puts a copy of the accounts app's migrations in place of the real ones."""
    package = f"later_{tmp_path.name}"
    folder = tmp_path / package
    shutil.copytree(Path(accounts.migrations.__path__[0]), folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.syspath_prepend(str(tmp_path))
    settings.MIGRATION_MODULES = {"accounts": package}  # type: ignore[attr-defined]
    assert package not in sys.modules
    return Code(folder)


@pytest.fixture
def six(scratch: str) -> list[District]:
    """Six districts, each with one school named after it."""
    return [_one(number) for number in range(6)]


def _one(number: int) -> District:
    slug = f"district-{number}"

    def fill() -> None:
        School.objects.create(name=slug, short_name=slug, code=slug)

    return provision.provision(
        slug=slug, name=slug, host=f"{slug}.localhost", short_prefix="XX", time_zone="America/Denver", fill=fill
    )


def schema_of(district: District) -> str:
    return names.district_schema(district.pk)
