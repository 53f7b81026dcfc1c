"""The forms that move a ticket on: who has it, its queue, state, priority and resolution.

Each has a page of its own, which is where the form goes without script and where it comes back with a mistake.
"""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.policy import Permission
from helpdesk.access import allow
from tickets.asking import person_of, see_other
from tickets.desk import assignments, forms, priorities, rights, states, views_ticket
from tickets.desk.locking import Refused
from tickets.models import Stale, Ticket

Right = Callable[[User, Ticket], bool]
Act = Callable[[dict[str, Any]], object]


@allow(Permission.TICKETS_ASSIGN)
def assignment(request: HttpRequest, number: int) -> HttpResponse:
    """Gives the ticket to somebody; the button “Take it” sends the word `me` instead of a choice."""
    ticket = _workable(request, number, rights.may_assign)
    people = assignments.candidates(ticket)
    user, data = person_of(request), request.POST.copy()
    if data.get("assignee") == "me":
        data["assignee"] = str(user.pk)
    return _answer(
        request,
        ticket,
        make=lambda fresh: forms.Assignment(data or None, ticket=fresh, people=people),
        act=lambda given: assignments.assign(by=user, ticket=ticket, to=given["assignee"], seen=given["seen"]),
        title=_("Who works on it?"),
    )


@allow(Permission.TICKETS_ASSIGN)
def transfer(request: HttpRequest, number: int) -> HttpResponse:
    """Moves the ticket to another queue."""
    ticket = _workable(request, number, rights.may_assign)
    return _answer(
        request,
        ticket,
        make=lambda fresh: forms.Transfer(request.POST or None, ticket=fresh),
        act=lambda given: assignments.transfer(
            by=person_of(request), ticket=ticket, queue=given["queue"], seen=given["seen"]
        ),
        title=_("Move to another queue"),
    )


@allow(Permission.TICKETS_CHANGE)
def state(request: HttpRequest, number: int) -> HttpResponse:
    """Another state, with what it takes."""
    ticket = _workable(request, number, rights.may_change)
    user = person_of(request)
    return _answer(
        request,
        ticket,
        make=lambda fresh: forms.Move(request.POST or None, ticket=fresh, steps=states.allowed(fresh, user)),
        act=lambda given: states.change(
            by=user,
            ticket=ticket,
            to=given["to"],
            text=given["text"],
            wake_at=given["wake_at"],
            seen=given["seen"],
            form_key=given["form_key"],
        ),
        title=_("Set the state"),
        popover="move",
    )


@allow(Permission.TICKETS_CHANGE)
def resolution(request: HttpRequest, number: int) -> HttpResponse:
    """Solved, with words that the requester reads."""
    ticket = _workable(request, number, rights.may_change)
    return _answer(
        request,
        ticket,
        make=lambda fresh: forms.Resolution(request.POST or None, ticket=fresh),
        act=lambda given: states.resolve(
            by=person_of(request), ticket=ticket, text=given["text"], seen=given["seen"], form_key=given["form_key"]
        ),
        title=_("Resolve"),
        popover="resolution",
    )


@allow(Permission.TICKETS_CHANGE)
def priority(request: HttpRequest, number: int) -> HttpResponse:
    """The priority, from impact and urgency or against them with a reason."""
    ticket = _workable(request, number, rights.may_change)
    user = person_of(request)
    if "reason" in request.POST or "override" in request.GET:
        return _answer(
            request,
            ticket,
            make=lambda fresh: forms.Override(request.POST or None, ticket=fresh),
            act=lambda given: priorities.override(
                by=user, ticket=ticket, priority=given["priority"], reason=given["reason"], seen=given["seen"]
            ),
            title=_("Set the priority yourself"),
            popover="override",
        )
    return _answer(
        request,
        ticket,
        make=lambda fresh: forms.Judgement(request.POST or None, ticket=fresh),
        act=lambda given: priorities.judge(
            by=user, ticket=ticket, impact=given["impact"], urgency=given["urgency"], seen=given["seen"]
        ),
        title=_("How urgent is it?"),
        popover="judgement",
    )


def _workable(request: HttpRequest, number: int, right: Right) -> Any:
    """The ticket, for those who hold the right on this very ticket."""
    ticket = views_ticket.find(request, number)
    if not right(person_of(request), ticket):
        raise Http404
    return ticket


def _answer(
    request: HttpRequest,
    ticket: Any,
    *,
    make: Callable[[Any], forms.Change],
    act: Act,
    title: str | Promise,
    popover: str = "",
) -> HttpResponse:
    """The one way of all these forms: shown, returned with a mistake (422) or a conflict (409), or done once (303)."""
    form = make(ticket)
    if request.method != "POST":
        return _page(request, ticket, form, title)
    if not form.is_valid():
        return _return(request, ticket, form, title, popover, status=422)
    try:
        act(form.cleaned_data)
    except Stale:
        fresh = views_ticket.find(request, ticket.number)
        told = views_ticket.meanwhile(request, fresh, form)
        return _return(request, fresh, forms.again(make(fresh), fresh), title, popover, status=409, told=told)
    except Refused as refusal:
        form.refuse(refusal)
        return _return(request, ticket, form, title, popover, status=422)
    return see_other(views_ticket.address(ticket))


def _return(
    request: Any, ticket: Any, form: Any, title: Any, popover: str, *, status: int, told: Any = None
) -> HttpResponse:
    """A form that was not saved: in its place on the page that sent it, or on its own page without script."""
    if request.htmx:
        returned = {"returned": popover, "returned_form": form, "action": request.path, "is_stale": status == 409}
        return views_ticket.show(request, ticket, status=status, told=told, **returned)
    return _page(request, ticket, form, title, status=status, told=told)


def _page(
    request: HttpRequest, ticket: Any, form: Any, title: Any, *, status: int = 200, told: Any = None
) -> HttpResponse:
    context = {"ticket": ticket, "form": form, "title": title, "told": told, "is_stale": status == 409}
    part = "#form" if getattr(request, "htmx", False) else ""
    return render(request, f"tickets/desk/change.html{part}", context, status=status)
