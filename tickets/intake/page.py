"""The requester's own page of a ticket: where it stands, the letters, and the forms that answer them."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from helpdesk.access import signed_in
from tickets.asking import number_of, person_of, see_other
from tickets.desk import replies, rights, states
from tickets.desk.locking import Refused
from tickets.intake import forms, standing, thread
from tickets.models import Ticket
from tickets.notify import inbox, live

SHOWN = ("assignee", "room", "school", "queue", "device", "requester", "follow_up_of")


def show(request: HttpRequest, ticket: Ticket, *, status: int = 200, **returned: forms.Crossing) -> HttpResponse:
    """The requester's page of a ticket that the caller found through `visible_to`.

    `returned` are the forms that came back with a mistake: `reply` or `rejection`.
    """
    inbox.open_ticket(request, ticket)
    page = thread.of(ticket, before=number_of(request.GET.get("before")))
    taken_at = thread.taken_at(ticket)
    context = {
        "ticket": ticket,
        "thread": page,
        "sentence": standing.sentence(ticket, taken_at),
        "path": standing.path(ticket, taken_at),
        "can_judge": standing.can_judge(ticket),
        "is_over": standing.is_over(ticket),
        "is_asking": rights.is_asking(person_of(request), ticket),
        "is_sent": "sent" in request.GET and ticket.state == Ticket.State.NEW,
        "has_crossed": status == 409,
        "rejection": forms.Rejection(auto_id="rejection-%s"),
        "reply": forms.Reply(auto_id="reply-%s"),
        "refused": list(returned.values()),
        "topic": live.letters_topic(ticket.number),
    } | returned
    part = "#letters" if getattr(request, "htmx", False) else ""
    return render(request, f"tickets/intake/ticket.html{part}", context, status=status)


def reply(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    """One more letter of the requester, on a ticket that the caller found through `visible_to`."""
    form = forms.Reply(request.POST, request.FILES, uploader=person_of(request), auto_id="reply-%s")
    return _answer(
        request,
        ticket,
        reply=form,
        is_done=lambda: thread.is_sent(person_of(request), ticket, form.key()),
        act=lambda by: replies.add(by=by, ticket=ticket, **form.words()),
    )


@signed_in
def confirmation(request: HttpRequest, number: int) -> HttpResponse:
    """It works."""
    ticket = _asked(request, number)
    return _answer(
        request,
        ticket,
        confirmation=forms.Crossing(request.POST),
        is_done=lambda: ticket.confirmed_at is not None,
        act=lambda by: states.confirm(by=by, ticket=ticket),
        thanks=_("Thank you. We put it away as done."),
    )


@signed_in
def rejection(request: HttpRequest, number: int) -> HttpResponse:
    """Still broken: the ticket is open again, with one sentence of what happens now."""
    ticket = _asked(request, number)
    form = forms.Rejection(request.POST, auto_id="rejection-%s")
    return _answer(
        request,
        ticket,
        rejection=form,
        is_done=lambda: thread.is_sent(person_of(request), ticket, form.key()),
        act=lambda by: states.reject(by=by, ticket=ticket, **form.words()),
        thanks=_("It is open again. We look at it once more."),
    )


@signed_in
def withdrawal(request: HttpRequest, number: int) -> HttpResponse:
    """I no longer need this."""
    ticket = _asked(request, number)
    return _answer(
        request,
        ticket,
        withdrawal=forms.Crossing(request.POST),
        is_done=lambda: ticket.state == Ticket.State.CANCELLED,
        act=lambda by: states.withdraw(by=by, ticket=ticket),
        thanks=_("You took it back. Nobody will work on it."),
    )


def _answer(
    request: HttpRequest,
    ticket: Ticket,
    *,
    is_done: Callable[[], bool],
    act: Callable[[User], object],
    thanks: str = "",
    **sent: forms.Crossing,
) -> HttpResponse:
    """The one way of every form on the page: mistakes beside the field, letters that crossed told, then done once.

    `sent` is the form under the name that the page knows it by.
    """
    if request.method != "POST":
        return redirect("tickets:ticket", ticket.number)
    [form] = sent.values()
    is_valid = form.is_valid()
    if is_done():  # asked after the form was read: a form sent twice names files that are sent by now
        return _back(request, ticket)
    if not is_valid:
        return show(request, ticket, status=422, **sent)
    if thread.has_crossed(ticket, form.cleaned_data["seen"]):
        return show(request, ticket, status=409, **sent)
    try:
        act(person_of(request))
    except Refused as refusal:
        form.refuse(refusal)
        return show(request, ticket, status=422, **sent)
    if thanks:
        messages.success(request, thanks)
    return _back(request, ticket)


def _back(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    return see_other(
        reverse("tickets:report")
        if request.POST.get("back") == "home"
        else reverse("tickets:ticket", args=[ticket.number])
    )


def _asked(request: HttpRequest, number: int) -> Ticket:
    """The ticket, for those who asked for it; to everybody else it does not exist."""
    found = Ticket.objects.visible_to(person_of(request)).select_related(*SHOWN).filter(number=number).first()
    if found is None or not rights.is_asking(person_of(request), found):
        raise Http404
    return found
