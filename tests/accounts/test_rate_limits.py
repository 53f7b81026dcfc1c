"""Guessing is slow, in one district, from one address, and no header makes it fast."""

import pytest
from django.test import RequestFactory, override_settings

from accounts.models import User
from helpdesk import client_ip
from tenants.isolation import scope
from tenants.models import District
from tests.accounts.conftest import CEDAR, At, words
from tests.cast import make_person

WRONG = "not-the-password-42"


def guess(client: At, email: str, times: int, **headers: str) -> list[int]:
    return [
        client.post("/sign-in/", {"login": email, "password": WRONG}, headers=headers).status_code for _ in range(times)
    ]


def test_an_account_takes_ten_wrong_guesses(rita: User) -> None:
    assert guess(At(), rita.email, 11) == [422] * 10 + [429]
    answer = At().sign_in(rita.email)
    assert answer.status_code == 429
    assert "Wait 15 minutes" in words(answer)


def test_another_account_of_the_district_is_not_slowed(rita: User, tomas: User) -> None:
    guess(At(), rita.email, 11)
    assert At().sign_in(tomas.email).status_code == 303


def test_another_district_is_not_slowed(transactional_db: None, rita: User, cedar: District) -> None:
    with scope.district_scope(cedar):
        make_person(rita.email, "Rita Twin")
    guess(At(), rita.email, 11)
    assert At(CEDAR).sign_in(rita.email).status_code == 303


def test_an_unknown_account_is_limited_alike(in_maple: None) -> None:
    assert guess(At(), "nobody@maple.example", 11) == [422] * 10 + [429]


def test_other_letters_of_an_address_are_the_same_account(rita: User) -> None:
    guess(At(), rita.email, 5)
    assert guess(At(), rita.email.upper(), 6) == [422] * 5 + [429]


FORGED = ["x-forwarded-for", "x-real-ip", "cf-connecting-ip", "forwarded", "true-client-ip", "x-client-ip"]


@pytest.mark.parametrize("header", FORGED)
def test_a_forged_address_starts_no_new_count(in_maple: None, header: str) -> None:
    client = At()
    codes = [guess(client, f"p{n}@maple.example", 1, **{header: f"203.0.113.{n}"})[0] for n in range(31)]
    assert codes == [422] * 30 + [429]


def request_from(peer: str, **headers: str) -> str:
    return client_ip.of(RequestFactory(REMOTE_ADDR=peer).get("/", headers=headers))


def test_no_header_is_believed_unless_the_settings_name_it() -> None:
    assert request_from("127.0.0.1", **{"cf-connecting-ip": "203.0.113.9"}) == "127.0.0.1"


@override_settings(CLIENT_IP_HEADER="CF-Connecting-IP", TRUSTED_PROXIES=["127.0.0.1", "::1"])
@pytest.mark.parametrize(
    ("peer", "told", "believed"),
    [
        ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("::1", "2001:db8::9", "2001:db8::9"),
        ("::ffff:127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("198.51.100.7", "203.0.113.9", "198.51.100.7"),
        ("127.0.0.1", "<b>203.0.113.9</b>", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.9, 203.0.113.10", "127.0.0.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("", "203.0.113.9", "0.0.0.0"),  # noqa: S104
    ],
)
def test_the_named_header_is_believed_from_the_proxy_alone(peer: str, told: str, believed: str) -> None:
    assert request_from(peer, **{"cf-connecting-ip": told}) == believed


@override_settings(CLIENT_IP_HEADER="CF-Connecting-IP", TRUSTED_PROXIES=["127.0.0.1"])
def test_behind_the_proxy_each_address_has_its_own_count(in_maple: None) -> None:
    client = At()
    codes = [guess(client, f"p{n}@maple.example", 1, **{"cf-connecting-ip": f"203.0.113.{n}"})[0] for n in range(31)]
    assert set(codes) == {422}


def test_links_cannot_be_guessed_in_a_flood(anybody: At) -> None:
    codes = [anybody.get(f"/invitation/guess-{n}/").status_code for n in range(61)]
    assert codes == [404] * 60 + [429]
