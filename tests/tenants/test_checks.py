"""The boot check turns red when somebody opens a wall, and bootstrap closes what it once closed."""

from collections.abc import Callable, Iterator

import psycopg
import pytest
from django.conf import settings
from django.core import checks as django_checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connections
from psycopg import Connection
from psycopg.sql import SQL, Identifier

from tenants.isolation import bootstrap, checks, names, scope
from tenants.models import District

pytestmark = pytest.mark.usefixtures("alone_on_the_server")


@pytest.fixture
def admin() -> Iterator[Connection]:
    with psycopg.connect(settings.DATABASE_ADMIN_URL, dbname=scope.database(), autocommit=True) as connection:
        yield connection


@pytest.fixture
def say(admin: Connection, maple: District, cedar: District) -> Callable[[str], None]:
    """Runs a statement as the administrator, with the names of this database's roles filled in."""
    database = scope.database()
    filled = {
        "database": Identifier(database),
        "login": Identifier(bootstrap.Target.of_settings().login),
        "maple": Identifier(names.district_role(database, maple.pk)),
        "cedar": Identifier(names.district_role(database, cedar.pk)),
        "platform": Identifier(names.platform_role(database)),
        "maple_schema": Identifier(names.district_schema(maple.pk)),
    }

    def run(statement: str) -> None:
        admin.execute(SQL(statement).format(**filled))

    return run


def found() -> list[str]:
    return sorted({str(fault.id) for fault in checks.faults()})


def test_a_database_as_bootstrap_made_it_has_no_fault(maple: District, cedar: District) -> None:
    assert [fault.msg for fault in checks.faults()] == []


@pytest.mark.parametrize(
    ("undo", "redo", "fault"),
    [
        (
            "GRANT EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) TO PUBLIC",
            "REVOKE EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) FROM PUBLIC",
            "tenants.E004",
        ),
        (
            "GRANT EXECUTE ON FUNCTION pg_catalog.lo_create(oid) TO PUBLIC",
            "REVOKE EXECUTE ON FUNCTION pg_catalog.lo_create(oid) FROM PUBLIC",
            "tenants.E004",
        ),
        ("GRANT USAGE ON LANGUAGE plpgsql TO PUBLIC", "REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC", "tenants.E005"),
        (
            "GRANT TEMP ON DATABASE {database} TO PUBLIC",
            "REVOKE TEMP ON DATABASE {database} FROM PUBLIC",
            "tenants.E006",
        ),
        (
            "GRANT CONNECT ON DATABASE {database} TO PUBLIC",
            "REVOKE CONNECT ON DATABASE {database} FROM PUBLIC",
            "tenants.E006",
        ),
        ("ALTER ROLE {login} INHERIT", "ALTER ROLE {login} NOINHERIT", "tenants.E001"),
        ("ALTER ROLE {login} CREATEROLE", "ALTER ROLE {login} NOCREATEROLE", "tenants.E001"),
        (
            "GRANT {platform} TO {login} WITH INHERIT TRUE",
            "GRANT {platform} TO {login} WITH INHERIT FALSE",
            "tenants.E002",
        ),
        ("GRANT {maple} TO {cedar}", "REVOKE {maple} FROM {cedar}", "tenants.E007"),
        ("GRANT {maple} TO {platform}", "REVOKE {maple} FROM {platform}", "tenants.E007"),
        ("ALTER ROLE {maple} BYPASSRLS", "ALTER ROLE {maple} NOBYPASSRLS", "tenants.E007"),
        (
            "GRANT USAGE ON SCHEMA {maple_schema} TO {cedar}",
            "REVOKE USAGE ON SCHEMA {maple_schema} FROM {cedar}",
            "tenants.E008",
        ),
        (
            "GRANT CREATE ON SCHEMA {maple_schema} TO {maple}",
            "REVOKE CREATE ON SCHEMA {maple_schema} FROM {maple}",
            "tenants.E008",
        ),
        ("GRANT USAGE ON SCHEMA public TO PUBLIC", "REVOKE ALL ON SCHEMA public FROM PUBLIC", "tenants.E008"),
        ("GRANT USAGE ON SCHEMA platform TO {maple}", "REVOKE USAGE ON SCHEMA platform FROM {maple}", "tenants.E008"),
        (
            "GRANT CREATE ON SCHEMA extensions TO PUBLIC",
            "REVOKE CREATE ON SCHEMA extensions FROM PUBLIC",
            "tenants.E008",
        ),
    ],
)
def test_an_opened_wall_turns_the_check_red(say: Callable[[str], None], undo: str, redo: str, fault: str) -> None:
    say(undo)
    try:
        assert found() == [fault]
    finally:
        say(redo)
    assert found() == []


def test_bootstrap_closes_what_was_opened(say: Callable[[str], None]) -> None:
    say("GRANT EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) TO PUBLIC")
    say("GRANT EXECUTE ON FUNCTION pg_catalog.lo_create(oid) TO PUBLIC")
    say("GRANT USAGE ON LANGUAGE plpgsql TO PUBLIC")
    say("GRANT ALL ON DATABASE {database} TO PUBLIC")
    say("GRANT ALL ON SCHEMA public TO PUBLIC")
    say("ALTER ROLE {login} INHERIT")
    say("GRANT {platform} TO {login} WITH INHERIT TRUE")
    assert len(found()) == 6
    assert bootstrap.bootstrap(settings.DATABASE_ADMIN_URL, bootstrap.Target.of_settings(scope.database())) == []
    assert found() == []


def test_the_check_command_fails_on_a_fault(say: Callable[[str], None]) -> None:
    say("GRANT TEMP ON DATABASE {database} TO PUBLIC")
    try:
        with pytest.raises(SystemCheckError, match="everybody has TEMPORARY on this database"):
            call_command("check", "--database", names.DISTRICT, tags=[django_checks.Tags.database])
    finally:
        say("REVOKE TEMP ON DATABASE {database} FROM PUBLIC")


@pytest.mark.django_db(transaction=True)
def test_another_time_zone_of_the_server_is_told(say: Callable[[str], None]) -> None:
    say("ALTER DATABASE {database} SET timezone TO 'America/Chicago'")
    try:
        connections.close_all()
        assert found() == ["tenants.E009"]
    finally:
        say("ALTER DATABASE {database} SET timezone TO 'UTC'")
        connections.close_all()


@pytest.mark.parametrize(
    ("target", "says"),
    [({"login": "postgres"}, "same role"), ({"database": "no spaces"}, "may not be called")],
)
def test_bootstrap_refuses_what_cannot_keep_districts_apart(maple: District, target: dict[str, str], says: str) -> None:
    usual = vars(bootstrap.Target.of_settings())
    with pytest.raises((bootstrap.CannotBootstrap, names.UnusableName), match=says):
        bootstrap.bootstrap(settings.DATABASE_ADMIN_URL, bootstrap.Target(**usual | target))


def test_bootstrap_refuses_a_login_that_is_a_superuser(say: Callable[[str], None]) -> None:
    usual = vars(bootstrap.Target.of_settings())
    say("CREATE ROLE chalkdesk_trial_superuser SUPERUSER LOGIN")
    try:
        with pytest.raises(bootstrap.CannotBootstrap, match="superuser"):
            bootstrap.bootstrap(
                settings.DATABASE_ADMIN_URL, bootstrap.Target(**usual | {"login": "chalkdesk_trial_superuser"})
            )
    finally:
        say("DROP ROLE chalkdesk_trial_superuser")


def test_bootstrap_without_an_administrator_says_so(maple: District) -> None:
    with pytest.raises(bootstrap.CannotBootstrap, match="DATABASE_ADMIN_URL"):
        bootstrap.bootstrap("", bootstrap.Target.of_settings())
