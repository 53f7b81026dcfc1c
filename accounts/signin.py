"""How allauth behaves in this house: closed to strangers, same-host redirects only, secrets sealed."""

import base64

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from accounts import addresses, invitations, sessions
from accounts.models import User
from helpdesk import client_ip
from tenants import keys

SECRETS = "second factor"


class Adapter(DefaultAccountAdapter):
    """Local accounts. Single sign-on comes as an adapter beside this one; both end in the same `login`."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("That e-mail and password do not go together. Check both, or ask for a new link."),
        "too_many_login_attempts": _("Too many tries for now. Wait 15 minutes, then try again."),
        "incorrect_password": _("That is not your password."),
        "enter_current_password": _("That is not your password."),
        "incorrect_code": _("That code is not right, or no longer. Type the one shown now."),
        "rate_limited": _("Too many tries for now. Wait a few minutes, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People are invited; nobody makes an account by themselves."""
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Only paths of this very host. allauth would also take every host that the settings list."""
        return url is not None and url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def is_ajax(self, request: HttpRequest) -> bool:
        """Only the passkey button asks for JSON, and only to read; every form answers with a page."""
        return request.method == "GET" and request.headers.get("Accept") == "application/json"

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_ip.of(request)

    def set_password(self, user: User, password: str) -> None:
        """A new password ends the other sessions and takes back links that could set yet another."""
        super().set_password(user, password)
        invitations.revoke(user=user)
        sessions.end_all(user, keep=context.request.session.session_key)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:account")


class SecondFactors(DefaultMFAAdapter):
    """Authenticator apps, passkeys and recovery codes; a passkey belongs to the one host it was made on."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("That code is not right, or no longer. Type the one shown now."),
    }

    def encrypt(self, text: str) -> str:
        return base64.b64encode(keys.seal(addresses.district(), text.encode(), purpose=SECRETS)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        sealed = base64.b64decode(encrypted_text)
        return keys.open_sealed(addresses.district(), sealed, purpose=SECRETS).decode()

    def get_totp_issuer(self) -> str:
        """What an authenticator app shows; a colon would end the name."""
        return f"{settings.PRODUCT_NAME} {addresses.district().name}".replace(":", " ")

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The host was looked up in the table of districts before this runs, so it cannot be forged."""
        return super().get_public_key_credential_rp_entity() | {"name": addresses.district().name}
