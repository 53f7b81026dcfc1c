"""The boot check: asks the database itself whether the walls between districts stand.

Each question returns what is wrong, one row a fault. A restored backup or another database has lost rights that lived
in the old one, so this runs with `manage.py check --database default` before every start, not once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error
from django.db import connections

from tenants.isolation import names, scope
from tenants.isolation.backend.base import DatabaseWrapper


@dataclass(frozen=True)
class Question:
    """A query whose every row is a fault; `%(name)s` are the names of this database's roles."""

    id: str
    says: str
    sql: str


QUESTIONS = (
    Question(
        "tenants.E001",
        "the login role is more than a login role: {}",
        """SELECT unnest(array_remove(ARRAY[
                CASE WHEN rolsuper THEN 'superuser' END, CASE WHEN rolinherit THEN 'inherits' END,
                CASE WHEN rolbypassrls THEN 'bypasses row security' END,
                CASE WHEN rolcreaterole THEN 'makes roles' END,
                CASE WHEN rolcreatedb THEN 'makes databases' END,
                CASE WHEN rolreplication THEN 'replicates' END], NULL))
           FROM pg_roles WHERE rolname = session_user""",
    ),
    Question(
        "tenants.E002",
        "the login role holds without SET ROLE what {} may do",
        """SELECT roleid::regrole::text FROM pg_auth_members
           WHERE member = session_user::regrole AND (inherit_option OR admin_option)""",
    ),
    Question(
        "tenants.E003",
        "there is no role {}",
        "SELECT role FROM unnest(ARRAY[%(owner)s, %(platform)s]) AS role "
        "WHERE NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = role)",
    ),
    Question(
        "tenants.E004",
        "everybody may call {}",
        """SELECT oid::regprocedure::text FROM pg_proc
           WHERE pronamespace = 'pg_catalog'::regnamespace
             AND (proname = 'set_config' OR proname LIKE 'lo\\_%%' OR proname IN ('loread', 'lowrite'))
             AND EXISTS (SELECT 1 FROM aclexplode(coalesce(proacl, acldefault('f', proowner)))
                         WHERE grantee = 0 AND privilege_type = 'EXECUTE')""",
    ),
    Question(
        "tenants.E005",
        "everybody may write code in {}",
        """SELECT lanname FROM pg_language WHERE lanname = 'plpgsql'
             AND EXISTS (SELECT 1 FROM aclexplode(coalesce(lanacl, acldefault('l', lanowner)))
                         WHERE grantee = 0 AND privilege_type = 'USAGE')""",
    ),
    Question(
        "tenants.E006",
        "everybody has {} on this database",
        """SELECT privilege_type FROM pg_database,
                  aclexplode(coalesce(datacl, acldefault('d', datdba)))
           WHERE datname = current_database() AND grantee = 0""",
    ),
    Question(
        "tenants.E007",
        "a role that may use the rows of one schema is more than that: {}",
        """SELECT rolname FROM pg_roles WHERE (rolname ~ %(districts)s OR rolname = %(platform)s)
             AND (rolsuper OR rolcanlogin AND rolinherit OR rolbypassrls OR rolcreaterole OR rolcreatedb
                  OR rolreplication
                  OR EXISTS (SELECT 1 FROM pg_auth_members WHERE member = pg_roles.oid))""",
    ),
    Question(
        "tenants.E008",
        "a schema is open to a role that has no business there: {}",
        """SELECT nspname || ' to ' || coalesce(grantee::regrole::text, 'everybody') || ', ' || privilege_type
           FROM pg_namespace n, aclexplode(coalesce(nspacl, acldefault('n', nspowner)))
           WHERE (nspname ~ '^d_[0-9]+$' OR nspname IN ('public', 'extensions', %(platform_schema)s, %(blueprint)s))
             AND grantee <> nspowner
             AND NOT (privilege_type = 'USAGE' AND (
                 nspname = 'extensions'
                 OR nspname = %(platform_schema)s AND grantee = to_regrole(%(platform_quoted)s)
                 OR nspname ~ '^d_[0-9]+$'
                    AND grantee = to_regrole(quote_ident(%(database)s || '_d' || substr(nspname, 3)))))""",
    ),
    Question(
        "tenants.E009",
        "the server's time zone is {}, not UTC: each new connection would set it by hand",
        "SELECT reset_val FROM pg_settings WHERE name = 'TimeZone' AND reset_val NOT IN ('UTC', 'Etc/UTC')",
    ),
)


def isolation_holds(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """Asks all questions of the database, as the login role; only when the check was called with a database."""
    if not databases or names.DISTRICT not in databases:
        return []
    return list(faults())


def faults() -> Iterator[CheckMessage]:
    """One error for each fault that the database admits."""
    database = scope.database()
    platform = names.platform_role(database)
    roles = {
        "database": database,
        "owner": names.owner_role(database),
        "platform": platform,
        "platform_quoted": f'"{platform}"',
        "districts": f"^{database}_d[0-9]+$",
        "platform_schema": names.PLATFORM_SCHEMA,
        "blueprint": names.BLUEPRINT_SCHEMA,
    }
    connection = cast("DatabaseWrapper", connections[names.DISTRICT])
    with connection.unguarded(), connection.cursor() as cursor:
        for question in QUESTIONS:
            cursor.execute(question.sql, roles)
            for (fault,) in cursor.fetchall():
                yield Error(f"In database {database}, {question.says.format(fault)}.", id=question.id)
