"""The people pages: the list, one person with their roles, inviting, and letting in and out."""

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import admins
from accounts.models import Grant, Invitation, User
from accounts.policy import Permission
from helpdesk import access
from tickets.asking import person_of, see_other
from tickets.people import grants, listing, membership
from tickets.people.forms import GrantForm, Invite, Search

LINK = "people.link"  # where the session keeps a fresh link until the one page that shows it

manages_people = access.allow(Permission.PEOPLE_MANAGE)


@manages_people
def people(request: HttpRequest) -> HttpResponse:
    """The list, narrowed by the form above it."""
    form = Search(request.GET)
    page = {"form": form, "listing": listing.page(form, after=request.GET.get("after", ""))}
    return render(request, "tickets/people/people.html", page)


@manages_people
def invite(request: HttpRequest) -> HttpResponse:
    """Invites somebody, then shows their page with the link."""
    form = Invite(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                user, link = membership.invite(by=person_of(request), **form.cleaned_data)
        except IntegrityError:  # the same form twice at once: the other one made the person
            form.add_error("email", _("Somebody with this e-mail is on the list already."))
        else:
            return _with_link(request, user, link)
    return render(request, "tickets/people/invite.html", {"form": form}, status=422 if form.errors else 200)


@manages_people
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: who, what they may do, whether they can get in."""
    found = _find(pk)
    page = {
        "person": found,
        "grants": found.grants.select_related("granted_by").prefetch_related("schools", "queue_scopes__queue"),
        "invitation": Invitation.objects.good(timezone.now()).filter(user=found).first(),
        "link": _shown_once(request, found),
    }
    return render(request, "tickets/people/person.html", page)


@manages_people
@require_POST
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """Makes a fresh link, for somebody invited or somebody who cannot sign in any more."""
    found = _find(pk)
    if not found.is_active:
        messages.error(request, _("Switch this person on first; a link would open nothing."))
        return _to(found)
    return _with_link(request, found, membership.renew_link(by=person_of(request), user=found))


@manages_people
@require_POST
def link_removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes the unused link back."""
    found = _find(pk)
    membership.take_link_back(by=person_of(request), user=found)
    messages.success(request, _("The link opens nothing any more."))
    return _to(found)


@manages_people
@require_POST
def deactivation(request: HttpRequest, pk: int) -> HttpResponse:
    """Switches somebody off."""
    found = _find(pk)
    try:
        membership.deactivate(by=person_of(request), user=found)
    except admins.LastAdmin:
        messages.error(request, _("This is the last admin of the district. Make another one first."))
    else:
        messages.success(request, _("%(name)s is signed out and cannot get in any more.") % {"name": found})
    return _to(found)


@manages_people
@require_POST
def reactivation(request: HttpRequest, pk: int) -> HttpResponse:
    """Switches somebody on again."""
    found = _find(pk)
    membership.reactivate(by=person_of(request), user=found)
    messages.success(request, _("%(name)s can get in again.") % {"name": found})
    return _to(found)


@manages_people
def new_grant(request: HttpRequest, pk: int) -> HttpResponse:
    """Gives a role."""
    found = _find(pk)
    form = GrantForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        grants.give(by=person_of(request), user=found, **form.answers())
        messages.success(request, _("Saved."))
        return _to(found)
    return _grant_page(request, found, form)


@manages_people
def grant(request: HttpRequest, pk: int, grant_pk: int) -> HttpResponse:
    """Changes a role or its scope."""
    found = get_object_or_404(Grant.objects.select_related("user"), pk=grant_pk, user_id=pk)
    form = GrantForm(request.POST or None, initial=GrantForm.initial_of(found))
    if request.method == "POST" and form.is_valid():
        try:
            grants.change(by=person_of(request), grant=found, **form.answers())
        except admins.LastAdmin:
            form.add_error("role", _("This is the last admin of the district. Make another one first."))
        else:
            messages.success(request, _("Saved."))
            return _to(found.user)
    return _grant_page(request, found.user, form, grant=found)


@manages_people
@require_POST
def grant_removal(request: HttpRequest, pk: int, grant_pk: int) -> HttpResponse:
    """Takes a role away."""
    found = get_object_or_404(Grant.objects.select_related("user"), pk=grant_pk, user_id=pk)
    try:
        grants.take(by=person_of(request), grant=found)
    except admins.LastAdmin:
        messages.error(request, _("This is the last admin of the district. Make another one first."))
    else:
        messages.success(request, _("The role is taken away."))
    return _to(found.user)


def _find(pk: int) -> User:
    found: User = get_object_or_404(User.objects.select_related("school"), pk=pk)
    return found


def _to(found: User) -> HttpResponse:
    return see_other(reverse("tickets:person", args=[found.pk]))


def _with_link(request: HttpRequest, found: User, link: str) -> HttpResponse:
    request.session[LINK] = {"person": found.pk, "link": link}
    return _to(found)


def _shown_once(request: HttpRequest, found: User) -> str:
    """The fresh link, the first time the person's page is opened after it was made; then it is gone."""
    kept = request.session.get(LINK)
    if not kept or kept["person"] != found.pk or request.method != "GET":
        return ""
    del request.session[LINK]
    return str(kept["link"])


def _grant_page(request: HttpRequest, found: User, form: GrantForm, *, grant: Grant | None = None) -> HttpResponse:
    page = {"person": found, "form": form, "grant": grant}
    return render(request, "tickets/people/grant.html", page, status=422 if form.errors else 200)
