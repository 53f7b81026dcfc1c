"""Pytest plugin: the districts Maple and Cedar, their scopes, and a clean slate after tests that commit."""

from collections.abc import Callable, Iterator
from typing import TypedDict

import pytest
from django.core.cache import caches
from django.db import connections, transaction
from django.test import Client
from psycopg.sql import SQL, Identifier, Literal

from tenants.isolation import names, provision, scope
from tenants.models import District


class Facts(TypedDict):
    """What is told of a district besides its slug and host."""

    name: str
    short_prefix: str
    time_zone: str


FACTS: dict[str, Facts] = {
    "maple": {"name": "Maple Unified", "short_prefix": "MU", "time_zone": "America/Chicago"},
    "cedar": {"name": "Cedar", "short_prefix": "CC", "time_zone": "America/New_York"},
}
# Whoever asks for one of these works on the database, whether or not the test says so.
NEED_DATABASE = {"maple", "cedar", "in_maple", "in_cedar", "client_at", "db", "transactional_db", "live_server"}
COMMIT = {"transactional_db", "live_server"}

ClientAt = Callable[[District], Client]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Opens both doors of the database for every test that needs one; a test may still say otherwise."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        mark = item.get_closest_marker("django_db")
        if mark is None and not fixtures & NEED_DATABASE:
            continue
        given = mark.kwargs if mark else {}
        usual = {"databases": [names.DISTRICT, names.PLATFORM], "transaction": bool(fixtures & COMMIT)}
        item.add_marker(pytest.mark.django_db(**{**usual, **given}), append=False)


@pytest.fixture(scope="session")
def districts(django_db_setup: None, django_db_blocker: object) -> dict[str, District]:
    """Both districts, provisioned once a session."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        return {slug: _found(slug) or provision.provision(slug=slug, host=_host(slug), **FACTS[slug]) for slug in FACTS}


@pytest.fixture
def maple(districts: dict[str, District], slate: None) -> District:
    return District.objects.get(pk=districts["maple"].pk)


@pytest.fixture
def cedar(districts: dict[str, District], slate: None) -> District:
    return District.objects.get(pk=districts["cedar"].pk)


@pytest.fixture
def in_maple(maple: District) -> Iterator[District]:
    """The test works for Maple."""
    with scope.district_scope(maple):
        yield maple


@pytest.fixture
def in_cedar(cedar: District) -> Iterator[District]:
    """The test works for Cedar."""
    with scope.district_scope(cedar):
        yield cedar


@pytest.fixture
def client_at() -> ClientAt:
    """Makes a client whose every request goes to a district's host."""
    return lambda district: Client(headers={"host": _host(district.slug)})


@pytest.fixture(autouse=True)
def slate(request: pytest.FixtureRequest) -> Iterator[None]:
    """After a test that committed: districts without rows, no district but the two. Caches are empty before each."""
    mark = request.node.get_closest_marker("django_db")
    if mark is None:
        yield
        return
    request.getfixturevalue("_django_db_helper")  # the database first, so that it is still open below
    _empty_caches()
    yield
    if mark.kwargs.get("transaction"):
        _empty_districts()
        _keep_two()


def _found(slug: str) -> District | None:
    return District.objects.filter(slug=slug).exclude(state=District.State.PROVISIONING).first()


def _host(slug: str) -> str:
    return f"{slug}.localhost"


def _empty_caches() -> None:
    """Only this database's entries: other runs may use the same server. Never clear(), which would empty the queue."""
    client = caches[names.PLATFORM]._cache.get_client()  # type: ignore[attr-defined]
    for pattern in (f"t:*:{scope.database()}:*", f"platform:{scope.database()}:*"):
        if keys := list(client.scan_iter(match=pattern, count=1000)):
            client.delete(*keys)


def _empty_districts() -> None:
    owner = scope.owner_scope(names.BLUEPRINT_SCHEMA)
    with scope.left(), owner, transaction.atomic(), connections[names.DISTRICT].cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout TO '10s'")  # a thread left a transaction open: say so, do not hang
        tables = "SELECT nspname, relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace"
        cursor.execute(f"{tables} WHERE relkind = 'r' AND nspname ~ '^d_[0-9]+$'")
        found = [Identifier(schema, table) for schema, table in cursor.fetchall()]
        if not found:
            return
        has = "SELECT {} WHERE EXISTS (SELECT 1 FROM {})"
        parts = [SQL(has).format(Literal(place), table) for place, table in enumerate(found)]
        cursor.execute(SQL(" UNION ALL ").join(parts))
        if full := [found[place] for (place,) in cursor.fetchall()]:
            cursor.execute(SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(SQL(", ").join(full)))


def _keep_two() -> None:
    for district in District.objects.all():
        if district.slug not in FACTS:
            provision.drop(district)
        else:
            facts = FACTS[district.slug]
            District.objects.filter(pk=district.pk).update(state=District.State.LIVE, **facts)
