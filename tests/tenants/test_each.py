"""Asking all districts at once, and working in one after another."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone

from accounts.models import School
from tenants.isolation import each, names, scope
from tenants.models import District


def make_school(district: District, code: str) -> None:
    with scope.district_scope(district):
        School.objects.create(name=code, short_name=code, code=code)


def test_only_districts_with_such_a_row_are_named(maple: District, cedar: District) -> None:
    assert each.open_in("accounts_school", "is_active") == []
    make_school(cedar, "OAK")
    assert each.open_in("accounts_school", "is_active") == [cedar.pk]
    make_school(maple, "LIN")
    assert each.open_in("accounts_school", "is_active") == [maple.pk, cedar.pk]
    assert each.open_in("accounts_school", "code LIKE 'L%'") == [maple.pk]


def test_a_suspended_district_is_left_alone(maple: District, cedar: District) -> None:
    make_school(maple, "LIN")
    District.objects.filter(pk=maple.pk).update(state=District.State.SUSPENDED)
    seen: list[int] = []
    each.for_each_district(lambda district: seen.append(district.pk))
    assert each.open_in("accounts_school", "true") == []
    assert seen == [cedar.pk]


def test_a_table_that_no_district_has_yet_is_no_error(maple: District) -> None:
    assert each.open_in("tickets_tomorrow", "true") == []


def test_many_districts_are_asked_in_batches(maple: District, cedar: District, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(each, "BATCH", 1)
    for district in (maple, cedar):
        make_school(district, "OAK")
    assert each.open_in("accounts_school", "true") == [maple.pk, cedar.pk]


def test_work_is_done_in_each_districts_own_scope(maple: District, cedar: District) -> None:
    seen: list[object] = []
    each.for_each_district(lambda _: seen.append(scope.required().schema))
    assert seen == [names.district_schema(maple.pk), names.district_schema(cedar.pk)]


def test_one_districts_failure_does_not_keep_the_others_from_their_work(maple: District, cedar: District) -> None:
    seen: list[int] = []

    def work(district: District) -> None:
        if district == maple:
            raise ZeroDivisionError
        seen.append(district.pk)

    with pytest.raises(ExceptionGroup) as raised:
        each.for_each_district(work)
    assert seen == [cedar.pk]
    assert raised.value.exceptions[0].__notes__ == ["in district maple"]


def test_clearsessions_clears_every_district(maple: District, cedar: District) -> None:
    now = timezone.now()
    for district in (maple, cedar):
        with scope.district_scope(district):
            Session.objects.create(session_key="old", session_data="", expire_date=now - timedelta(days=1))
            Session.objects.create(session_key="new", session_data="", expire_date=now + timedelta(days=1))
    call_command("clearsessions")
    for district in (maple, cedar):
        with scope.district_scope(district):
            assert [session.session_key for session in Session.objects.all()] == ["new"]
