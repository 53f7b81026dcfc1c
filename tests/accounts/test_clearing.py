"""Sessions that ran out are removed, in every district, and no other."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts import tasks
from tenants.isolation import scope
from tenants.models import District


def make_session(key: str, *, days: int) -> None:
    Session.objects.create(session_key=key, session_data="x", expire_date=timezone.now() + timedelta(days=days))


def test_sessions_that_ran_out_are_removed_everywhere(maple: District, cedar: District) -> None:
    for district in (maple, cedar):
        with scope.district_scope(district):
            make_session("old", days=-1)
            make_session("new", days=1)
    tasks.clear_sessions.run()
    for district in (maple, cedar):
        with scope.district_scope(district):
            assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]
