"""The page of a ticket: one address for everybody, the desk's side or the requester's by right."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from helpdesk.access import signed_in
from helpdesk.limits import limited
from tickets.asking import person_of
from tickets.desk import rights, views_ticket
from tickets.intake import page
from tickets.models import Ticket


@signed_in
@require_safe
def ticket(request: HttpRequest, number: int) -> HttpResponse:
    """The ticket as its reader meets it; people of the desk may look at their own request as its requester."""
    found = views_ticket.find(request, number)
    if _meets_as_requester(request, found, wants="as" in request.GET):
        return page.show(request, found)
    return views_ticket.show(request, found)


@transaction.non_atomic_requests  # photos of a form without script go to the object store while it is read
@signed_in
@limited("messages", most=60, seconds=60)
def messages(request: HttpRequest, number: int) -> HttpResponse:
    """One more message: a reply or a note of the desk, or words of the requester."""
    found = views_ticket.find(request, number)
    if request.method != "POST":
        return redirect("tickets:ticket", number)
    if _meets_as_requester(request, found, wants="kind" not in request.POST):
        return page.reply(request, found)
    return views_ticket.write(request, found)


def _meets_as_requester(request: HttpRequest, found: Ticket, *, wants: bool) -> bool:
    person = person_of(request)
    return not rights.works_on(person, found) or (wants and rights.is_asking(person, found))
