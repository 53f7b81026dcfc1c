"""Getting in: help for somebody who cannot sign in, and the page behind an invitation's link."""

from typing import cast

from allauth.account.internal import flows
from allauth.account.models import Login
from allauth.core import context
from allauth.core.internal import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters

from accounts import invitations
from accounts.forms import Accept
from accounts.models import Invitation
from helpdesk import access

# A link is 256 random bits; the limit only keeps a flood of guesses away from the database.
GUESSES = {"invitation": "60/m/ip"}


@access.public
def help_page(request: HttpRequest) -> HttpResponse:
    """Who can help. It names nobody and asks for nothing, so it tells a stranger nothing."""
    return render(request, "account/password_reset.html")


@access.public
@sensitive_post_parameters("password")
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Looking at a link never uses it up, so a scanner that follows it does no harm; the form does."""
    if not ratelimit.consume(request, app="accounts", action="invitation", config=GUESSES, limit_get=True):
        return cast("HttpResponse", ratelimit.respond_429(request))
    try:
        found = invitations.find(token)
        return _accept(request, found, token) if request.method == "POST" else _form_page(request, found)
    except invitations.Spent:
        return render(request, "accounts/invitation_spent.html", status=404)


def _form_page(request: HttpRequest, found: Invitation, form: Accept | None = None) -> HttpResponse:
    page = {"form": form or Accept(user=found.user), "person": found.user}
    return render(request, "accounts/invitation.html", page, status=422 if form else 200)


def _accept(request: HttpRequest, found: Invitation, token: str) -> HttpResponse:
    form = Accept(request.POST, user=found.user)
    if not form.is_valid():
        return _form_page(request, found, form)
    user = invitations.accept(token=token, **form.cleaned_data)
    if request.user.is_authenticated:
        flows.logout.logout(request, show_message=False)
    # By allauth's own door, so that somebody with a second factor is asked for it here too.
    response: HttpResponse = flows.login.perform_login(context.request, Login(user=user, email=user.email))
    response.status_code = 303
    return response
