"""Every address says who may call it; one that says nothing does not exist."""

import pytest
from django.http import Http404, HttpResponse
from django.test import RequestFactory

from helpdesk.access import DefaultDeny
from tests.house import addresses


@pytest.mark.parametrize("address", addresses.every(), ids=str)
def test_every_view_carries_an_access_mark(address: addresses.Address) -> None:
    assert getattr(address.view, "access", None), f"{address} has no access mark"


def test_a_view_without_a_mark_is_refused() -> None:
    def bare(request: object) -> HttpResponse:
        return HttpResponse("open")

    middleware = DefaultDeny(lambda request: HttpResponse())
    with pytest.raises(Http404, match="no access mark"):
        middleware.process_view(RequestFactory().get("/"), bare, (), {})


# Whoever adds an address here says in the review why strangers may call it.
PUBLIC = {
    "healthz",
    "theme",
    "components",
    "tickets:news",
    "console:front",
    "accounts:invitation",
    "account_login",
    "account_logout",
    "account_inactive",
    "account_reauthenticate",
    "account_reset_password",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "accounts:forgotten",
}


def test_the_list_of_public_addresses_is_known_and_short() -> None:
    found = {each.name for each in addresses.every() if getattr(each.view, "access", None) == "public"}
    assert found <= PUBLIC
