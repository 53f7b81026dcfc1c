"""allauth's forms in this house's words, and the form by which an invited person gets in."""

from typing import TYPE_CHECKING, Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm, SetPasswordForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as MfaReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.signin import SecondFactors

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

ODD = (AttributeError, KeyError, TypeError, ValueError)  # what odd JSON makes the passkey library raise
PASSWORD_HINT = _("At least 12 characters. A short sentence is easy to keep and hard to guess.")


def _word(field: forms.Field, label: "StrOrPromise", hint: "StrOrPromise" = "", **attrs: str) -> None:
    field.label, field.help_text = label, hint
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update(attrs)


class SignIn(LoginForm):
    """E-mail and password; the browser may offer a passkey instead."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self.fields["login"], _("School e-mail"), autocomplete="username webauthn")
        _word(self.fields["password"], _("Password"))


class Confirm(ReauthenticateForm):
    """The password once more, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self.fields["password"], _("Your password"))


class ChangePassword(ChangePasswordForm):
    """The old password and the new one; typed once, for who mistypes can ask for a new link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self.fields["oldpassword"], _("Your password now"))
        _word(self.fields["password1"], _("New password"), PASSWORD_HINT)
        _word(self.fields["password2"], _("New password again"))


class SetPassword(SetPasswordForm):
    """A first password, for somebody who signed in another way so far."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self.fields["password1"], _("New password"), PASSWORD_HINT)
        _word(self.fields["password2"], _("New password again"))


class SecondFactor(AuthenticateForm):
    """A code of the authenticator app, or a recovery code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self.fields["code"], _("Code"), _("From your authenticator app, or one of your recovery codes."))


class ConfirmByCode(MfaReauthenticateForm):
    """A code once more, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self.fields["code"], _("Code"), _("From your authenticator app, or one of your recovery codes."))


class AddApp(ActivateTOTPForm):
    """The first code of a new authenticator app, which proves that it works."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self.fields["code"], _("Code that the app shows now"), inputmode="numeric")


class PasskeyAnswer(forms.JSONField):
    """What a passkey answered: a stranger's JSON, so one that is nested without end is wrong, not a fault."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except RecursionError as odd:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from odd


class _Answered:
    """A passkey's answer in any shape but the right one is a wrong answer, not a fault."""

    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except ODD as odd:
            raise SecondFactors().validation_error("incorrect_code") from odd


class SignInByPasskey(_Answered, LoginWebAuthnForm):
    """A passkey instead of a password."""

    credential = PasskeyAnswer()


class SecondPasskey(_Answered, AuthenticateWebAuthnForm):
    """A passkey after the password."""

    credential = PasskeyAnswer()


class ConfirmByPasskey(_Answered, ReauthenticateWebAuthnForm):
    """A passkey once more, before something that matters."""

    credential = PasskeyAnswer()


class AddPasskey(AddWebAuthnForm):
    """A new passkey and what to call it."""

    credential = PasskeyAnswer()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self.fields["name"], _("What to call it"), _("So that you know it again: “School laptop”, “My phone”."))
        self.fields["name"].max_length = 60
        self.fields["passwordless"].widget = forms.HiddenInput()
        self.fields["passwordless"].initial = "on"

    def clean(self) -> dict[str, Any]:
        try:
            return super().clean()
        except ODD as odd:
            raise SecondFactors().validation_error("incorrect_code") from odd


class Accept(forms.Form):
    """An invited person's name, which may be put right, and the password they choose."""

    given_name = forms.CharField(label=_("First name"), max_length=80)
    family_name = forms.CharField(label=_("Last name"), max_length=80, required=False)
    password = forms.CharField(
        label=_("Password"),
        help_text=PASSWORD_HINT,
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, data: QueryDict | None = None, *, user: User) -> None:
        super().__init__(data, initial={"given_name": user.given_name, "family_name": user.family_name})
        self.user = user

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if password := cleaned.get("password"):
            named = User(
                email=self.user.email,
                given_name=cleaned.get("given_name", ""),
                family_name=cleaned.get("family_name", ""),
            )
            try:
                password_validation.validate_password(password, named)
            except ValidationError as weak:
                self.add_error("password", weak)
        return cleaned
