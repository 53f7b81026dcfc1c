"""Makes the roles, the database, its schemas and extensions, and takes from PUBLIC what districts must not have.

Idempotent: each run brings whatever is there to the wanted state. It is the only code that uses the administrator's
connection; everything after it works by the login role, which may become the owner, the platform or a district.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import connections
from psycopg import Connection, errors
from psycopg.sql import SQL, Composable, Identifier, Literal

from tenants.isolation import names

EXTENSIONS = ("pg_trgm", "unaccent", "btree_gin")
LOCK = 0x726F6C65  # an arbitrary number; roles belong to the whole server, so bootstraps wait for each other
OLDEST_SERVER = 160000  # GRANT ... WITH INHERIT FALSE, SET TRUE

# Functions that a district's role must not have, whatever SQL someone slips in: set_config changes the role even inside
# a SELECT; large objects belong to no schema.
SEALED_FUNCTIONS = SQL(
    "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace "
    "AND (proname = 'set_config' OR proname LIKE 'lo\\_%' OR proname IN ('loread', 'lowrite'))"
)


class CannotBootstrap(RuntimeError):
    """The server or its roles are not such as districts can be kept apart on."""


@dataclass(frozen=True)
class Target:
    """What is to be made: the application's own connection, as settings have it."""

    database: str
    login: str
    password: str
    host: str
    port: str

    @classmethod
    def of_settings(cls, database: str | None = None) -> "Target":
        """The target that DATABASE_URL names, or another database beside it."""
        given = connections[names.DISTRICT].settings_dict
        return cls(
            names.checked(database or given["NAME"]), given["USER"], given["PASSWORD"], given["HOST"], given["PORT"]
        )

    def connect(self) -> Connection[Any]:
        """A connection as the login role."""
        return psycopg.connect(
            dbname=self.database, user=self.login, password=self.password, host=self.host, port=self.port or None
        )


def bootstrap(admin_url: str, target: Target) -> list[str]:
    """Brings the cluster and the database to the wanted state.

    Returns the statements that only a superuser may run and this administrator could not: districts are not fully
    kept apart until somebody ran them in the database.
    """
    with _as_admin(admin_url) as admin:
        _check_server(admin, target)
        _roles(admin, target)
        _database(admin, target)
    with _as_admin(admin_url, target.database) as admin:
        _extensions(admin)
        left_over = _revokes(admin, target)
    with target.connect() as login:
        _schemas(login, target.database)
    return left_over


def remove(admin_url: str, database: str) -> None:
    """Drops a database and every role that carries its name; for tests and trials."""
    owner, platform = names.owner_role(database), names.platform_role(database)
    with _as_admin(admin_url) as admin:
        admin.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(database)))
        if not _exists(admin, "pg_roles", "rolname", owner):
            return
        # Districts' roles were made by the owner, so only the owner (or a superuser) may drop them.
        if not _is_superuser(admin):
            admin.execute(SQL("GRANT {} TO CURRENT_USER").format(Identifier(owner)))
        admin.execute(SQL("SET ROLE {}").format(Identifier(owner)))
        pattern = f"^{database}_d[0-9]+$"
        for (role,) in admin.execute("SELECT rolname FROM pg_roles WHERE rolname ~ %s", [pattern]).fetchall():
            admin.execute(SQL("DROP ROLE {}").format(Identifier(role)))
        admin.execute("RESET ROLE")
        admin.execute(SQL("DROP ROLE IF EXISTS {}, {}").format(Identifier(platform), Identifier(owner)))


@contextmanager
def _as_admin(url: str, database: str | None = None) -> Iterator[Connection[Any]]:
    if not url:
        raise CannotBootstrap("DATABASE_ADMIN_URL is missing: it is needed to make roles and the database.")
    given = psycopg.conninfo.conninfo_to_dict(url)
    with psycopg.connect(url, dbname=database or given.get("dbname") or "postgres", autocommit=True) as admin:
        if database is None:
            admin.execute("SELECT pg_advisory_lock(%s)", [LOCK])  # until the connection closes
        yield admin


def _check_server(admin: Connection[Any], target: Target) -> None:
    if admin.info.server_version < OLDEST_SERVER:
        raise CannotBootstrap(f"PostgreSQL 16 or newer is needed, this is {admin.info.server_version // 10000}.")
    if admin.info.user == target.login:
        raise CannotBootstrap("DATABASE_URL and DATABASE_ADMIN_URL name the same role; the application needs its own.")
    known = admin.execute("SELECT rolsuper FROM pg_roles WHERE rolname = %s", [target.login]).fetchone()
    if known and known[0]:
        raise CannotBootstrap(f"{target.login} is a superuser: no wall holds one. Give DATABASE_URL another role.")


def _roles(admin: Connection[Any], target: Target) -> None:
    login, owner, platform = target.login, names.owner_role(target.database), names.platform_role(target.database)
    if _exists(admin, "pg_roles", "rolname", login):
        _run(admin, "ALTER ROLE {} LOGIN NOINHERIT", Identifier(login))
    else:
        _run(admin, "CREATE ROLE {} LOGIN NOINHERIT PASSWORD {}", Identifier(login), Literal(target.password))
    for role, rights in ((owner, "CREATEROLE"), (platform, "NOCREATEROLE")):
        verb = "ALTER" if _exists(admin, "pg_roles", "rolname", role) else "CREATE"
        _run(admin, verb + " ROLE {} NOLOGIN NOINHERIT " + rights, Identifier(role))
        _run(admin, "GRANT {} TO {} WITH INHERIT FALSE, SET TRUE, ADMIN FALSE", Identifier(role), Identifier(login))


def _database(admin: Connection[Any], target: Target) -> None:
    name = Identifier(target.database)
    if not _exists(admin, "pg_database", "datname", target.database):
        _run(admin, "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'", name)
    # A temporary table would come first in every path and outlive its transaction.
    _run(admin, "REVOKE ALL ON DATABASE {} FROM PUBLIC", name)
    _run(admin, "GRANT CONNECT ON DATABASE {} TO {}", name, Identifier(target.login))
    _run(admin, "GRANT CREATE ON DATABASE {} TO {}", name, Identifier(names.owner_role(target.database)))
    _run(admin, "ALTER DATABASE {} SET timezone TO 'UTC'", name)  # saves Django a round trip in every connection
    _run(admin, "ALTER DATABASE {} SET search_path TO ''", name)  # out of scope no name is found


def _extensions(admin: Connection[Any]) -> None:
    _run(admin, "CREATE SCHEMA IF NOT EXISTS {}", Identifier(names.EXTENSIONS_SCHEMA))
    _run(admin, "GRANT USAGE ON SCHEMA {} TO PUBLIC", Identifier(names.EXTENSIONS_SCHEMA))
    for extension in EXTENSIONS:
        _run(
            admin,
            "CREATE EXTENSION IF NOT EXISTS {} SCHEMA {}",
            Identifier(extension),
            Identifier(names.EXTENSIONS_SCHEMA),
        )


def _revokes(admin: Connection[Any], target: Target) -> list[str]:
    """Function rights live in each database, so this is done in each; what the administrator may not do is returned."""
    _try(admin, "REVOKE ALL ON SCHEMA public FROM PUBLIC")
    statements = [
        f"REVOKE EXECUTE ON FUNCTION pg_catalog.{function} FROM PUBLIC"
        for (function,) in admin.execute(SEALED_FUNCTIONS).fetchall()
    ]
    statements.append("REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC")
    # Django calls set_config when it connects, pg_dump after it became the owner.
    for role in (target.login, names.owner_role(target.database)):
        grant = SQL("GRANT EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) TO {}")
        statements.insert(0, grant.format(Identifier(role)).as_string(admin))
    return [statement for statement in statements if not _try(admin, statement)]


def _schemas(login: Connection[Any], database: str) -> None:
    """The platform's schema and the blueprint, made by the owner; this also proves that the login role works."""
    owner, platform = Identifier(names.owner_role(database)), Identifier(names.platform_role(database))
    schema = Identifier(names.PLATFORM_SCHEMA)
    _run(login, "SET LOCAL ROLE {}", owner)
    for name in (schema, Identifier(names.BLUEPRINT_SCHEMA)):
        _run(login, "CREATE SCHEMA IF NOT EXISTS {}", name)
    _run(login, "GRANT USAGE ON SCHEMA {} TO {}", schema, platform)
    grant_rows(login, schema, platform)


def grant_rows(connection: Any, schema: Composable, role: Composable) -> None:
    """Gives a role the rows of all tables that the owner will yet make in a schema, and nothing but the rows."""
    for right, things in (("SELECT, INSERT, UPDATE, DELETE", "TABLES"), ("USAGE", "SEQUENCES")):
        statement = "ALTER DEFAULT PRIVILEGES IN SCHEMA {} GRANT " + right + " ON " + things + " TO {}"
        _run(connection, statement, schema, role)


def _run(connection: Any, statement: str, *parts: Composable) -> None:
    connection.execute(SQL(statement).format(*parts))


def _try(admin: Connection[Any], statement: str) -> bool:
    """True if the statement was allowed; a revoke without effect is a mere warning, so warnings are looked at too."""
    notices: list[str] = []

    def note(notice: errors.Diagnostic) -> None:
        notices.append(notice.sqlstate or "")

    admin.add_notice_handler(note)
    try:
        admin.execute(statement.encode())
    except errors.InsufficientPrivilege:
        return False
    finally:
        admin.remove_notice_handler(note)
    return not any(state in {"01006", "01007"} for state in notices)  # privilege not revoked, not granted


def _is_superuser(admin: Connection[Any]) -> bool:
    row = admin.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    return bool(row and row[0])


def _exists(admin: Connection[Any], catalogue: str, column: str, value: str) -> bool:
    question = SQL("SELECT 1 FROM {} WHERE {} = %s").format(Identifier(catalogue), Identifier(column))
    return admin.execute(question, [value]).fetchone() is not None
