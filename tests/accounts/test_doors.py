"""What is open, what is shut, and that the door tells a stranger nothing."""

from collections.abc import Callable
from typing import ClassVar

import pytest
from allauth.urls import urlpatterns as all_of_allauth
from django.test import override_settings
from django.urls import NoReverseMatch, include, path, reverse

from accounts.models import User
from accounts.passwords import Hasher
from tests.accounts.conftest import CEDAR, MAPLE, At, without_token, words
from tests.cast import PASSWORD, make_person

NOT_OFFERED = [
    "account_signup",
    "account_email",
    "account_confirm_login_code",
    "account_email_verification_sent",
    "account_reset_password_done",
    "mfa_download_recovery_codes",
    "mfa_signup_webauthn",
]


@pytest.mark.parametrize("name", NOT_OFFERED)
def test_what_is_not_offered_has_no_address(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name, urlconf="helpdesk.urls_district")


class Whole:
    """A urlconf that takes allauth in whole, as a careless hand might."""

    urlpatterns = (path("everything/", include(all_of_allauth)), path("", include("helpdesk.urls_district")))


@pytest.mark.parametrize("address", ["signup/", "email/", "password/reset/", "confirm-email/", "login/code/confirm/"])
def test_a_view_that_nobody_marked_stays_shut(anybody: At, address: str) -> None:
    with override_settings(DISTRICT_URLCONF=Whole):
        assert anybody.get(f"/everything/{address}").status_code == 404
        assert anybody.post(f"/everything/{address}", {"email": "x@maple.example"}).status_code == 404


@pytest.mark.parametrize(
    "address", ["/account/", "/account/sessions/", "/account/security/", "/account/password/", "/places/", "/people/"]
)
def test_a_stranger_is_sent_to_sign_in_and_back(anybody: At, address: str) -> None:
    answer = anybody.get(address)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/?next=")


@pytest.mark.parametrize("address", ["/places/", "/people/", "/people/invitations/", "/people/1/", "/people/1/grants/"])
def test_who_manages_nobody_sees_no_such_page(
    rita: User, tomas: User, browser_of: Callable[[User], At], address: str
) -> None:
    for person in (rita, tomas):
        assert browser_of(person).get(address).status_code == 404


def probes(client: At, known: str, unknown: str) -> list[tuple[int, str]]:
    seen = []
    for email in (known, unknown):
        client.cookies.clear()
        answer = client.sign_in(email, "not-the-password-42")
        seen.append((answer.status_code, words(answer).replace(email, "<e-mail>")))
    return seen


@pytest.mark.parametrize("standing", ["active", "switched off", "invited"])
def test_a_wrong_password_answers_like_an_unknown_address(anybody: At, in_maple: None, standing: str) -> None:
    person = make_person("kim@maple.example", "Kim Bell", is_active=standing != "switched off")
    if standing == "invited":
        person.set_unusable_password()
        person.save()
    # Each page carries its own anti-forgery token; all else must be the same, to the byte.
    known, unknown = (
        (status, without_token(page)) for status, page in probes(anybody, person.email, "nobody@maple.example")
    )
    assert known == unknown
    assert known[0] == 422


def test_help_asks_for_nothing_and_names_nobody(anybody: At, ana: User) -> None:
    page = words(anybody.get("/sign-in/help/"))
    assert "new sign-in link" in page
    assert ana.email not in page
    assert 'name="email"' not in page
    assert without_token(words(anybody.post("/sign-in/help/", {"email": ana.email}))) == without_token(page)


def test_what_was_typed_is_kept_but_not_the_password(anybody: At, in_maple: None) -> None:
    page = words(anybody.sign_in("ana@maple.example", "not-the-password-42"))
    assert 'value="ana@maple.example"' in page
    assert "not-the-password-42" not in page


def test_the_address_is_known_in_any_letters(rita: User) -> None:
    assert At().sign_in("RITA@Maple.example").status_code == 303


def test_a_session_of_one_district_is_nobody_at_another(transactional_db: None, rita: User, cedar: object) -> None:
    at_maple = At(MAPLE)
    at_maple.sign_in(rita.email)
    at_cedar = At(CEDAR)
    at_cedar.cookies = at_maple.cookies
    assert at_maple.is_signed_in()
    assert not at_cedar.is_signed_in()
    assert at_cedar.sign_in(rita.email).status_code == 422


def test_signing_in_makes_a_new_session(anybody: At, rita: User) -> None:
    anybody.get("/sign-in/")
    session = anybody.session
    session["planted"] = "before"
    session.save()
    planted = session.session_key
    assert planted
    anybody.cookies["session"] = planted
    anybody.sign_in(rita.email, PASSWORD)
    assert anybody.session.session_key != planted


def test_signing_out_is_a_form_and_ends_the_session_on_the_server(rita: User, browser_of: Callable[[User], At]) -> None:
    client = browser_of(rita)
    kept = client.cookies.output()
    assert client.get("/sign-out/").status_code == 200
    assert client.is_signed_in()
    old = client.cookies["session"].value
    assert client.post("/sign-out/").status_code == 303
    again = At()
    again.cookies["session"] = old
    assert kept
    assert not again.is_signed_in()


def test_forms_of_the_door_need_their_token(rita: User) -> None:
    client = At(enforce_csrf_checks=True)
    assert client.sign_in(rita.email).status_code == 403


ELSEWHERE = [
    "//evil.example", "///evil.example", "////evil.example", "/\\evil.example", "\\\\evil.example", "\\/evil.example",
    "http://evil.example", "https://evil.example", "HTTPS://evil.example", "https:evil.example", "https:/evil.example",
    "http:///evil.example", "https://maple.localhost@evil.example", "https://maple.localhost.evil.example",
    "//maple.localhost@evil.example", "http://cedar.localhost/", "//cedar.localhost/account/", "http://localhost/",
    "http://maple.localhost:1/", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x",
    "\thttps://evil.example", "\n//evil.example", "/\t/evil.example", "/\n/evil.example", "\r\n//evil.example",
    " //evil.example", "%2f%2fevil.example", "evil.example", "ftp://evil.example", "mailto:x@evil.example",
    "\x00//evil.example", "\x01https://evil.example", "//%65vil.example", "/\x0b/evil.example", "//[::1]/",
    "http://[::1", "//evil。example", "/..//evil.example/..//\\evil", "?next=//evil.example", "#//evil.example", ".",
]  # fmt: skip


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_sign_in_leads_nowhere_but_to_paths_of_this_host(rita: User, elsewhere: str) -> None:
    answer = At().sign_in(rita.email, next=elsewhere)
    assert answer.status_code == 303
    target = answer["Location"]
    assert target.startswith("/")
    assert not target.startswith(("//", "/\\"))
    assert not set(target) & set("\t\r\n\\\0")


@pytest.mark.parametrize("there", ["/account/", "/people/?q=rita&role=lead", "/account/sessions/#here"])
def test_sign_in_leads_back_to_where_one_was(rita: User, there: str) -> None:
    assert At().sign_in(rita.email, next=there)["Location"] == there


class Counting(Hasher):
    """The product's hasher, which notes each time it is put to work."""

    works: ClassVar[list[str]] = []

    def encode(self, password: str, salt: str) -> str:
        self.works.append("encode")
        return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        self.works.append("verify")
        return super().verify(password, encoded)


@pytest.mark.parametrize("standing", ["active", "switched off", "invited", "unknown"])
@override_settings(PASSWORD_HASHERS=[f"{__name__}.Counting"])
def test_every_wrong_password_costs_one_hash(anybody: At, in_maple: None, standing: str) -> None:
    if standing != "unknown":
        person = make_person("kim@maple.example", "Kim Bell", is_active=standing != "switched off")
        if standing == "invited":
            person.set_unusable_password()
            person.save()
    Counting.works.clear()
    anybody.sign_in("kim@maple.example", "not-the-password-42")
    assert len(Counting.works) == 1
