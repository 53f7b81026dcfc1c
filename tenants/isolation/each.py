"""Work over all districts: asking all of them at once, or doing something in each."""

import logging
from collections.abc import Callable, Iterator
from itertools import batched

from django.db import connections
from psycopg.sql import SQL, Identifier, Literal

from helpdesk import jobs
from tenants.isolation import names, scope
from tenants.models import District

log = logging.getLogger(__name__)
BATCH = 50  # schemas in one UNION ALL


def open_in(table: str, condition: str) -> list[int]:
    """Ids of the live districts whose `table` has a row that meets `condition`, by one statement for each fifty.

    For sweepers: one by one this costs a hundred times as much. `condition` is SQL written in our code, never input.
    """
    live = set(District.objects.filter(state=District.State.LIVE).values_list("pk", flat=True))
    with scope.owner_scope(names.BLUEPRINT_SCHEMA):
        having = sorted(live & _districts_with(table))
        return [pk for batch in batched(having, BATCH) for pk in _open_among(batch, table, condition)]


def ring(job: jobs.DistrictTask, table: str, condition: str) -> int:
    """Sends the job in every district that `open_in` finds and returns how many they are; what a sweeper does."""
    found = open_in(table, condition)
    for district_id in found:
        with scope.district_scope_by_id(district_id):
            jobs.quietly(lambda: job.apply_async(retry=False))
    return len(found)


def for_each_district(work: Callable[[District], None]) -> None:
    """Does `work` in the scope of each live district; one failure stops that one, all are raised at the end."""
    failures: list[Exception] = []
    for district in District.objects.filter(state=District.State.LIVE).order_by("pk"):
        try:
            with scope.district_scope(district):
                work(district)
        except Exception as error:  # noqa: BLE001 - one district's trouble is not the next one's
            error.add_note(f"in district {district.slug}")
            failures.append(error)
    if failures:
        raise ExceptionGroup("Some districts failed", failures)


def _districts_with(table: str) -> set[int]:
    """Districts that have the table already: during an upgrade some do not."""
    question = (
        "SELECT substr(nspname, 3)::bigint FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace "
        "WHERE relname = %s AND nspname ~ '^d_[0-9]+$'"
    )
    with connections[names.DISTRICT].cursor() as cursor:
        cursor.execute(question, [table])
        return {pk for (pk,) in cursor.fetchall()}


def _open_among(ids: tuple[int, ...], table: str, condition: str) -> Iterator[int]:
    part = SQL("SELECT {id} WHERE EXISTS (SELECT 1 FROM {table} WHERE " + condition + ")")  # noqa: S608 - written in our code, never input
    query = SQL(" UNION ALL ").join(
        part.format(id=Literal(pk), table=Identifier(names.district_schema(pk), table)) for pk in ids
    )
    with connections[names.DISTRICT].cursor() as cursor:
        cursor.execute(query)
        yield from [pk for (pk,) in cursor.fetchall()]
