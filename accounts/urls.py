"""Addresses of sign-in, of a person's own account, and of places.

Every view of allauth that the product offers stands here by name, each with its mark. What is not here, sign-up and
everything that needs mail, has no address; and were one ever included whole, helpdesk.access.DefaultDeny keeps it shut.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import include, path

from accounts.doors import door
from accounts.entrance import views as entrance
from accounts.own import views as own
from accounts.places import views as places
from helpdesk.access import public, signed_in

own_names = [
    path("account/", own.account, name="account"),
    path("account/sessions/<int:pk>/ending/", own.session_ending, name="session_ending"),
    path("account/sessions/others/ending/", own.other_sessions_ending, name="other_sessions_ending"),
    path("invitation/<str:token>/", entrance.invitation, name="invitation"),
    path("places/", places.places, name="places"),
    path("places/<int:pk>/", places.school, name="school"),
    path("places/<int:pk>/buildings/", places.new_building, name="new_building"),
    path("places/buildings/<int:pk>/", places.building, name="building"),
    path("places/buildings/<int:pk>/rooms/", places.new_room, name="new_room"),
    path("places/rooms/<int:pk>/", places.room, name="room"),
]

urlpatterns = [
    path("", include((own_names, "accounts"))),
    # Names below are allauth's own: it reverses them.
    path("sign-in/", door(public, account.login), name="account_login"),
    path("sign-in/code/", door(public, mfa.authenticate), name="mfa_authenticate"),
    path("sign-in/passkey/", door(public, webauthn.login_webauthn), name="mfa_login_webauthn"),
    path("sign-in/help/", entrance.help_page, name="account_reset_password"),
    path("sign-in/closed/", door(public, account.account_inactive), name="account_inactive"),
    path("sign-out/", door(public, account.logout), name="account_logout"),
    path("account/sessions/", own.session_list, name="usersessions_list"),
    path("account/password/", door(signed_in, account.password_change), name="account_change_password"),
    path("account/password/first/", door(signed_in, account.password_set), name="account_set_password"),
    path("account/confirmation/", door(signed_in, account.reauthenticate), name="account_reauthenticate"),
    path("account/confirmation/code/", door(signed_in, mfa.reauthenticate), name="mfa_reauthenticate"),
    path(
        "account/confirmation/passkey/",
        door(signed_in, webauthn.reauthenticate_webauthn),
        name="mfa_reauthenticate_webauthn",
    ),
    path("account/security/", door(signed_in, mfa.index), name="mfa_index"),
    path("account/security/app/", door(signed_in, totp.activate_totp), name="mfa_activate_totp"),
    path("account/security/app/removal/", door(signed_in, totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("account/security/codes/", door(signed_in, codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "account/security/codes/new/",
        door(signed_in, codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path("account/security/passkeys/", door(signed_in, webauthn.list_webauthn), name="mfa_list_webauthn"),
    path("account/security/passkeys/new/", door(signed_in, webauthn.add_webauthn), name="mfa_add_webauthn"),
    path("account/security/passkeys/<int:pk>/", door(signed_in, webauthn.edit_webauthn), name="mfa_edit_webauthn"),
    path(
        "account/security/passkeys/<int:pk>/removal/",
        door(signed_in, webauthn.remove_webauthn),
        name="mfa_remove_webauthn",
    ),
]
