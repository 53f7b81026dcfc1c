"""An invitation opens one door once, for a week, and no wrong word opens it."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts import admins, invitations
from accounts.models import Grant, Invitation, User
from accounts.policy import Role
from tenants.isolation import scope
from tenants.models import District
from tests.accounts.conftest import CEDAR, At, without_token, words
from tests.cast import PASSWORD

NEW: dict[str, Any] = {"given_name": "Kim", "family_name": "Bell", "password": "five-hundred-blue-pencils"}
SPENT = "This link opens nothing"


def invite(**more: object) -> tuple[User, str]:
    user, link = invitations.invite(by=None, email="kim@maple.example", given_name="Kim", **more)  # type: ignore[arg-type]
    return user, link.partition(".localhost")[2].partition("/")[2]


def path(link: str) -> str:
    return f"/{link}"


def test_a_link_stands_on_the_districts_own_host(in_maple: None) -> None:
    _, link = invitations.invite(by=None, email="kim@maple.example", given_name="Kim")
    assert link.startswith(("http://maple.localhost", "https://maple.localhost"))


@pytest.mark.parametrize(
    "headers",
    [
        {"x-forwarded-host": "evil.example"},
        {"forwarded": "host=evil.example"},
        {"x-host": "evil.example"},
        {"x-original-host": "evil.example"},
    ],
)
def test_no_header_moves_the_link_elsewhere(ana: User, headers: dict[str, str]) -> None:
    client = At()
    client.sign_in(ana.email)
    client.post("/people/invitations/", {"email": "kim@maple.example", "given_name": "Kim"}, headers=headers)
    kim = User.objects.get(email="kim@maple.example")
    page = words(client.get(f"/people/{kim.pk}/"))
    assert "//maple.localhost" in page
    assert "evil" not in page


def test_only_a_hash_is_kept(in_maple: None) -> None:
    user, link = invite()
    token = link.strip("/").rpartition("/")[2]
    row = Invitation.objects.get(user=user)
    assert token not in str(Invitation.objects.values().get())
    assert len(row.token_hash) == 64
    assert len(token) >= 43


def test_an_invited_person_gets_in(anybody: At, in_maple: None) -> None:
    user, link = invite()
    assert "Welcome, Kim" in words(anybody.get(path(link)))
    answer = anybody.post(path(link), NEW)
    assert (answer.status_code, answer["Location"]) == (303, "/")
    assert anybody.is_signed_in()
    user.refresh_from_db()
    assert (user.name, user.check_password(NEW["password"])) == ("Kim Bell", True)
    assert user.password.startswith("argon2$argon2id$")


def test_looking_does_not_use_it_up(anybody: At, in_maple: None) -> None:
    _, link = invite()
    for _again in range(3):
        assert anybody.get(path(link)).status_code == 200
        assert anybody.head(path(link)).status_code == 200
    assert anybody.post(path(link), NEW).status_code == 303


def test_a_refused_form_keeps_what_was_typed_and_uses_nothing_up(anybody: At, in_maple: None) -> None:
    _, link = invite()
    answer = anybody.post(path(link), NEW | {"given_name": "Kimberly", "password": "short"})
    assert answer.status_code == 422
    assert "Kimberly" in words(answer)
    assert 'aria-invalid="true"' in words(answer)
    assert "short" not in words(answer).replace("too short", "").replace("A short sentence", "")
    assert anybody.post(path(link), NEW).status_code == 303


@pytest.mark.parametrize("password", ["kim@maple.example", "password1234", "qwerty123456", "\0five-hundred-pencils"])
def test_a_poor_password_is_refused(anybody: At, in_maple: None, password: str) -> None:
    _, link = invite()
    assert anybody.post(path(link), NEW | {"password": password}).status_code == 422


def test_a_long_password_is_taken_whole(anybody: At, in_maple: None) -> None:
    user, link = invite()
    long = "a slate and a piece of chalk " * 6
    anybody.post(path(link), NEW | {"password": long})
    user.refresh_from_db()
    assert user.check_password(long)
    assert not user.check_password(long[:72])


def spent(client: At, link: str) -> None:
    for answer in (client.get(path(link)), client.post(path(link), NEW)):
        assert answer.status_code == 404
        assert SPENT in words(answer)
    assert not client.is_signed_in()


def test_it_works_once(anybody: At, in_maple: None) -> None:
    _, link = invite()
    assert At().post(path(link), NEW).status_code == 303
    spent(anybody, link)


def test_of_two_at_once_the_second_finds_it_used(in_maple: None) -> None:
    _, link = invite()
    token = link.strip("/").rpartition("/")[2]
    first = invitations.find(token)
    invitations.accept(token=token, **NEW)
    assert first.accepted_at is None
    with pytest.raises(invitations.Spent):
        invitations.accept(token=token, **NEW)


def test_it_is_good_for_a_week(in_maple: None) -> None:
    _, link = invite()
    token = link.strip("/").rpartition("/")[2]
    made = Invitation.objects.get().created_at
    assert invitations.find(token, at=made + timedelta(days=7, seconds=-1))
    with pytest.raises(invitations.Spent):
        invitations.find(token, at=made + timedelta(days=7))


def test_it_opens_nothing_after_a_week(anybody: At, in_maple: None) -> None:
    _, link = invite(at=timezone.now() - timedelta(days=7))
    spent(anybody, link)


def test_it_opens_nothing_once_revoked(anybody: At, in_maple: None) -> None:
    user, link = invite()
    assert invitations.revoke(user=user) == 1
    spent(anybody, link)


def test_a_fresh_link_closes_the_one_before(anybody: At, in_maple: None) -> None:
    user, link = invite()
    fresh = invitations.renew(by=None, user=user).partition(".localhost")[2].partition("/")[2]
    spent(anybody, link)
    assert anybody.post(path(fresh), NEW).status_code == 303


def test_it_opens_nothing_for_somebody_switched_off(anybody: At, in_maple: None) -> None:
    user, link = invite()
    User.objects.filter(pk=user.pk).update(is_active=False)
    spent(anybody, link)


def test_it_opens_nothing_at_another_district(transactional_db: None, in_maple: None, cedar: District) -> None:
    _, link = invite()
    client = At(CEDAR)
    for answer in (client.get(path(link)), client.post(path(link), NEW)):
        assert answer.status_code == 404
    assert not Invitation.objects.get().accepted_at


def mutations(token: str) -> list[str]:
    return [
        token.swapcase(),
        token.lower(),
        token.upper(),
        token[:-1],
        token + "A",
        token[1:],
        f"%20{token}",
        f"{token}%00",
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        Invitation.hash_of(token),
        "None",
        "null",
        "0",
        "-",
        "%00",
        "é" * 43,
        "A" * 4000,
    ]


def test_no_changed_token_opens_anything(anybody: At, in_maple: None) -> None:
    _, link = invite()
    before, _, token = link.strip("/").rpartition("/")
    for wrong in mutations(token):
        assert anybody.get(f"/{before}/{wrong}/").status_code == 404, wrong
    assert anybody.get(f"/{before}//").status_code == 404
    assert anybody.post(path(link), NEW).status_code == 303


def test_a_spent_link_and_an_invented_one_answer_alike(anybody: At, in_maple: None) -> None:
    user, link = invite()
    invitations.revoke(user=user)
    assert without_token(words(anybody.get(path(link)))) == without_token(words(anybody.get("/invitation/invented/")))


def test_a_return_link_lasts_a_day_and_ends_the_sessions_of_before(rita: User) -> None:
    before = At()
    before.sign_in(rita.email)
    assert before.is_signed_in()
    link = invitations.renew(by=None, user=rita).partition(".localhost")[2].partition("/")[2]
    row = Invitation.objects.get(user=rita)
    assert row.expires_at - row.created_at == timedelta(hours=24)
    assert At().post(path(link), NEW).status_code == 303
    assert not before.is_signed_in()
    assert At().sign_in(rita.email, PASSWORD).status_code == 422


def test_a_changed_password_takes_an_unused_link_back(rita: User) -> None:
    client = At()
    client.sign_in(rita.email)
    link = invitations.renew(by=None, user=rita).partition(".localhost")[2].partition("/")[2]
    changed = {"oldpassword": PASSWORD, "password1": NEW["password"], "password2": NEW["password"]}
    assert client.post("/account/password/", changed).status_code == 303
    spent(At(), link)


def test_the_page_of_a_link_tells_no_other_site_its_address(anybody: At, in_maple: None) -> None:
    _, link = invite()
    assert anybody.get(path(link))["Referrer-Policy"] == "same-origin"


def test_a_form_cannot_name_more_than_it_shows(anybody: At, in_maple: None) -> None:
    user, link = invite()
    forged = {"email": "evil@maple.example", "kind": "guest", "is_active": "", "role": "admin", "username": "x"}
    anybody.post(path(link), NEW | forged)
    user.refresh_from_db()
    assert (user.email, user.kind, user.is_active) == ("kim@maple.example", "staff", True)
    assert not user.grants.exists()


def test_the_first_admin_comes_with_a_link(maple: District) -> None:
    with scope.district_scope(maple):
        user, link = admins.create_first(email="Ana@Maple.example", given_name="Ana", family_name="Ortiz")
        assert "/invitation/" in link
        grant = Grant.objects.get(user=user)
        assert (user.email, grant.role, grant.all_schools, grant.all_queues) == (
            "ana@maple.example",
            Role.ADMIN,
            True,
            True,
        )
