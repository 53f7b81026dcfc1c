"""Whatever order scopes, transactions, savepoints and failures come in, each query sees its own district or none."""

from typing import Any, NoReturn

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tenants.isolation import names, scope
from tenants.isolation.scope import ScopeError
from tenants.models import District

# A program is a tree: a step is a query, a failing statement, or a block around further steps. A block "enter" changes
# the district, "atomic" opens a transaction or savepoint, "undone" opens one and fails at its end.
Step = tuple[Any, ...]  # the name; for a block also which district, and the steps in it
STEPS = st.recursive(
    st.sampled_from([("query",), ("failing",), ("platform",), ("reconnect",)]),
    lambda inner: st.one_of(
        st.tuples(st.just("enter"), st.sampled_from([0, 1]), st.lists(inner, max_size=4)),
        st.tuples(st.sampled_from(["atomic", "undone", "iterate"]), st.just(0), st.lists(inner, max_size=4)),
    ),
    max_leaves=14,
)


class Undone(Exception):
    """Rolls a block back."""


class Run:
    """Carries a program out and looks, at each query, at what PostgreSQL says the schema and role are."""

    def __init__(self, districts: list[District]) -> None:
        self.districts = districts

    def steps(self, steps: list[Step], district: District | None, is_open: bool) -> None:
        for step in steps:
            getattr(self, step[0])(step, district, is_open)

    def query(self, step: Step, district: District | None, is_open: bool) -> None:
        if district is None:
            with pytest.raises(ScopeError):
                self.ask()
            return
        assert self.ask() == (
            names.district_schema(district.pk),
            names.district_role(scope.database(), district.pk),
        )

    def ask(self) -> tuple[str, str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_schema(), current_user")
            found: tuple[str, str] = cursor.fetchone()
            return found

    def platform(self, step: Step, district: District | None, is_open: bool) -> None:
        assert District.objects.filter(pk=self.districts[0].pk).exists()

    def failing(self, step: Step, district: District | None, is_open: bool) -> None:
        """Inside a transaction a savepoint is put around it, as any code must that goes on after an error."""
        with pytest.raises((DatabaseError, ScopeError)), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")

    def reconnect(self, step: Step, district: District | None, is_open: bool) -> None:
        if not connection.in_atomic_block:
            connection.close()

    def enter(self, step: Step, district: District | None, is_open: bool) -> None:
        wanted = self.districts[step[1]]
        if is_open and wanted != district:
            with pytest.raises(ScopeError), scope.district_scope(wanted):
                self.never()
            return
        with scope.district_scope(wanted):
            self.steps(step[2], wanted, is_open)

    def atomic(self, step: Step, district: District | None, is_open: bool) -> None:
        with transaction.atomic():
            self.steps(step[2], district, True)

    def undone(self, step: Step, district: District | None, is_open: bool) -> None:
        with pytest.raises(Undone), transaction.atomic():
            self.steps_and_fail(step[2], district)

    def steps_and_fail(self, steps: list[Step], district: District | None) -> NoReturn:
        self.steps(steps, district, True)
        raise Undone

    def iterate(self, step: Step, district: District | None, is_open: bool) -> None:
        """Steps between the rows of a server-side cursor."""
        if district is None:
            return
        with transaction.atomic(), connection.chunked_cursor() as rows:
            rows.execute("SELECT current_schema() FROM generate_series(1, 3)")
            rows.cursor.itersize = 1  # the driver's own cursor, inside of Django's
            for (schema,) in rows:
                assert schema == names.district_schema(district.pk)
                self.steps(step[2], district, True)

    @staticmethod
    def never() -> NoReturn:
        pytest.fail("entered another district inside a transaction")


@pytest.mark.django_db(transaction=True)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(program=st.lists(STEPS, max_size=6))
def test_each_query_sees_the_district_it_was_asked_in(maple: District, cedar: District, program: list[Step]) -> None:
    Run([maple, cedar]).steps(program, None, False)
    assert scope.current() is None
    assert not connection.in_atomic_block


@pytest.mark.django_db(transaction=True)
def test_the_property_would_notice_a_scope_that_was_not_told_to_the_server(maple: District, cedar: District) -> None:
    """The same program against a connection that believes it had sent the prelude already: it must be caught."""
    with scope.district_scope(maple) as opened, transaction.atomic():
        connection._applied = opened  # type: ignore[attr-defined]
        with pytest.raises(AssertionError):
            Run([maple, cedar]).query(("query",), maple, True)
