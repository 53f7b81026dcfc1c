"""A person's own account: profile, and the places where they are signed in."""

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import people, sessions
from accounts.models import User
from accounts.own.forms import Profile
from helpdesk import access


@access.signed_in
def account(request: HttpRequest) -> HttpResponse:
    """The profile form, and the ways to the rest."""
    # A fresh copy: a refused form must not change the name that the bar shows.
    person = people.of(request)
    form = Profile(request.POST or None, instance=User.objects.get(pk=person.pk))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return _back("accounts:account")
    page = {
        "form": form,
        "sessions": sessions.of(person),
        "factors": _factors(person),
        "session_key": request.session.session_key,
    }
    return render(request, "accounts/account.html", page, status=422 if form.errors else 200)


@access.signed_in
def session_list(request: HttpRequest) -> HttpResponse:
    """Where the person is signed in."""
    page = {"sessions": sessions.of(people.of(request)), "session_key": request.session.session_key}
    return render(request, "usersessions/usersession_list.html", page)


@access.signed_in
@require_POST
def session_ending(request: HttpRequest, pk: int) -> HttpResponse:
    """Signs the person out of one place."""
    if not sessions.end(people.of(request), pk):
        raise Http404
    messages.success(request, _("Signed out there."))
    return _back("usersessions_list")


@access.signed_in
@require_POST
def other_sessions_ending(request: HttpRequest) -> HttpResponse:
    """Signs the person out of every place but this one."""
    sessions.end_all(people.of(request), keep=request.session.session_key)
    messages.success(request, _("Signed out everywhere else."))
    return _back("usersessions_list")


def _factors(user: User) -> dict[str, int]:
    kinds = list(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    return {kind: kinds.count(kind) for kind in kinds}


def _back(name: str) -> HttpResponse:
    return HttpResponseRedirect(reverse(name), status=303)
