"""Authenticator apps and recovery codes, from setting up to being locked out."""

import hashlib
import hmac
import re
import struct
import time
from base64 import b32decode
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator

from accounts.models import User
from accounts.signin import SecondFactors
from tenants.isolation import scope
from tenants.keys import Unreadable
from tenants.models import District
from tests.accounts.conftest import At, words
from tests.cast import PASSWORD


def code(secret: str, *, steps: int = 0) -> str:
    """What an app would show: RFC 6238, six digits, half a minute."""
    counter = struct.pack(">Q", int(time.time()) // 30 + steps)
    digest = hmac.new(b32decode(secret), counter, hashlib.sha1).digest()
    start = digest[-1] & 0x0F
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


def confirm(client: At) -> None:
    assert client.post("/account/confirmation/", {"password": PASSWORD}).status_code == 303


def set_up(client: At) -> tuple[str, list[str]]:
    """Turns the app on; returns its secret and the recovery codes that are shown once."""
    confirm(client)
    found = re.search(r"<code>([A-Z2-7]{32})</code>", words(client.get("/account/security/app/")))
    assert found
    answer = client.post("/account/security/app/", {"code": code(found[1])})
    assert (answer.status_code, answer["Location"]) == (303, "/account/security/codes/")
    return found[1], re.findall(r"<code>(\d{8})</code>", words(client.get("/account/security/codes/")))


@pytest.mark.parametrize(
    "address",
    ["/account/security/app/", "/account/security/passkeys/new/", "/account/security/codes/new/"],
)
def test_a_change_asks_who_it_is_first(rita: User, browser_of: Callable[[User], At], address: str) -> None:
    answer = browser_of(rita).get(address)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/confirmation/?next=")


def test_turning_off_asks_who_it_is_first(rita: User, browser_of: Callable[[User], At]) -> None:
    set_up(browser_of(rita))
    client = At()
    client.sign_in(rita.email)
    assert Authenticator.objects.filter(user=rita, type="totp").exists()
    assert client.post("/account/security/app/removal/").status_code in (302, 303)
    assert Authenticator.objects.filter(user=rita, type="totp").exists()


def test_a_wrong_password_confirms_nothing(rita: User, browser_of: Callable[[User], At]) -> None:
    client = browser_of(rita)
    assert client.post("/account/confirmation/", {"password": "wrong"}).status_code == 422
    assert client.get("/account/security/app/").status_code == 302


def test_confirming_leads_on_to_this_host_alone(rita: User, browser_of: Callable[[User], At]) -> None:
    client = browser_of(rita)
    answer = client.post("/account/confirmation/?next=//evil.example", {"password": PASSWORD})
    assert answer["Location"] == "/"


def test_the_app_is_asked_for_after_the_password(rita: User, browser_of: Callable[[User], At]) -> None:
    secret, _ = set_up(browser_of(rita))
    client = At()
    assert client.sign_in(rita.email)["Location"] == "/sign-in/code/"
    assert not client.is_signed_in()
    assert client.post("/sign-in/code/", {"code": "000000"}).status_code == 422
    assert not client.is_signed_in()
    assert client.post("/sign-in/code/", {"code": code(secret, steps=1)}).status_code == 303
    assert client.is_signed_in()


def test_where_one_was_going_is_kept_over_the_second_step(rita: User, browser_of: Callable[[User], At]) -> None:
    secret, _ = set_up(browser_of(rita))
    client = At()
    client.sign_in(rita.email, next="/account/sessions/")
    assert client.post("/sign-in/code/", {"code": code(secret, steps=1)})["Location"] == "/account/sessions/"


def test_a_code_works_once(rita: User, browser_of: Callable[[User], At]) -> None:
    secret, _ = set_up(browser_of(rita))
    shown = code(secret, steps=1)
    for wanted in (303, 422):
        client = At()
        client.sign_in(rita.email)
        assert client.post("/sign-in/code/", {"code": shown}).status_code == wanted


def test_guessing_codes_is_slow(rita: User, browser_of: Callable[[User], At]) -> None:
    secret, _ = set_up(browser_of(rita))
    client = At()
    client.sign_in(rita.email)
    assert [client.post("/sign-in/code/", {"code": "000000"}).status_code for _ in range(11)][-1] == 429
    assert client.post("/sign-in/code/", {"code": code(secret, steps=1)}).status_code == 429


def test_a_recovery_code_lets_in_once(rita: User, browser_of: Callable[[User], At]) -> None:
    _, codes = set_up(browser_of(rita))
    assert len(codes) == 10
    for wanted in (303, 422):
        client = At()
        client.sign_in(rita.email)
        assert client.post("/sign-in/code/", {"code": codes[0]}).status_code == wanted


def test_recovery_codes_are_shown_once(rita: User, browser_of: Callable[[User], At]) -> None:
    client = browser_of(rita)
    _, codes = set_up(client)
    page = words(client.get("/account/security/codes/"))
    assert not any(each in page for each in codes)
    assert "10 codes left" in page


def test_secrets_are_sealed_under_the_districts_key(
    rita: User, browser_of: Callable[[User], At], cedar: District
) -> None:
    secret, codes = set_up(browser_of(rita))
    kept = list(Authenticator.objects.filter(user=rita).values_list("data", flat=True))
    assert len(kept) == 2
    assert secret not in str(kept)
    assert not any(each in str(kept) for each in codes)
    sealed = Authenticator.objects.get(user=rita, type="totp").data["secret"]
    with scope.district_scope(cedar), pytest.raises(Unreadable):
        SecondFactors().decrypt(sealed)


def test_a_return_link_does_not_go_round_the_second_factor(rita: User, browser_of: Callable[[User], At]) -> None:
    from accounts import invitations

    set_up(browser_of(rita))
    link = invitations.renew(by=None, user=rita).partition(".localhost")[2].partition("/")[2]
    client = At()
    new = {"given_name": "Rita", "family_name": "Shah", "password": "five-hundred-blue-pencils"}
    assert client.post(f"/{link}", new)["Location"] == "/sign-in/code/"
    assert not client.is_signed_in()


ODD = ["", "x", "[]", "{}", "null", "1", '"x"', '{"id":1}', '{"response":null}', '{"response":{"userHandle":null}}',
       '{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"AA","authenticatorData":"AA","signature":"AA","userHandle":"AA"},"clientExtensionResults":{}}',
       '{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"e30","authenticatorData":"","signature":"","userHandle":"MQ"},"clientExtensionResults":{}}',
       "[" * 2000, '{"id":"\\u0000"}']  # fmt: skip


@pytest.mark.parametrize("credential", ODD)
def test_an_odd_passkey_answer_is_a_refusal_not_a_fault(anybody: At, rita: User, credential: str) -> None:
    anybody.get("/sign-in/passkey/", headers={"accept": "application/json"})
    answer = anybody.post("/sign-in/passkey/", {"credential": credential})
    assert (answer.status_code, answer["Location"]) == (303, "/sign-in/")
    assert not anybody.is_signed_in()


def test_a_passkey_belongs_to_the_host_it_is_made_on(rita: User, browser_of: Callable[[User], At]) -> None:
    client = browser_of(rita)
    confirm(client)
    page = words(client.get("/account/security/passkeys/new/"))
    assert '"id": "maple.localhost"' in page
