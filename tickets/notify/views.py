"""The page of notifications, and marking them as read."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.policy import Permission
from helpdesk.access import signed_in
from tickets.asking import number_of, person_of, see_other
from tickets.notify import inbox, live


@signed_in
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What happened on the person's tickets, newest first; the list alone when the page looks again."""
    person = person_of(request)
    context = {
        "inbox": inbox.read(person, before=number_of(request.GET.get("before"))),
        "topic": live.person_topic(person.pk),
        "is_configuring": person.may(Permission.DESK_CONFIGURE),
    }
    part = "#lines" if getattr(request, "htmx", False) else ""
    return render(request, f"tickets/notify/index.html{part}", context)


@signed_in
def reading(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Marks one notification of the person as read, or all of them."""
    person = person_of(request)
    if pk is not None:
        get_object_or_404(person.notifications, pk=pk)
    if request.method == "POST":
        inbox.mark_read(by=person, notification=pk)
    return see_other(reverse("tickets:notifications"))
