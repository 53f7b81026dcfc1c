"""Opening a demo district: once, whole or not at all, and only where its published password does no harm."""

import dataclasses
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from console.demo import planting, seeding
from console.demo.plans import CEDAR
from tenants.isolation import names, provision, scope
from tenants.models import District
from tests.console.demo import MOMENT
from tickets.models import Ticket

BIRCH = dataclasses.replace(CEDAR, slug="birch", name="Birch", host="birch.localhost", short_prefix="BB")


class Killed(BaseException):
    """What a dying process leaves half done."""


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("maple")
class TestSeeding:
    def test_a_district_is_open_with_its_tickets(self) -> None:
        assert seeding.seed(BIRCH, now=MOMENT) == 80
        assert seeding.is_there(BIRCH)
        with scope.district_scope(District.objects.get(slug="birch")):
            assert Ticket.objects.count() == 80

    def test_a_second_time_changes_nothing(self) -> None:
        seeding.seed(BIRCH, now=MOMENT)
        with pytest.raises(provision.Taken):
            seeding.seed(BIRCH, now=MOMENT)

    def test_what_was_killed_in_the_middle_is_whole_the_next_time(self, monkeypatch: pytest.MonkeyPatch) -> None:
        write, calls = planting._write, []

        def dies(files: object) -> None:
            write(files)  # type: ignore[arg-type]
            calls.append(files)
            if len(calls) == 2:
                raise Killed

        with monkeypatch.context() as patch:
            patch.setattr(planting, "BATCH", 20)
            patch.setattr(planting, "_write", dies)
            with pytest.raises(Killed):
                seeding.seed(BIRCH, now=MOMENT)
        assert not seeding.is_there(BIRCH)
        assert not _has_schema(District.objects.get(slug="birch"))
        assert seeding.seed(BIRCH, now=MOMENT) == 80
        assert seeding.is_there(BIRCH)

    def test_what_was_killed_before_the_doors_opened_is_opened(self) -> None:
        seeding.seed(BIRCH, now=MOMENT)
        District.objects.filter(slug="birch").update(state=District.State.PROVISIONING)
        assert not seeding.is_there(BIRCH)
        seeding.seed(BIRCH, now=MOMENT)
        assert seeding.is_there(BIRCH)
        with scope.district_scope(District.objects.get(slug="birch")):
            assert Ticket.objects.count() == 80

    def test_the_command_says_what_it_did_and_then_that_it_is_done(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("console.management.commands.seed_demo.PLANS", (BIRCH,))
        assert _seed().startswith("Birch: 80 tickets in ")
        assert _seed() == "Birch is there already.\n"


def test_it_refuses_where_strangers_come_in(settings: object) -> None:
    settings.SCHEME = "https"  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="published"):
        _seed()


def _seed() -> str:
    out = StringIO()
    call_command("seed_demo", stdout=out)
    return out.getvalue()


def _has_schema(district: District) -> bool:
    with scope.owner_scope(names.BLUEPRINT_SCHEMA), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [names.district_schema(district.pk)])
        return cursor.fetchone() is not None
