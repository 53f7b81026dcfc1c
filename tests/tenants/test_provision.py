"""A district is made whole or not at all, and whoever was killed in between may call again."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connections
from django.test import Client

from accounts.models import School
from tenants import keys
from tenants.isolation import names, provision, scope, shape
from tenants.models import AppliedMigration, DataKey, District, Domain, RecordedMigration
from tests.districts import Facts

pytestmark = pytest.mark.django_db(transaction=True)


class Birch(Facts):
    slug: str
    host: str


BIRCH: Birch = {
    "slug": "birch",
    "name": "Birch County",
    "host": "birch.localhost",
    "short_prefix": "BC",
    "time_zone": "America/Denver",
}


class Killed(BaseException):
    """What a kill looks like from inside: nothing is caught, nothing is tidied up."""


class Countdown:
    """Kills at the nth statement, on whichever connection it is sent."""

    def __init__(self, at: int) -> None:
        self.left = at

    def __call__(self, execute: Callable[..., Any], *statement: Any) -> Any:
        self.left -= 1
        if self.left == 0:
            raise Killed
        return execute(*statement)


@contextmanager
def killed_at(statement: int) -> Iterator[Countdown]:
    """Cuts both connections off at the nth statement, as the death of the process would."""
    countdown = Countdown(statement)
    with ExitStack() as stack:
        for alias in (names.DISTRICT, names.PLATFORM):
            stack.enter_context(connections[alias].execute_wrapper(countdown))
        try:
            yield countdown
        except Killed:
            connections.close_all()


def die() -> None:
    """First rows that never come to be: the platform has its rows by now, the schema is not committed."""
    raise Killed


def begun() -> District:
    """A district whose provisioning was killed in the middle."""
    with pytest.raises(Killed):
        provision.provision(**BIRCH, fill=die)
    connections.close_all()
    return District.objects.get(slug="birch", state=District.State.PROVISIONING)


def fill() -> None:
    School.objects.create(name="First", short_name="First", code="FIRST")


def assert_is_whole(district: District) -> None:
    assert district.state == District.State.LIVE
    assert District.objects.filter(slug="birch").count() == 1
    assert list(Domain.objects.filter(district=district).values_list("host", flat=True)) == ["birch.localhost"]
    assert DataKey.objects.filter(district=district).count() == 1
    assert AppliedMigration.objects.filter(district=district).count() == RecordedMigration.objects.count()
    assert shape.compare() == []
    with scope.district_scope(district):
        assert School.objects.get().code == "FIRST"
    assert keys.open_sealed(district, keys.seal(district, b"x", purpose="test"), purpose="test") == b"x"


def test_a_new_district_has_the_blueprints_shape_and_answers_on_its_host(maple: District) -> None:
    client = Client(headers={"host": "birch.localhost"})
    assert client.get("/theme/").status_code == 404  # remembered as unknown, which provisioning must undo
    assert_is_whole(provision.provision(**BIRCH, fill=fill))
    assert client.get("/theme/").status_code != 404


def test_provisioning_killed_at_any_statement_is_finished_by_the_next_call(maple: District) -> None:
    statement, was_killed = 0, True
    while was_killed:
        statement += 1
        with killed_at(statement) as countdown:
            provision.provision(**BIRCH, fill=fill)
        was_killed = countdown.left <= 0
        district = District.objects.filter(slug="birch").first()
        if district is None or district.state == District.State.PROVISIONING:
            district = provision.provision(**BIRCH, fill=fill)
        assert_is_whole(district)
        provision.drop(district)
    assert statement > 20, "the countdown did not reach into the work"


def test_a_district_that_is_not_finished_does_not_answer(maple: District) -> None:
    begun()
    assert Client(headers={"host": "birch.localhost"}).get("/").status_code == 404


def test_a_process_killed_for_good_while_provisioning_leaves_nothing_half(maple: District) -> None:
    """A real kill -9, in the transaction that makes the schema."""
    program = (
        "import django, os, sys; django.setup(); from tenants.isolation import provision;"
        "provision.provision(fill=lambda: (print('in the middle', flush=True), sys.stdin.read()), **eval(sys.argv[1]))"
    )
    given = connections[names.DISTRICT].settings_dict
    url = f"postgresql://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}/{given['NAME']}"
    command = [sys.executable, "-c", program, repr(BIRCH)]
    with subprocess.Popen(
        command, env=os.environ | {"DATABASE_URL": url}, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"in the middle\n"
        process.send_signal(signal.SIGKILL)
    half = District.objects.get(slug="birch")
    assert half.state == District.State.PROVISIONING
    assert shape.describe([names.district_schema(half.pk)]) == {names.district_schema(half.pk): set()}
    assert_is_whole(provision.provision(**BIRCH, fill=fill))


def test_a_failure_of_the_first_rows_makes_no_schema(maple: District) -> None:
    half = begun()
    assert shape.describe([names.district_schema(half.pk)]) == {names.district_schema(half.pk): set()}
    assert_is_whole(provision.provision(**BIRCH, fill=fill))


def test_a_finished_districts_slug_is_taken(maple: District) -> None:
    provision.provision(**BIRCH)
    with pytest.raises(provision.Taken):
        provision.provision(**BIRCH)


def test_a_slug_begun_with_other_facts_is_taken(maple: District) -> None:
    begun()
    with pytest.raises(provision.Taken):
        provision.provision(**BIRCH | {"name": "Somebody else"})


def test_a_host_of_another_district_is_refused_and_leaves_nothing(maple: District) -> None:
    with pytest.raises(ValidationError, match="already exists"):
        provision.provision(**BIRCH | {"host": "maple.localhost"})
    assert not District.objects.filter(slug="birch").exists()


def test_a_dropped_district_leaves_neither_schema_nor_role_nor_key(maple: District) -> None:
    district = provision.provision(**BIRCH, fill=fill)
    schema, role = names.district_schema(district.pk), names.district_role(scope.database(), district.pk)
    provision.drop(district)
    with scope.owner_scope(names.BLUEPRINT_SCHEMA), connections[names.DISTRICT].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname = %s", [schema])
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT count(*) FROM pg_roles WHERE rolname = %s", [role])
        assert cursor.fetchone() == (0,)
    assert not DataKey.objects.filter(district_id=district.pk).exists()
    assert Client(headers={"host": "birch.localhost"}).get("/").status_code == 404


def test_ids_are_never_used_again(maple: District) -> None:
    """A schema's name is the district's id: a new district must not find what an old one's backup or cache calls so."""
    first = provision.provision(**BIRCH)
    gone = first.pk
    provision.drop(first)
    assert provision.provision(**BIRCH).pk > gone
