"""Getting in and one's own account, in a real browser: with script and without, in both themes, by passkey too."""

import re
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Page, expect

from accounts import invitations
from accounts.models import User
from tenants.models import District
from tests.browser.conftest import LAPTOP, PHONE, Check, Look, PageAt
from tests.cast import PASSWORD, Place

LOOKS = [Look(theme, size) for theme in ("light", "dark") for size in (PHONE, LAPTOP)]
Address = Callable[..., str]
At = Callable[[str], str]


@pytest.fixture
def at(address: Address, in_maple: District) -> At:
    """A path on Maple's host."""
    return lambda path: address(path, "maple")


def sign_in(page: Page, at: At, email: str, path: str = "/sign-in/") -> None:
    page.goto(at(path))
    page.get_by_label("School e-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


@pytest.mark.browser
@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_the_door_is_open_to_everybody(page_at: PageAt, at: At, accessible: Check, look: Look) -> None:
    page = page_at(look)
    for path in ("/sign-in/", "/sign-in/help/", "/sign-in/closed/", "/invitation/invented/"):
        page.goto(at(path))
        accessible(page)
    page.goto(at("/sign-in/"))
    page.get_by_label("School e-mail").fill("nobody@maple.example")
    page.get_by_label("Password").fill("not-the-password-42")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("do not go together")
    expect(page.get_by_label("School e-mail")).to_have_value("nobody@maple.example")
    accessible(page)


@pytest.mark.browser
@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_an_invited_person_finds_a_plain_form(page_at: PageAt, at: At, accessible: Check, look: Look) -> None:
    _, link = invitations.invite(by=None, email="kim@maple.example", given_name="Kim")
    page = page_at(look)
    page.goto(at("/invitation/" + link.rstrip("/").rpartition("/")[2] + "/"))
    accessible(page)
    page.get_by_label("Last name").fill("Bell")
    page.get_by_label("Password").fill("short")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_label("Last name")).to_have_value("Bell")
    accessible(page)


@pytest.mark.browser
@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_ones_own_account_is_usable_by_all(page_at: PageAt, at: At, rita: User, accessible: Check, look: Look) -> None:
    page = page_at(look)
    sign_in(page, at, rita.email, "/sign-in/?next=/account/")
    expect(page).to_have_url(re.compile("/account/$"))
    accessible(page)
    for path in ("/account/sessions/", "/account/password/", "/account/security/", "/account/security/passkeys/"):
        page.goto(at(path))
        accessible(page)
    page.goto(at("/account/security/app/"))
    accessible(page)  # asks who it is
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up an authenticator app")
    accessible(page)
    page.goto(at("/account/security/passkeys/new/"))
    accessible(page)


@pytest.mark.browser
@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_people_and_places_are_usable_by_all(
    page_at: PageAt, at: At, ana: User, rita: User, tomas: User, lincoln: Place, accessible: Check, look: Look
) -> None:
    page = page_at(look)
    sign_in(page, at, ana.email, "/sign-in/?next=/people/")
    paths = (
        "/people/",
        "/people/?q=xyzzy",
        "/people/invitations/",
        f"/people/{tomas.pk}/",
        f"/people/{rita.pk}/grants/",
    )
    rooms = ("/places/", f"/places/{lincoln.school.pk}/", f"/places/rooms/{lincoln.room.pk}/")
    for path in paths + rooms:
        page.goto(at(path))
        accessible(page)
    page.goto(at(f"/people/{rita.pk}/grants/"))
    page.get_by_role("radio", name="Only these").first.check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("mend")
    accessible(page)


@pytest.mark.browser
@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_somebody_is_invited_and_comes_in(page_at: PageAt, at: At, ana: User, script: bool) -> None:
    anas, kims = page_at(script=script), page_at(script=script)
    sign_in(anas, at, ana.email, "/sign-in/?next=/people/invitations/")
    anas.get_by_label("School e-mail").fill("kim@maple.example")
    anas.get_by_label("First name").fill("Kim")
    anas.get_by_role("button", name="Make the invitation").click()
    expect(anas.get_by_role("heading", name="Copy this link now")).to_be_visible()
    link = anas.get_by_label("Link", exact=True).input_value()
    kims.goto(at("/invitation/" + link.rstrip("/").rpartition("/")[2] + "/"))
    kims.get_by_label("Password").fill("five-hundred-blue-pencils")
    kims.get_by_role("button", name="Sign in").click()
    kims.goto(at("/account/"))
    expect(kims.get_by_role("main").get_by_text("kim@maple.example")).to_be_visible()
    anas.reload()
    expect(anas.get_by_label("Link", exact=True)).to_have_count(0)


@pytest.fixture
def with_key(page_at: PageAt) -> Page:
    """A browser with a built-in key that answers at once, as a laptop with a fingerprint reader would."""
    page = page_at()
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return page


def make_passkey(page: Page, at: At) -> None:
    page.goto(at("/account/security/passkeys/new/"))
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("What to call it").fill("School laptop")
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")


@pytest.mark.browser
def test_a_passkey_is_made_and_opens_the_door_alone(with_key: Page, at: At, rita: User, accessible: Check) -> None:
    sign_in(with_key, at, rita.email)
    make_passkey(with_key, at)
    accessible(with_key)
    with_key.goto(at("/account/security/passkeys/"))
    expect(with_key.get_by_text("School laptop").first).to_be_visible()
    accessible(with_key)
    with_key.context.clear_cookies()
    with_key.goto(at("/sign-in/?next=/account/"))
    with_key.get_by_role("button", name="Sign in with a passkey").click()
    expect(with_key).to_have_url(re.compile("/account/$"))
    expect(with_key.get_by_role("main").get_by_text(rita.email)).to_be_visible()
    assert Authenticator.objects.get(user=rita, type="webauthn").last_used_at


@pytest.mark.browser
def test_a_passkey_is_the_second_step_after_a_password(with_key: Page, at: At, rita: User) -> None:
    sign_in(with_key, at, rita.email)
    make_passkey(with_key, at)
    with_key.context.clear_cookies()
    sign_in(with_key, at, rita.email, "/sign-in/?next=/account/")
    expect(with_key.get_by_role("heading", level=1)).to_have_text("One more step")
    with_key.get_by_role("button", name="Use your passkey").click()
    expect(with_key).to_have_url(re.compile("/account/$"))


@pytest.mark.browser
def test_a_passkey_of_one_host_is_unknown_at_another(
    with_key: Page, at: At, address: Address, rita: User, cedar: District
) -> None:
    sign_in(with_key, at, rita.email)
    make_passkey(with_key, at)
    with_key.goto(address("/sign-in/", "cedar"))
    with_key.get_by_role("button", name="Sign in with a passkey").click()
    expect(with_key.get_by_role("alert")).to_contain_text("did not answer")


@pytest.mark.browser
def test_a_removed_passkey_opens_nothing(with_key: Page, at: At, rita: User) -> None:
    sign_in(with_key, at, rita.email)
    make_passkey(with_key, at)
    with_key.goto(at("/account/security/passkeys/"))
    with_key.get_by_role("link", name="Remove").click()
    with_key.get_by_role("button", name="Remove").click()
    with_key.context.clear_cookies()
    with_key.goto(at("/sign-in/"))
    with_key.get_by_role("button", name="Sign in with a passkey").click()
    expect(with_key.get_by_text("That code is not right")).to_be_visible()
    assert not Authenticator.objects.filter(user=rita).exists()
