"""What PostgreSQL itself refuses a district's role, whatever SQL somebody slipped in."""

import psycopg
import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.utils import DatabaseError
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict

from accounts.models import School
from tenants.isolation import bootstrap, names, scope
from tenants.models import District

ADMIN = conninfo_to_dict(settings.DATABASE_ADMIN_URL)["user"]

# The second is what a changed role meets inside the functions that run a text as SQL.
DENIALS = (errors.InsufficientPrivilege, errors.FeatureNotSupported)


def refused(statement: str, *parameters: str) -> psycopg.Error:
    """Runs the statement in the scope at hand and returns PostgreSQL's refusal."""
    with pytest.raises(DatabaseError) as raised, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters or None)
    assert isinstance(raised.value.__cause__, psycopg.Error)
    return raised.value.__cause__


def test_maples_role_cannot_select_from_cedars_schema(in_maple: District, cedar: District) -> None:
    schema = names.district_schema(cedar.pk)
    for table in ("accounts_user", "tickets_ticket", "django_session", "account_emailaddress"):
        error = refused(f"SELECT * FROM {schema}.{table}")  # noqa: S608
        assert isinstance(error, errors.InsufficientPrivilege)
        assert f"permission denied for schema {schema}" in str(error)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO {cedar}.accounts_school (name, short_name, code, is_active) VALUES ('x', 'x', 'x', true)",
        "UPDATE {cedar}.accounts_school SET name = 'x'",
        "DELETE FROM {cedar}.accounts_school",
        "SELECT * FROM platform.tenants_datakey",
        "SELECT * FROM tenant_blueprint.accounts_user",
        "CREATE TABLE mine (id int)",
        "CREATE TEMP TABLE mine (id int)",
        "CREATE TABLE public.mine (id int)",
        "CREATE TABLE extensions.mine (id int)",
        "CREATE SCHEMA mine",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "DROP TABLE accounts_school CASCADE",
        "ALTER TABLE accounts_school ADD COLUMN x int",
        "TRUNCATE accounts_school CASCADE",
        "CREATE INDEX ON accounts_school (name)",
        "CREATE TRIGGER t BEFORE INSERT ON accounts_school FOR EACH ROW EXECUTE FUNCTION x()",
        "SELECT setval('accounts_school_id_seq', 1)",
        "SELECT set_config('role', 'none', false)",
        "SELECT set_config('search_path', '{cedar}', true)",
        "UPDATE pg_settings SET setting = 'none' WHERE name = 'role'",
        "SELECT query_to_xml('SET ROLE none', true, true, '')",
        "SELECT query_to_xml('RESET ROLE', true, true, '')",
        "SELECT query_to_xml('SELECT set_config(''role'', ''none'', false)', true, true, '')",
        "SELECT * FROM ts_stat('SELECT to_tsvector(set_config(''role'', ''none'', false))')",
        "SELECT pg_read_file('/etc/hostname')",
        "SELECT * FROM pg_ls_dir('/')",
        "COPY accounts_school TO '/tmp/x'",
        "COPY accounts_school TO PROGRAM 'id'",
        "COPY accounts_school FROM PROGRAM 'id'",
        "SET SESSION AUTHORIZATION {admin}",
        "CREATE ROLE mine",
        "ALTER ROLE CURRENT_USER CREATEROLE",
        "CREATE EXTENSION dblink",
        "SELECT lo_create(0)",
        "SELECT lo_from_bytea(0, 'x')",
        "SELECT lo_get(1)",
        "SELECT * FROM pg_largeobject",
        "SELECT rolpassword FROM pg_authid",
        "DO $$ BEGIN EXECUTE 'reset role'; END $$",
        "DO $$ BEGIN NULL; END $$",
        "SELECT pg_reload_conf()",
    ],
)  # fmt: skip
def test_a_districts_role_is_refused(in_maple: District, cedar: District, statement: str) -> None:
    schemas = {"cedar": names.district_schema(cedar.pk), "admin": ADMIN}
    error = refused(statement.format(**schemas))
    assert isinstance(error, DENIALS), error


def test_a_districts_role_cannot_become_another_districts(in_maple: District, cedar: District) -> None:
    """In a SELECT. A stacked SET ROLE would pass, which is why no statement is formatted by hand."""
    refused("SELECT set_config('role', %s, true)", names.district_role(scope.database(), cedar.pk))


def test_a_districts_role_sees_no_other_sessions_statements(in_maple: District) -> None:
    with bootstrap.Target.of_settings().connect() as other, connection.cursor() as cursor:
        other.execute("SELECT 'of somebody else'")
        cursor.execute("SELECT query FROM pg_stat_activity WHERE pid = %s", [other.info.backend_pid])
        assert cursor.fetchone() == ("<insufficient privilege>",)


def test_a_districts_role_can_give_nobody_a_right(in_maple: District) -> None:
    """PostgreSQL answers such a grant with a warning, so the rights themselves are looked at."""
    rights = "SELECT nspacl::text FROM pg_namespace WHERE nspname = current_schema()"
    with connection.cursor() as cursor:
        cursor.execute(rights)
        before = cursor.fetchone()
        cursor.execute(f"GRANT USAGE ON SCHEMA {names.district_schema(in_maple.pk)} TO PUBLIC")
        cursor.execute(rights)
        assert cursor.fetchone() == before


def test_a_districts_role_sees_statistics_of_its_own_tables_alone(in_maple: District) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT schemaname FROM pg_stats WHERE schemaname ~ '^(d_|platform|tenant)'")
        assert {schema for (schema,) in cursor.fetchall()} <= {names.district_schema(in_maple.pk)}


@pytest.mark.parametrize("table", ["platform.tenants_district", "tenant_blueprint.accounts_user", "d_{}.accounts_user"])
def test_the_login_role_alone_reads_nothing(maple: District, table: str) -> None:
    with bootstrap.Target.of_settings().connect() as login, pytest.raises(errors.InsufficientPrivilege):
        login.execute(f"SELECT * FROM {table.format(maple.pk)}".encode())  # noqa: S608


def test_the_platforms_role_reads_no_district(maple: District) -> None:
    with bootstrap.Target.of_settings().connect() as login:
        login.execute(f'SET ROLE "{names.platform_role(scope.database())}"'.encode())
        with pytest.raises(errors.InsufficientPrivilege):
            login.execute(f"SELECT * FROM d_{maple.pk}.accounts_user".encode())  # noqa: S608


def test_a_districts_role_may_do_its_work(in_maple: District) -> None:
    school = School.objects.create(name="Oak", short_name="Oak", code="OAK")
    School.objects.filter(pk=school.pk).update(name="Oak Elementary")
    assert School.objects.get(pk=school.pk).name == "Oak Elementary"
    assert School.objects.filter(pk=school.pk).delete()[0] == 1


def test_extensions_are_found_at_the_end_of_the_path(in_maple: District) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT similarity('projector', 'projektor') > 0.3, unaccent('José')")
        assert cursor.fetchone() == (True, "Jose")
