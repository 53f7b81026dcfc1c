"""A statement has a scope or is refused, and no transaction changes its district."""

import threading

import pytest
from django.db import connection, connections, transaction
from django.db.models import Max

from accounts.models import School
from tenants.isolation import names, scope
from tenants.isolation.scope import ScopeError
from tenants.models import District


def schema_and_role() -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema(), current_user")
        found: tuple[str, str] = cursor.fetchone()
        return found


def own(district: District) -> tuple[str, str]:
    return names.district_schema(district.pk), names.district_role(scope.database(), district.pk)


def make_school(code: str) -> School:
    return School.objects.create(name=f"School {code}", short_name=code, code=code)


def test_a_query_without_a_district_is_refused(maple: District) -> None:
    with pytest.raises(ScopeError, match="No district"):
        School.objects.count()


def test_a_query_works_in_the_schema_and_as_the_role_of_its_district(maple: District, cedar: District) -> None:
    with scope.district_scope(maple):
        assert schema_and_role() == own(maple)
    with scope.district_scope(cedar):
        assert schema_and_role() == own(cedar)


def test_a_row_of_maple_is_not_in_cedar(maple: District, cedar: District) -> None:
    with scope.district_scope(maple):
        make_school("LIN")
    with scope.district_scope(cedar):
        assert not School.objects.exists()
    with scope.district_scope(maple):
        assert School.objects.get().code == "LIN"


def test_the_platform_needs_no_district_and_stays_the_platform_inside_one(in_maple: District) -> None:
    with connections[names.PLATFORM].cursor() as cursor:
        cursor.execute("SELECT current_schema(), current_user")
        assert cursor.fetchone() == (names.PLATFORM_SCHEMA, names.platform_role(scope.database()))


def test_the_districts_connection_does_not_reach_the_platforms_tables_by_name(in_maple: District) -> None:
    with pytest.raises(Exception, match="does not exist"):
        District.objects.using(names.DISTRICT).count()


@pytest.mark.django_db(transaction=True)
def test_a_lone_statement_leaves_nothing_behind_on_the_connection(maple: District) -> None:
    with scope.district_scope(maple):
        assert schema_and_role() == own(maple)
    with connection.unguarded(), connection.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute("SELECT current_schema(), current_user = session_user")
        assert cursor.fetchone() == (None, True)


@pytest.mark.django_db(transaction=True)
def test_a_committed_transaction_leaves_nothing_behind_on_the_connection(maple: District) -> None:
    with scope.district_scope(maple), transaction.atomic():
        make_school("LIN")
    with connection.unguarded(), connection.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute("SELECT current_schema(), current_user = session_user")
        assert cursor.fetchone() == (None, True)


@pytest.mark.django_db(transaction=True)
def test_changing_the_district_inside_a_transaction_is_refused(maple: District, cedar: District) -> None:
    with scope.district_scope(maple), transaction.atomic():
        make_school("LIN")
        with pytest.raises(ScopeError, match="transaction is open"), scope.district_scope(cedar):
            pytest.fail("entered")
        assert schema_and_role() == own(maple)


@pytest.mark.django_db(transaction=True)
def test_entering_a_district_inside_a_transaction_begun_without_one_is_refused(maple: District) -> None:
    with transaction.atomic(), pytest.raises(ScopeError), scope.district_scope(maple):
        pytest.fail("entered")


@pytest.mark.django_db(transaction=True)
def test_a_transaction_without_autocommit_keeps_its_district_too(maple: District, cedar: District) -> None:
    with scope.district_scope(maple):
        transaction.set_autocommit(False)
        try:
            assert schema_and_role() == own(maple)
            with pytest.raises(ScopeError), scope.district_scope(cedar):
                pytest.fail("entered")
            for end in (transaction.commit, transaction.rollback):
                end()
                assert schema_and_role() == own(maple), "the next transaction was not told its district"
        finally:
            transaction.rollback()
            transaction.set_autocommit(True)


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_outlives_its_scope_answers_no_more(maple: District, cedar: District) -> None:
    atomic = transaction.atomic()
    with scope.district_scope(maple):
        atomic.__enter__()
        School.objects.count()
    try:
        with pytest.raises(ScopeError):
            School.objects.count()
    finally:
        atomic.__exit__(None, None, None)


def test_entering_the_same_district_again_is_no_change(in_maple: District) -> None:
    with transaction.atomic(), scope.district_scope(in_maple):
        assert schema_and_role() == own(in_maple)


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_savepoint_does_not_lose_the_district(maple: District) -> None:
    with scope.district_scope(maple), transaction.atomic():
        with pytest.raises(TypeError), transaction.atomic():
            make_school("LIN").code / 0  # type: ignore[operator] # made, then failed
        assert schema_and_role() == own(maple)
        make_school("OAK")
    with scope.district_scope(maple):
        assert [school.code for school in School.objects.all()] == ["OAK"]


@pytest.mark.django_db(transaction=True)
def test_an_error_as_the_first_statement_after_a_savepoint_can_be_rolled_back(maple: District) -> None:
    with scope.district_scope(maple), transaction.atomic():
        for _ in range(2):
            with pytest.raises(Exception, match="does not exist"), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT * FROM nowhere")
        assert schema_and_role() == own(maple)


@pytest.mark.django_db(transaction=True)
def test_an_empty_transaction_sends_nothing(maple: District) -> None:
    with scope.district_scope(maple):
        School.objects.count()
        before = connection.connection.info.transaction_status
        with transaction.atomic():
            assert connection.connection.info.transaction_status == before


@pytest.mark.django_db(transaction=True)
def test_iterator_outside_a_transaction_is_refused_and_inside_one_reads_in_parts(maple: District) -> None:
    with scope.district_scope(maple):
        School.objects.bulk_create(School(name=f"{n}", short_name=f"{n}", code=f"{n}") for n in range(25))
        with pytest.raises(ScopeError, match="iterator"):
            list(School.objects.iterator(chunk_size=10))
        with transaction.atomic():
            assert len(list(School.objects.iterator(chunk_size=10))) == 25


@pytest.mark.django_db(transaction=True)
def test_executemany_and_copy_outside_a_transaction_are_refused_and_inside_one_work(maple: District) -> None:
    insert = "INSERT INTO accounts_school (name, short_name, code, is_active) VALUES (%s, %s, %s, true)"
    with scope.district_scope(maple), connection.cursor() as cursor:
        with pytest.raises(ScopeError, match="executemany"):
            cursor.executemany(insert, [("a", "a", "a")])
        with pytest.raises(ScopeError, match="COPY"):
            cursor.copy("COPY accounts_school (code) TO STDOUT")
        with transaction.atomic():
            cursor.executemany(insert, [("a", "a", "a"), ("b", "b", "b")])
        with transaction.atomic(), cursor.copy("COPY accounts_school (code) TO STDOUT") as rows:
            assert sorted(b"".join(bytes(row) for row in rows).split()) == [b"a", b"b"]


@pytest.mark.parametrize("given", ["100 % of %s", "50%", "%%", "%(name)s"])
def test_percent_signs_pass_the_prelude_unharmed(in_maple: District, given: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s || '%%'", [given])
        assert cursor.fetchone() == (f"{given}%",)


@pytest.mark.django_db(transaction=True)
def test_percent_signs_without_parameters_pass_the_prelude_unharmed(maple: District) -> None:
    with scope.district_scope(maple), connection.cursor() as cursor:
        cursor.execute("SELECT '%s' || '50%' WHERE 'abc' LIKE '%c'")
        assert cursor.fetchone() == ("%s50%",)


@pytest.mark.django_db(transaction=True)
def test_row_counts_and_columns_are_those_of_the_statement_not_of_the_prelude(maple: District) -> None:
    with scope.district_scope(maple):
        make_school("LIN"), make_school("OAK")
        assert School.objects.update(is_active=False) == 2
        assert School.objects.aggregate(last=Max("code")) == {"last": "OAK"}
        with connection.cursor() as cursor:
            cursor.execute("SELECT code AS letters FROM accounts_school ORDER BY code")
            assert [column.name for column in cursor.description] == ["letters"]
            assert cursor.rowcount == 2


@pytest.mark.django_db(transaction=True)
def test_a_new_thread_has_no_district(maple: District) -> None:
    seen: list[object] = []

    def look() -> None:
        try:
            seen.append(School.objects.count())
        except ScopeError as error:
            seen.append(error)
        finally:
            connections.close_all()

    with scope.district_scope(maple):
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
    assert isinstance(seen[0], ScopeError)


@pytest.mark.django_db(transaction=True)
def test_a_callback_on_commit_finds_the_district_it_was_registered_in(maple: District) -> None:
    seen: list[int | None] = []
    with scope.district_scope(maple), transaction.atomic():
        transaction.on_commit(lambda: seen.append(scope.required().district_id))
    assert seen == [maple.pk]


def test_a_captured_callback_finds_its_district_after_the_scope_has_ended(
    maple: District, django_capture_on_commit_callbacks: object
) -> None:
    seen: list[int | None] = []
    with django_capture_on_commit_callbacks(execute=True), scope.district_scope(maple):  # type: ignore[operator]
        transaction.on_commit(lambda: seen.append(scope.required().district_id))
    assert seen == [maple.pk]


def test_a_stream_is_read_in_the_scope_it_was_made_in(maple: District, cedar: District) -> None:
    make = (schema_and_role() for _ in range(2))
    with scope.district_scope(maple) as opened:
        content = scope.stream(opened, make)
    with scope.district_scope(cedar):
        assert list(content) == [own(maple)] * 2
    assert scope.current() is None


def test_the_options_that_would_break_the_scope_are_refused(maple: District) -> None:
    copy = connection.copy()
    copy.settings_dict["OPTIONS"] = {"server_side_binding": True}
    with pytest.raises(Exception, match="server_side_binding"):
        copy.connect()
