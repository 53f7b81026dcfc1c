"""Reporting: the form that asks what is wrong, above the person's own tickets."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from helpdesk.access import signed_in
from helpdesk.limits import limited
from tickets.asking import number_of, person_of, see_other
from tickets.desk.locking import Refused
from tickets.intake import forms, submissions
from tickets.intake.home import mine
from tickets.knowledge import shelf
from tickets.models import Ticket
from tickets.notify import live


@signed_in
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The front door: the desk's people go to their queue, everybody else is asked what is wrong."""
    if person_of(request).is_staff_of_desk:
        return redirect("tickets:queue")
    return report(request)


@signed_in
@require_safe
def report(request: HttpRequest) -> HttpResponse:
    """The form and the person's own tickets; the tickets alone when the page looks again."""
    if getattr(request, "htmx", False):
        return render(request, "tickets/intake/home.html#mine", _tickets(request))
    earlier = _earlier(request, request.GET.get("follow_up_of", ""))
    form = forms.Report(person=person_of(request), initial={"follow_up_of": earlier and earlier.number})
    return _home_page(request, form, earlier=earlier)


@transaction.non_atomic_requests  # photos of a form without script go to the object store while it is read
@signed_in
@limited("submit", most=30, seconds=60)
def submit(request: HttpRequest) -> HttpResponse:
    """Makes the ticket and goes to its page, where its number stands."""
    if request.method != "POST":
        return redirect("tickets:report")
    form = forms.Report(request.POST, request.FILES, person=person_of(request))
    earlier = _earlier(request, request.POST.get("follow_up_of"))
    try:
        ticket = _made(request, form, earlier)
    except Refused as refusal:
        form.refuse(refusal)
        return _home_page(request, form, earlier=earlier, status=422)
    if ticket is None:
        return _home_page(request, form, earlier=earlier, status=422)
    return see_other(f"{reverse('tickets:ticket', args=[ticket.number])}?sent")


def _made(request: HttpRequest, form: forms.Report, earlier: Ticket | None) -> Ticket | None:
    """The ticket of a form, or of the same form sent before: its files are on that one by now. None for a mistake."""
    is_valid = form.is_valid()
    if made := submissions.sent_before(form.key(), by=person_of(request)):
        return made
    if not is_valid:
        return None
    return submissions.submit(by=person_of(request), follow_up_of=earlier, **form.answers())


def _home_page(
    request: HttpRequest, form: forms.Report, *, earlier: Ticket | None = None, status: int = 200
) -> HttpResponse:
    with transaction.atomic():  # a select reads its choices by a cursor, also where the view opens no transaction
        context = {"form": form, "earlier": earlier, "articles": shelf.some(person_of(request)), **_tickets(request)}
        return render(request, "tickets/intake/home.html", context, status=status)


def _tickets(request: HttpRequest) -> dict[str, Any]:
    person = person_of(request)
    return {"mine": mine(person, done_after=number_of(request.GET.get("after"))), "topic": live.person_topic(person.pk)}


def _earlier(request: HttpRequest, number: object) -> Ticket | None:
    """The ticket that a follow-up names, if it is one of the person's own."""
    wanted = number_of(number)
    return Ticket.objects.of_requester(person_of(request)).filter(number=wanted).first() if wanted else None
