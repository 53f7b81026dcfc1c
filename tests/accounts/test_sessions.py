"""Where a person is signed in, and what ends it."""

from collections.abc import Callable

import pytest
from allauth.usersessions.models import UserSession

from accounts import people, sessions
from accounts.models import User
from tests.accounts.conftest import At, words
from tests.cast import PASSWORD

NEW = "five-hundred-blue-pencils"


def test_a_person_sees_where_they_are_signed_in(rita: User, browser_of: Callable[[User], At]) -> None:
    here, _there = browser_of(rita), browser_of(rita)
    page = words(here.get("/account/sessions/"))
    assert page.count("This browser") == 1
    assert page.count("Sign out there") == 1


def test_one_session_is_ended_from_another(rita: User, browser_of: Callable[[User], At]) -> None:
    here, there = browser_of(rita), browser_of(rita)
    other = UserSession.objects.get(session_key=there.session.session_key)
    assert here.post(f"/account/sessions/{other.pk}/ending/").status_code == 303
    assert not there.is_signed_in()
    assert here.is_signed_in()


def test_nobody_ends_the_session_of_somebody_else(rita: User, tomas: User, browser_of: Callable[[User], At]) -> None:
    here, theirs = browser_of(rita), browser_of(tomas)
    row = UserSession.objects.get(session_key=theirs.session.session_key)
    assert here.post(f"/account/sessions/{row.pk}/ending/").status_code == 404
    assert theirs.is_signed_in()


def test_all_others_end_at_once(rita: User, browser_of: Callable[[User], At]) -> None:
    here, others = browser_of(rita), [browser_of(rita), browser_of(rita)]
    assert here.post("/account/sessions/others/ending/").status_code == 303
    assert here.is_signed_in()
    assert not any(other.is_signed_in() for other in others)


@pytest.mark.parametrize("address", ["/account/sessions/1/ending/", "/account/sessions/others/ending/"])
def test_reading_ends_nothing(rita: User, browser_of: Callable[[User], At], address: str) -> None:
    here, there = browser_of(rita), browser_of(rita)
    assert here.get(address).status_code == 405
    assert there.is_signed_in()


def test_a_changed_password_ends_the_other_sessions(rita: User, browser_of: Callable[[User], At]) -> None:
    here, there = browser_of(rita), browser_of(rita)
    answer = here.post("/account/password/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert answer.status_code == 303
    # Asked before anybody clicks again: the others are ended, not only refused when they come.
    assert [each.session_key for each in sessions.of(rita)] == [here.session.session_key]
    assert here.is_signed_in()
    assert not there.is_signed_in()


def test_a_wrong_old_password_changes_nothing(rita: User, browser_of: Callable[[User], At]) -> None:
    here = browser_of(rita)
    answer = here.post("/account/password/", {"oldpassword": "wrong", "password1": NEW, "password2": NEW})
    assert answer.status_code == 422
    rita.refresh_from_db()
    assert rita.check_password(PASSWORD)


def test_somebody_switched_off_is_out_at_once(ana: User, rita: User, browser_of: Callable[[User], At]) -> None:
    theirs = browser_of(rita)
    people.deactivate(user=rita)
    assert not theirs.is_signed_in()
    assert not UserSession.objects.filter(user=rita).exists()
    assert theirs.sign_in(rita.email)["Location"] == "/sign-in/closed/"
    assert not theirs.is_signed_in()


def test_switched_off_by_a_sync_that_ended_no_session_is_out_as_well(
    rita: User, browser_of: Callable[[User], At]
) -> None:
    theirs = browser_of(rita)
    User.objects.filter(pk=rita.pk).update(is_active=False)
    assert not theirs.is_signed_in()


def test_switched_on_again_needs_a_new_sign_in(ana: User, rita: User, browser_of: Callable[[User], At]) -> None:
    theirs = browser_of(rita)
    people.deactivate(user=rita)
    people.reactivate(user=rita)
    assert not theirs.is_signed_in()
    assert theirs.sign_in(rita.email).status_code == 303


def test_a_taken_role_is_gone_at_the_next_click(ana: User, tomas: User, browser_of: Callable[[User], At]) -> None:
    theirs = browser_of(ana)
    assert theirs.get("/places/").status_code == 200
    ana.grants.all().delete()
    assert theirs.get("/places/").status_code == 404


CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {CHROME}", "Chrome, Chromebook"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Edg/126.0", "Edge, Windows"),
        (f"Mozilla/5.0 (Linux; Android 14) {CHROME}", "Chrome, Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 15.0; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox, Mac"),
        ("", ""),
        ("<b>" + "x" * 100, "<b>" + "x" * 57),
    ],
)
def test_a_browser_is_named_as_people_name_it(user_agent: str, words: str) -> None:
    assert sessions.browser(user_agent) == words


def test_what_a_browser_says_of_itself_is_only_words(rita: User) -> None:
    client = At()
    client.post("/sign-in/", {"login": rita.email, "password": PASSWORD}, headers={"user-agent": "<script>alert(1)"})
    assert "<script>alert" not in words(client.get("/account/sessions/"))
