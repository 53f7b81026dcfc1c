"""Many threads, two districts, everything that can go wrong in between: no read ever sees the other's rows."""

import random
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, ProgrammingError, connection, connections, transaction

from accounts.models import School
from tenants.isolation import scope
from tenants.models import District

THREADS, ROUNDS = 8, 400
Look = Callable[[], set[str]]


def codes() -> set[str]:
    return set(School.objects.values_list("code", flat=True))


def alone() -> set[str]:
    return codes()


def in_transaction() -> set[str]:
    with transaction.atomic():
        return codes() | codes()


def in_nested_transactions() -> set[str]:
    with transaction.atomic():
        with transaction.atomic():
            first = codes()
        return first | codes()


def after_a_rolled_back_savepoint() -> set[str]:
    with transaction.atomic():
        try:
            with transaction.atomic():
                School.objects.create(name="lost", short_name="lost", code=f"lost{random.randrange(10**9)}")
                raise ZeroDivisionError  # noqa: TRY301 - the point of it
        except ZeroDivisionError:
            return codes()


def after_an_integrity_error() -> set[str]:
    taken = next(iter(codes()))
    with transaction.atomic():
        try:
            with transaction.atomic():
                School.objects.create(name="twice", short_name="twice", code=taken)
        except IntegrityError:
            return codes()
    raise AssertionError("two schools of one code")


def after_an_error_of_its_own() -> set[str]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM nowhere")
    except ProgrammingError:
        return codes()
    raise AssertionError("nowhere was found")


def after_an_aborted_transaction() -> set[str]:
    try:
        with transaction.atomic():
            codes()
            raise ZeroDivisionError  # noqa: TRY301 - the point of it
    except ZeroDivisionError:
        return codes()


def by_a_servers_cursor() -> set[str]:
    with transaction.atomic():
        return {school.code for school in School.objects.iterator(chunk_size=2)}


def by_a_servers_cursor_left_half_read() -> set[str]:
    with transaction.atomic():
        return {next(School.objects.iterator(chunk_size=1)).code} | codes()


def on_a_new_connection() -> set[str]:
    connection.close()
    return codes()


LOOKS: tuple[Look, ...] = (
    alone, alone, alone, in_transaction, in_nested_transactions, after_a_rolled_back_savepoint,
    after_an_integrity_error, after_an_error_of_its_own, after_an_aborted_transaction,
    by_a_servers_cursor, by_a_servers_cursor_left_half_read, on_a_new_connection,
)  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_no_thread_ever_sees_another_districts_rows(maple: District, cedar: District) -> None:
    for district in (maple, cedar):
        with scope.district_scope(district):
            School.objects.bulk_create(
                School(name=f"{n}", short_name=f"{n}", code=f"{district.slug}-{n}") for n in range(5)
            )
    start = threading.Barrier(THREADS)

    def run(seed: int) -> Counter[str]:
        chance, seen = random.Random(seed), Counter[str]()
        start.wait()
        try:
            for _ in range(ROUNDS):
                district, look = chance.choice((maple, cedar)), chance.choice(LOOKS)
                with scope.district_scope(district):
                    found = look()
                right = found and all(code.startswith(f"{district.slug}-") for code in found)
                seen["right" if right else f"wrong: {look.__name__}"] += 1
        finally:
            connections.close_all()
        return seen

    with ThreadPoolExecutor(THREADS) as pool:
        total = sum(pool.map(run, range(THREADS)), Counter[str]())
    assert total == {"right": THREADS * ROUNDS}
