"""A change of tables reaches every district, once, whatever is killed, locked or broken on the way."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections

from accounts.models import School
from tenants.isolation import bootstrap, locks, migrate, names, provision, scope, shape
from tenants.models import AppliedMigration, District, RecordedMigration
from tests.tenants.conftest import Code, schema_of

COLUMN = 'migrations.AddField("school", "motto", models.TextField(null=True))'
TABLE = (
    'migrations.CreateModel("Club", [("id", models.BigAutoField(primary_key=True)), '
    '("name", models.CharField(max_length=40, unique=True)), '
    '("school", models.ForeignKey("accounts.School", on_delete=models.CASCADE))]), '
    'migrations.AddIndex("school", models.Index(fields=["motto"], name="school_motto")), '
    'migrations.AddConstraint("club", models.UniqueConstraint(fields=["school", "name"], name="one_club"))'
)
PYTHON = "migrations.RunPython(forwards)"
MOTTO = """School = apps.get_model('accounts', 'School')
    for school in School.objects.iterator():
        school.motto = (school.motto or '') + school.name
        school.save()"""
STOP = """
    if School.objects.filter(name='district-3').exists():
        print('in the middle', flush=True); input()"""


def upgrade() -> migrate.Result:
    """What migrate_all does after a release."""
    migrate.platform()
    migrate.blueprint()
    return migrate.districts()


def mottos(district: District) -> list[str | None]:
    with scope.district_scope(district), connection.cursor() as cursor:
        cursor.execute("SELECT motto FROM accounts_school")
        return [motto for (motto,) in cursor.fetchall()]


def applied(district: District, name: str) -> bool:
    return AppliedMigration.objects.filter(district=district, migration__name=name).exists()


def wait_until(condition: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def waits_for_a_lock(kind: str) -> bool:
    """Whether any session of this database stands in a queue for a lock."""
    with connections[names.PLATFORM].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = %s", [kind])
        return bool(cursor.fetchone()[0])


def test_what_django_did_to_the_blueprint_is_done_to_every_district(code: Code, six: list[District]) -> None:
    code.add("column", COLUMN)
    code.add("table", TABLE)
    assert upgrade() == migrate.Result(migrated=6)
    assert shape.compare() == []
    assert migrate.pending() == {}
    with scope.district_scope(six[3]), connection.cursor() as cursor:  # rights and sequence reach the new table
        cursor.execute("INSERT INTO accounts_club (name, school_id) SELECT 'Chess', id FROM accounts_school")
        assert cursor.rowcount == 1


def test_a_second_run_has_nothing_to_do(code: Code, six: list[District]) -> None:
    code.add("column", COLUMN)
    upgrade()
    assert upgrade() == migrate.Result(migrated=0)


def test_python_over_rows_runs_in_every_district_once_and_in_its_turn(code: Code, six: list[District]) -> None:
    code.add("column", COLUMN)
    code.add("motto", PYTHON, MOTTO)
    code.add("filled", 'migrations.AlterField("school", "motto", models.TextField(default=""))')
    assert upgrade().failed == {}
    upgrade()
    assert [mottos(district) for district in six] == [[district.slug] for district in six]
    assert shape.compare() == []


def test_a_new_district_starts_with_the_newest_shape(code: Code, six: list[District]) -> None:
    code.add("column", COLUMN)
    code.add("motto", PYTHON, MOTTO)
    upgrade()
    late = provision.provision(
        slug="late", name="Late", host="late.localhost", short_prefix="LT", time_zone="America/Denver"
    )
    assert migrate.pending() == {}
    assert shape.compare() == []
    assert mottos(late) == []


def test_a_mixed_migration_of_a_library_is_replayed_whole(code: Code, six: list[District]) -> None:
    code.add("column", COLUMN)
    code.add("mixed", f'{PYTHON}, migrations.AddField("school", "song", models.TextField(null=True))', MOTTO)
    assert upgrade() == migrate.Result(migrated=6)
    assert shape.compare() == []
    assert mottos(six[0]) == ["district-0"]


def test_a_district_whose_rows_break_a_migration_stops_alone_and_resumes(code: Code, six: list[District]) -> None:
    with scope.district_scope(six[2]):
        School.objects.create(name="district-2", short_name="again", code="again")
    code.add("unique", 'migrations.AlterField("school", "name", models.CharField(max_length=120, unique=True))')
    code.add("column", COLUMN)
    result = upgrade()
    assert (result.migrated, list(result.failed)) == (5, ["district-2"])
    assert migrate.pending() == {"district-2": 2}
    with pytest.raises(CommandError, match="1 districts could not be migrated"):
        call_command("migrate_all")
    with scope.district_scope(six[2]):
        School.objects.filter(code="again").delete()
    assert upgrade() == migrate.Result(migrated=1)
    assert shape.compare() == []


def test_a_run_killed_in_the_middle_is_finished_by_the_next(code: Code, six: list[District], scratch: str) -> None:
    code.add("column", COLUMN)
    name = code.add("motto", PYTHON, MOTTO + STOP)
    kill_in_the_middle(code, scratch)
    assert [applied(district, name) for district in six] == [True, True, True, False, False, False]
    assert mottos(six[3]) == [None], "half of a migration was kept"
    code.change(name, STOP, "")
    assert upgrade() == migrate.Result(migrated=3)
    assert [mottos(district) for district in six] == [[district.slug] for district in six]
    assert shape.compare() == []


def kill_in_the_middle(code: Code, database: str) -> None:
    """Upgrades in a process of its own and kills it when it says that it is in the middle."""
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); from django.conf import settings;"
        "settings.MIGRATION_MODULES = {'accounts': sys.argv[2]}; import django; django.setup();"
        "from tenants.isolation import migrate; migrate.blueprint(); migrate.districts()"
    )
    target = bootstrap.Target.of_settings(database)
    url = f"postgresql://{target.login}:{target.password}@{target.host}:{target.port}/{database}"
    command = [sys.executable, "-c", program, str(code.folder.parent), code.folder.name]
    with subprocess.Popen(
        command, env=os.environ | {"DATABASE_URL": url}, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"in the middle\n"
        process.send_signal(signal.SIGKILL)
    wait_until(lambda: not _is_busy(database))


def _is_busy(database: str) -> bool:
    """Whether the server still has a killed process's transaction to roll back."""
    with connections[names.PLATFORM].cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database "
            "WHERE d.datname = %s AND l.pid <> pg_backend_pid() AND l.mode = 'RowExclusiveLock'",
            [database],
        )
        return bool(cursor.fetchone()[0])


def test_a_killed_blueprint_has_its_change_and_its_record_or_neither(code: Code, six: list[District]) -> None:
    name = code.add("broken", f"{COLUMN}, migrations.RunSQL('SELECT 1 / 0')")
    with pytest.raises(Exception, match="division by zero"):
        migrate.blueprint()
    assert not RecordedMigration.objects.filter(name=name).exists()
    code.change(name, ", migrations.RunSQL('SELECT 1 / 0')", "")
    assert upgrade() == migrate.Result(migrated=6)


def test_a_table_that_is_locked_is_tried_again_and_holds_nobody_up(
    code: Code, six: list[District], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate, "LOCK_TIMEOUT", "100ms")
    code.add("column", COLUMN)
    with bootstrap.Target.of_settings(scope.database()).connect() as busy, ThreadPoolExecutor(1) as pool:
        busy.execute(f'SET LOCAL ROLE "{names.district_role(scope.database(), six[1].pk)}"'.encode())
        busy.execute(f"SELECT * FROM {schema_of(six[1])}.accounts_school".encode())  # noqa: S608
        run = pool.submit(in_thread(upgrade))
        wait_until(lambda: waits_for_a_lock("relation"))
        wait_until(lambda: not waits_for_a_lock("relation"))  # it gave way: nobody queues behind it
        assert not run.done()
        busy.rollback()
        assert run.result() == migrate.Result(migrated=6)
    assert shape.compare() == []


def test_runners_side_by_side_do_each_district_once(code: Code, six: list[District]) -> None:
    code.add("column", COLUMN)
    code.add("motto", PYTHON, MOTTO)
    migrate.blueprint()
    shares = [migrate.Share(), migrate.Share(), migrate.Share(0, 2), migrate.Share(1, 2)]
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda share: in_thread(lambda: migrate.districts(share))(), shares))
    assert [result.failed for result in results] == [{}] * 4
    assert [mottos(district) for district in six] == [[district.slug] for district in six]


def test_provisioning_waits_while_the_blueprint_changes(scratch: str) -> None:
    def provisioned() -> District:
        return provision.provision(slug="late", name="Late", host="late.localhost", short_prefix="LT", time_zone="UTC")

    with ThreadPoolExecutor(1) as pool:
        with scope.owner_scope(names.BLUEPRINT_SCHEMA), locks.exclusive(names.DISTRICT):
            run = pool.submit(in_thread(provisioned))
            wait_until(lambda: waits_for_a_lock("advisory"))
            assert not run.done()
        assert run.result().state == District.State.LIVE


def test_a_part_takes_its_own_districts_alone(code: Code, six: list[District]) -> None:
    code.add("column", COLUMN)
    migrate.blueprint()
    call_command("migrate_all", "--part", "1/2")
    odd = {district.slug for district in six if district.pk % 2 == 1}
    assert set(migrate.pending()) == {district.slug for district in six} - odd


@pytest.mark.parametrize("part", ["2/2", "1", "a/b", "0/0", "-1/2"])
def test_a_part_that_is_none_is_refused(maple: District, part: str) -> None:
    with pytest.raises(CommandError, match="--part"):
        call_command("migrate_all", f"--part={part}")


def test_djangos_own_migrate_is_refused(maple: District) -> None:
    with pytest.raises(CommandError, match="migrate_all"):
        call_command("migrate")


def in_thread[Answer](work: Callable[[], Answer]) -> Callable[[], Answer]:
    """The work, with the thread's connections closed behind it."""

    def run() -> Answer:
        try:
            return work()
        finally:
            connections.close_all()

    return run


def test_the_tests_own_districts_have_every_migration_of_the_code(maple: District, cedar: District) -> None:
    assert migrate.pending() == {}
