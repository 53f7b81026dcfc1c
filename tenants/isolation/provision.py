"""Makes a district's role, schema, key and host, and takes them away again.

Two connections are at work, so there is no common transaction. The order makes each step repeatable: first the
platform's rows in state “provisioning”, then the schema with everything in it at once, last the state that opens the
doors. Whoever is killed in between calls again with the same facts.
"""

from collections.abc import Callable
from typing import Any

from django.db import connections, transaction
from psycopg.sql import SQL, Composable, Identifier

from tenants import keys
from tenants.isolation import blueprint, bootstrap, hosts, locks, names, scope
from tenants.models import AppliedMigration, District, Domain


class Taken(ValueError):
    """The slug belongs to a district that is finished, or that was begun with other facts."""


def provision(
    *,
    slug: str,
    name: str,
    host: str,
    short_prefix: str,
    time_zone: str,
    state: str = District.State.LIVE,
    fill: Callable[[], None] | None = None,
) -> District:
    """Makes a district and returns it in `state`; call again with the same facts after an interruption.

    `fill` writes the first rows (an admin, queues) in the transaction that makes the schema, so it happens once and a
    district without them is never open. Raises Taken, or ValidationError for a slug, host or prefix that cannot be.
    """
    facts = {"name": name, "short_prefix": short_prefix, "time_zone": time_zone}
    district = _registered(slug, host, facts)
    _build(district, fill)
    District.objects.filter(pk=district.pk, state=District.State.PROVISIONING).update(state=state)
    hosts.forget(host)  # somebody may have asked before, and “unknown” is remembered too
    district.refresh_from_db()
    return district


def drop(district: District) -> None:
    """Takes a district away with its rows, role and keys; may be repeated after an interruption."""
    known_hosts = list(district.domains.values_list("host", flat=True))
    District.objects.filter(pk=district.pk).update(state=District.State.PROVISIONING)
    hosts.forget(*known_hosts)
    role = Identifier(names.district_role(scope.database(), district.pk))
    schema = Identifier(names.district_schema(district.pk))
    with scope.owner_scope(names.BLUEPRINT_SCHEMA), transaction.atomic(using=names.DISTRICT):
        _execute("DROP SCHEMA IF EXISTS {} CASCADE", schema)
        _execute("DROP ROLE IF EXISTS {}", role)
    District.objects.filter(pk=district.pk).delete()


def _registered(slug: str, host: str, facts: dict[str, str]) -> District:
    """The district's rows on the platform: new ones, or those of an attempt that was interrupted."""
    with transaction.atomic(using=names.PLATFORM):
        known = District.objects.filter(slug=slug).first()
        if known is not None:
            return _resumed(known, host, facts)
        district = District(slug=slug, **facts)
        district.full_clean()
        district.save()
        domain = Domain(host=host, district=district)
        domain.full_clean()
        domain.save()
        keys.issue(district)
    return district


def _resumed(district: District, host: str, facts: dict[str, str]) -> District:
    is_unfinished = district.state == District.State.PROVISIONING
    is_same = all(getattr(district, fact) == value for fact, value in facts.items())
    if is_unfinished and is_same and district.domains.filter(host=host).exists():
        return district
    raise Taken(f"There is a district called {district.slug} already.")


def _build(district: District, fill: Callable[[], None] | None) -> None:
    """Role, schema, tables, ledger and first rows in one transaction: all there, or nothing."""
    schema = names.district_schema(district.pk)
    plan = None
    with scope.owner_scope(schema, district.pk), transaction.atomic(using=names.DISTRICT):
        locks.share(names.DISTRICT)
        if _is_there("SELECT 1 FROM pg_namespace WHERE nspname = %s", schema):
            return
        plan = blueprint.latest()  # read under the lock: what is copied is what the ledger says
        _make_role(names.district_role(scope.database(), district.pk), Identifier(schema))
        if plan.sql:
            _execute_text(plan.sql)
        _write_ledger(district, plan)
        if fill:
            fill()


def _make_role(name: str, schema: Identifier) -> None:
    """The role may use the schema and the rows of its tables: not make, alter or empty one."""
    role = Identifier(name)
    if not _is_there("SELECT 1 FROM pg_roles WHERE rolname = %s", name):
        _execute("CREATE ROLE {} NOLOGIN NOINHERIT", role)
    login = Identifier(connections[names.DISTRICT].settings_dict["USER"])
    _execute("GRANT {} TO {} WITH INHERIT FALSE, SET TRUE, ADMIN FALSE", role, login)
    _execute("CREATE SCHEMA {}", schema)
    _execute("GRANT USAGE ON SCHEMA {} TO {}", schema, role)
    with connections[names.DISTRICT].cursor() as cursor:
        bootstrap.grant_rows(cursor, schema, role)  # before the tables, so that it covers them and all later ones


def _write_ledger(district: District, plan: blueprint.Blueprint) -> None:
    """The owner writes the platform's table on this connection, so that schema and ledger commit together."""
    table = Identifier(names.PLATFORM_SCHEMA, AppliedMigration._meta.db_table)
    insert = SQL("INSERT INTO {} (district_id, migration_id, applied_at) SELECT %s, unnest(%s::bigint[]), now()")
    with connections[names.DISTRICT].cursor() as cursor:
        cursor.execute(insert.format(table), [district.pk, list(plan.migrations)])


def _is_there(question: str, value: str) -> bool:
    with connections[names.DISTRICT].cursor() as cursor:
        cursor.execute(question, [value])
        return cursor.fetchone() is not None


def _execute(statement: str, *parts: Composable) -> None:
    with connections[names.DISTRICT].cursor() as cursor:
        cursor.execute(SQL(statement).format(*parts))


def _execute_text(text: str) -> Any:
    with connections[names.DISTRICT].cursor() as cursor:
        cursor.execute(text)
