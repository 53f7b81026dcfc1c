"""Opening a district for a customer, and taking it up again after an interruption."""

from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import Grant, Invitation, User
from accounts.policy import Role
from console import districts
from tenants import keys
from tenants.isolation import provision, scope
from tenants.models import District, Domain
from tickets.models import Queue

FACTS = {
    "slug": "oak",
    "name": "Oak Unified",
    "host": "oak.localhost",
    "short_prefix": "OU",
    "time_zone": "America/Denver",
    "admin_email": "eve@oak.example",
    "admin_given_name": "Eve",
    "admin_family_name": "Lund",
}

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("maple")]


def test_it_is_open_with_its_admin_its_queue_and_its_key() -> None:
    opened = districts.open(**FACTS)
    assert opened.district.state == District.State.LIVE
    assert keys.open_sealed(opened.district, keys.seal(opened.district, b"x", purpose="test"), purpose="test") == b"x"
    with scope.district_scope(opened.district):
        assert [grant.role for grant in Grant.objects.filter(user=opened.admin)] == [Role.ADMIN]
        assert [(queue.name, queue.is_default) for queue in Queue.objects.all()] == [("Central IT", True)]


def test_the_link_leads_the_admin_in() -> None:
    opened = districts.open(**FACTS)
    assert opened.invitation_link.startswith("http://oak.localhost/invitation/")
    path = opened.invitation_link.removeprefix("http://oak.localhost")
    assert Client(headers={"host": "oak.localhost"}).get(path).status_code == 200


def test_a_second_call_renews_the_link_and_makes_nothing_twice() -> None:
    first, second = districts.open(**FACTS), districts.open(**FACTS)
    assert first.district == second.district
    assert first.invitation_link != second.invitation_link
    with scope.district_scope(second.district):
        assert (User.objects.count(), Queue.objects.count(), Grant.objects.count()) == (1, 1, 1)
        assert Invitation.objects.unused().count() == 1


@pytest.mark.parametrize(
    "step", ["keys.issue", "blueprint.latest", "_make_role", "_write_ledger", "_execute_text", "hosts.forget"]
)
def test_it_is_taken_up_after_a_kill_at(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(f"tenants.isolation.provision.{step}", _die)
        with pytest.raises(KeyboardInterrupt):
            districts.open(**FACTS)
    opened = districts.open(**FACTS)
    assert opened.district.state == District.State.LIVE
    assert opened.invitation_link
    with scope.district_scope(opened.district):
        assert (User.objects.count(), Queue.objects.count()) == (1, 1)


def test_it_is_taken_up_after_a_kill_between_the_admin_and_the_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("accounts.admins.create_first", _die)
        with pytest.raises(KeyboardInterrupt):
            districts.open(**FACTS)
    with scope.district_scope(districts.open(**FACTS).district):
        assert (User.objects.count(), Queue.objects.count()) == (1, 1)


def test_the_district_of_others_is_left_alone() -> None:
    districts.open(**FACTS)
    with pytest.raises(provision.Taken):
        districts.open(**FACTS | {"name": "Oak Hills"})
    with pytest.raises(provision.Taken):
        districts.open(**FACTS | {"admin_email": "mallory@oak.example"})


def test_no_link_is_made_once_the_admin_has_moved_in() -> None:
    opened = districts.open(**FACTS)
    with scope.district_scope(opened.district):
        opened.admin.set_password("four words that hold")
        opened.admin.save()
    with pytest.raises(provision.Taken):
        districts.open(**FACTS)


@pytest.mark.parametrize(
    "wrong", [{"slug": "Oak!"}, {"host": "no host"}, {"time_zone": "Mars/Olympus"}, {"short_prefix": "x"}]
)
def test_what_cannot_be_is_refused_and_leaves_nothing(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        districts.open(**FACTS | wrong)
    assert not Domain.objects.filter(host="oak.localhost").exists()


def test_the_command_prints_the_link() -> None:
    out = StringIO()
    call_command("open_district", *FACTS.values(), stdout=out)
    assert "Oak Unified is open." in out.getvalue()
    assert "http://oak.localhost/invitation/" in out.getvalue()


def test_the_command_says_what_is_wrong() -> None:
    with pytest.raises(CommandError, match="time zone"):
        call_command("open_district", *(FACTS | {"time_zone": "Mars/Olympus"}).values())


def _die(*_: Any, **__: Any) -> None:
    raise KeyboardInterrupt
