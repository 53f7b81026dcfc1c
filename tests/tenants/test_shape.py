"""A schema that somebody changed by hand is found, and named line by line."""

from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command
from django.db import connections, transaction
from psycopg.sql import SQL, Identifier

from tenants.isolation import names, scope, shape
from tenants.models import District


@pytest.fixture
def change(maple: District) -> Callable[[str], None]:
    """Runs DDL in Maple's schema, as the owner, in the test's own transaction."""

    def run(statement: str) -> None:
        role = Identifier(names.district_role(scope.database(), maple.pk))
        owner = scope.owner_scope(names.district_schema(maple.pk))
        with owner, transaction.atomic(), connections[names.DISTRICT].cursor() as cursor:
            cursor.execute(SQL(statement).format(role=role))

    return run


def test_districts_as_provisioned_have_the_blueprints_shape(maple: District, cedar: District) -> None:
    assert shape.compare() == []
    call_command("check_shapes")


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE accounts_school ADD COLUMN extra int",
        "ALTER TABLE accounts_school DROP COLUMN is_active",
        "ALTER TABLE accounts_school ALTER COLUMN name TYPE text",
        "ALTER TABLE accounts_school ALTER COLUMN name DROP NOT NULL",
        "ALTER TABLE accounts_school ALTER COLUMN name SET DEFAULT 'x'",
        "ALTER TABLE accounts_school ALTER COLUMN id DROP IDENTITY",
        "ALTER TABLE accounts_school ADD CONSTRAINT extra CHECK (id > 0)",
        "ALTER TABLE accounts_school ADD CONSTRAINT extra CHECK (id > 0) NOT VALID",
        "CREATE INDEX extra ON accounts_school (name)",
        "CREATE TABLE extra (id int)",
        "CREATE VIEW extra AS SELECT 1 AS one",
        "CREATE SEQUENCE extra",
        "CREATE FUNCTION extra() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "DROP TABLE django_session",
        "GRANT TRUNCATE ON accounts_school TO {role}",
        "REVOKE DELETE ON accounts_school FROM {role}",
        "REVOKE USAGE ON SEQUENCE accounts_school_id_seq FROM {role}",
        "GRANT SELECT ON accounts_school TO PUBLIC",
    ],
)
def test_a_change_by_hand_is_found(change: Callable[[str], None], cedar: District, statement: str) -> None:
    change(statement)
    (drift,) = shape.compare()
    assert drift.slug == "maple"
    assert drift.lacks or drift.has
    with pytest.raises(CommandError, match="1 districts differ"):
        call_command("check_shapes")


def test_a_drift_says_what_is_there_and_what_is_not(change: Callable[[str], None]) -> None:
    change("ALTER TABLE accounts_school RENAME COLUMN code TO sign")
    (drift,) = shape.compare()
    assert any(line.startswith("column accounts_school.code") for line in drift.lacks)
    assert any(line.startswith("column accounts_school.sign") for line in drift.has)


def test_a_district_without_its_schema_is_found(change: Callable[[str], None], maple: District) -> None:
    change(f"DROP SCHEMA {names.district_schema(maple.pk)} CASCADE")
    (drift,) = shape.compare()
    assert drift.has == ()
    assert len(drift.lacks) > 100
