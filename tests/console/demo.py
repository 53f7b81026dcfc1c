"""Demo districts for tests: small ones with a fixed moment, planted into Maple in the test's own transaction."""

import dataclasses
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from django.db import connection, transaction

from console.demo import planting
from console.demo.plans import MAPLE, Plan
from tenants.isolation import names, scope
from tenants.models import District

# A Tuesday in October, 9:27 in Chicago.
MOMENT = datetime(2026, 10, 13, 14, 27, tzinfo=UTC)
SMALL = dataclasses.replace(MAPLE, tickets=400, in_work=90)


@contextmanager
def planted(district: District, plan: Plan = SMALL, *, now: datetime = MOMENT) -> Iterator[None]:
    """The district filled after the plan, until the block ends; the owner writes, as in provisioning."""
    schema = names.district_schema(district.pk)
    with scope.owner_scope(schema, district.pk), transaction.atomic():
        planting.plant(plan, now=now)
        yield
        transaction.set_rollback(True)


# What the database itself fills in at the moment of writing, and the hash of the password with its salt.
OWN_TIME = {"password", "joined_at", "granted_at"}


def digest() -> str:
    """One value for every row of the district in scope, but for what depends on the moment of writing."""
    total = hashlib.sha256()
    with connection.cursor() as cursor:
        for model in (*planting.WRITTEN, *planting.JOINS):
            columns = [field.column for field in model._meta.concrete_fields if field.column not in OWN_TIME]
            quoted = ", ".join(f'"{column}"' for column in columns)
            cursor.execute(f'SELECT {quoted} FROM "{model._meta.db_table}" ORDER BY id')  # noqa: S608
            for row in cursor.fetchall():
                total.update(repr(row).encode())
    return total.hexdigest()
