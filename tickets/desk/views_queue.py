"""The queue page: lists of work with their counts, filters in the address, and the rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import School, User
from accounts.policy import Permission
from helpdesk.access import allow
from tickets.asking import person_of
from tickets.desk import queue, turns
from tickets.desk.queue import Filters, View
from tickets.models import Ticket
from tickets.notify import live

MOST_PEOPLE = 200


@dataclass(frozen=True)
class Row:
    """One ticket of the list, with whose turn it is."""

    ticket: Ticket
    turn: turns.Turn


@dataclass(frozen=True)
class Group:
    """Rows under one heading; a list of one kind has no headings."""

    title: str
    hint: str
    rows: list[Row]


@dataclass(frozen=True)
class Link:
    """A place that the rail or a filter leads to."""

    label: str
    address: str
    is_current: bool = False
    count: int | None = None

    @property
    def shown(self) -> str:
        """The count in few signs; counting stops at a thousand."""
        return f"{queue.MOST_COUNTED - 1}+" if (self.count or 0) >= queue.MOST_COUNTED else str(self.count)


@dataclass(frozen=True)
class Filter:
    """One filter: its name, what is chosen, what may be chosen, and the way back to everything."""

    name: str
    label: str
    links: list[Link]
    without: str

    @property
    def chosen(self) -> str:
        return next((link.label for link in self.links if link.is_current), "")


@allow(Permission.TICKETS_SEE_ALL)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The whole page, or its list and counts alone when it looks again for news."""
    poll = {"token": live.watch(live.DESK).sign(), "mark": live.mark(live.DESK)}
    user, filters = person_of(request), Filters.read(request.GET)
    page = queue.page(filters, user, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    schools = list(School.objects.filter(is_active=True))
    mine = queue.schools_of(user, schools)
    counts = queue.counts(user, mine)
    context = {
        "poll": poll,
        "filters": filters,
        "title": _title(filters, schools),
        "page": page,
        "groups": list(_groups(filters, page.tickets)),
        "count": counts.get(filters.view) if not filters.is_narrowed else None,
        "views": [_view(view, filters, counts) for view in View],
        "schools": [_school(school, filters, counts) for school in mine],
        "choices": _choices(filters, mine or schools, user),
        "is_looking_again": _is_fragment(request),
    }
    part = "#news" if _is_fragment(request) else ""
    return render(request, f"tickets/desk/queue.html{part}", context)


def _is_fragment(request: Any) -> bool:
    return bool(request.htmx) and not request.htmx.history_restore_request


def _title(filters: Filters, schools: list[School]) -> str:
    if filters.view == View.OPEN and filters.school:
        return next((school.name for school in schools if school.pk == filters.school), str(filters.view.label))
    return str(filters.view.label)


def _groups(filters: Filters, tickets: list[Ticket]) -> Iterator[Group]:
    """Where the desk's turn comes first, what waits stands under a heading of its own."""
    for is_waiting, group in groupby(tickets, key=lambda ticket: bool(ticket.is_waiting)):
        rows = [Row(ticket, turns.of(ticket)) for ticket in group]
        if filters.view == View.RESOLVED:
            yield Group(_("Resolved"), _("the latest first"), rows)
        elif is_waiting:
            yield Group(_("Waiting"), _("for an answer, a part or a day"), rows)
        else:
            yield Group(_("In work"), _("most urgent first, then oldest"), rows)


def _view(view: View, filters: Filters, counts: dict[str, int]) -> Link:
    is_current = view == filters.view and not (view == View.OPEN and filters.school)
    return Link(str(view.label), Filters(view=view).address(), is_current, counts.get(view))


def _school(school: School, filters: Filters, counts: dict[str, int]) -> Link:
    address = Filters(view=View.OPEN, school=school.pk).address()
    is_current = filters.view == View.OPEN and filters.school == school.pk
    return Link(school.short_name, address, is_current, counts[f"school_{school.pk}"])


def _choices(filters: Filters, schools: list[School], user: User) -> list[Filter]:
    """The filters that make sense in this view."""
    states = Ticket.WAITING if filters.view == View.WAITING else Ticket.IN_WORK
    if filters.view == View.RESOLVED:
        states = Ticket.FINISHED
    found = [
        _filter(filters, "state", _("State"), [(state.value, state.label) for state in states]),
        _filter(filters, "priority", _("Priority"), Ticket.Priority.choices),
        _filter(filters, "school", _("School"), [(school.pk, school.name) for school in schools]),
    ]
    if filters.view not in (View.TODO, View.UNASSIGNED):
        found.append(_filter(filters, "assignee", _("With"), _people(user)))
    return found


def _people(user: User) -> list[tuple[str, Any]]:
    people = User.objects.with_permission(Permission.TICKETS_CHANGE).exclude(pk=user.pk)[:MOST_PEOPLE]
    return [(queue.ME, _("Me")), (queue.NOBODY, _("Nobody")), *((str(each.pk), each.name) for each in people)]


def _filter(filters: Filters, name: str, label: str, options: Any) -> Filter:
    chosen = getattr(filters, name)
    links = [Link(str(words), filters.address(**{name: value}), value == chosen) for value, words in options]
    return Filter(name, label, links, filters.address(**{name: None}))
