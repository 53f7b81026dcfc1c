"""The queue: which tickets a person works on, the next best first, in pages that cost the same however deep."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Self
from urllib.parse import urlencode

from django.db.models import Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, TextChoices
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import School, User
from accounts.policy import Permission
from tickets.asking import number_of
from tickets.desk import cursor, turns
from tickets.models import Notification, Ticket

AT_ONCE = 50
MOST_COUNTED = 1000
MOST_SCHOOLS = 15
ME, NOBODY = "me", "nobody"


class View(TextChoices):
    """The built-in lists of work."""

    TODO = "todo", _("To do")
    UNASSIGNED = "unassigned", _("Nobody has it")
    WAITING = "waiting", _("Waiting")
    OPEN = "open", _("All open")
    RESOLVED = "resolved", _("Recently resolved")


# Whose turn, how urgent, how old; `id` makes the order whole. The index ticket_next_best holds the same columns.
NEXT_BEST = ("is_waiting", "priority", "created_at", "id")
LATEST = ("resolved_at", "id")


@dataclass(frozen=True)
class Filters:
    """What the address of the queue asks for; whatever it cannot mean is left out."""

    view: View = View.TODO
    state: str = ""
    school: int | None = None
    priority: int | None = None
    assignee: str = ""

    @classmethod
    def read(cls, given: QueryDict) -> Self:
        view, state, assignee = (str(given.get(name, "")) for name in ("view", "state", "assignee"))
        priority = number_of(given.get("priority"))
        return cls(
            view=View(view) if view in View.values else View.TODO,
            state=state if state in Ticket.State.values else "",
            school=number_of(given.get("school")),
            priority=priority if priority in Ticket.Priority.values else None,
            assignee=assignee if assignee in (ME, NOBODY) or number_of(assignee) else "",
        )

    def address(self, **changes: object) -> str:
        """The query of the same list with something changed, always from its beginning."""
        asked = replace(self, **changes)  # type: ignore[arg-type]
        parts = {"view": asked.view, "state": asked.state, "school": asked.school}
        parts |= {"priority": asked.priority, "assignee": asked.assignee}
        return "?" + urlencode({name: str(value) for name, value in parts.items() if value})

    @property
    def is_narrowed(self) -> bool:
        return bool(self.state or self.school or self.priority or self.assignee)

    @property
    def columns(self) -> tuple[str, ...]:
        return LATEST if self.view == View.RESOLVED else NEXT_BEST


@dataclass(frozen=True)
class Page:
    """Some tickets of a list and the places where its neighbours begin; an empty place means there are none."""

    tickets: list[Ticket]
    after: str
    before: str


def select(filters: Filters, user: User) -> QuerySet[Ticket]:
    """The tickets of a list that the person may see, without an order."""
    found = _of(filters.view, user)
    if filters.state:
        found = found.filter(state=filters.state)
    if filters.school:
        found = found.filter(school=filters.school)
    if filters.priority:
        found = found.filter(priority=filters.priority)
    if filters.assignee:
        found = found.filter(assignee=_assignee(filters.assignee, user))
    return found.order_by()


def _of(view: View, user: User) -> QuerySet[Ticket]:
    tickets: Any = Ticket.objects.visible_to(user)
    if view == View.RESOLVED:
        found: QuerySet[Ticket] = tickets.filter(state__in=Ticket.FINISHED, resolved_at__isnull=False)
        return found
    found = tickets.in_work()
    if view == View.TODO:
        return found.filter(Q(assignee=user) | Q(assignee=None))
    if view == View.UNASSIGNED:
        return found.filter(assignee=None)
    return found.filter(state__in=Ticket.WAITING) if view == View.WAITING else found


def _assignee(word: str, user: User) -> int | None:
    return {ME: user.pk, NOBODY: None}.get(word) if word in (ME, NOBODY) else int(word)


def page(filters: Filters, user: User, *, after: str = "", before: str = "") -> Page:
    """One page of a list, from the place after or before which it goes on."""
    columns = filters.columns
    start, back = _start(filters, after, before)
    rows = list(ordered(filters, user, after=after, before=before)[: AT_ONCE + 1])
    has_more, rows = len(rows) > AT_ONCE, rows[:AT_ONCE]
    if back:
        rows.reverse()
    return Page(
        rows,
        after=_place(rows[-1], columns) if rows and (back or has_more) else "",
        before=_place(rows[0], columns) if rows and start and (not back or has_more) else "",
    )


def ordered(filters: Filters, user: User, *, after: str = "", before: str = "") -> QuerySet[Ticket]:
    """The tickets from a place on, the nearest first: backwards if the place is one to come before."""
    start, back = _start(filters, after, before)
    descending = (filters.view == View.RESOLVED) != back
    found = _with_facts(select(filters, user), user)
    if start:
        found = found.filter(cursor.Beyond(filters.columns, start, back=descending))
    return found.order_by(*(f"-{name}" if descending else name for name in filters.columns))


def _start(filters: Filters, after: str, before: str) -> tuple[cursor.Place | None, bool]:
    """The place to go on from, and whether to go backwards."""
    width = len(filters.columns)
    back = cursor.read(before, width=width)
    return back or cursor.read(after, width=width), back is not None


def _with_facts(found: QuerySet[Ticket], user: User) -> QuerySet[Ticket]:
    """Everything a row shows, in the one query that reads the rows."""
    unread = Notification.objects.filter(ticket=OuterRef("pk"), user=user, read_at=None)
    return found.select_related("requester", "school", "room", "device", "assignee").annotate(
        is_unread=Exists(unread), last_word=turns.last_word(), state_since=turns.state_since()
    )


def _place(ticket: Ticket, columns: Iterable[str]) -> str:
    return cursor.write(tuple(getattr(ticket, name) for name in columns))


class Capped(Subquery):
    """How many rows a query finds, counted no further than it is sliced."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def counts(user: User, schools: Iterable[School]) -> dict[str, int]:
    """How many tickets lie in each view and in each of the schools, all by one query."""
    wanted = {view.value: _of(view, user) for view in View if view != View.RESOLVED}
    wanted |= {f"school_{school.pk}": _of(View.OPEN, user).filter(school=school.pk) for school in schools}
    counted = {name: Capped(found.order_by().values("pk")[:MOST_COUNTED]) for name, found in wanted.items()}
    found: dict[str, int] = User.objects.filter(pk=user.pk).order_by().values(**counted).get()
    return found


def schools_of(user: User, schools: list[School]) -> list[School]:
    """The schools in the person's rail: those a grant names; for a grant over all, all of a small district."""
    grants = [grant for grant in user.all_grants if Permission.TICKETS_SEE_ALL in grant.permissions]
    if any(grant.all_schools for grant in grants):
        return schools if len(schools) <= MOST_SCHOOLS else [each for each in schools if each.pk == user.school_id]
    named = frozenset().union(*(grant.school_ids for grant in grants))
    return [school for school in schools if school.pk in named]
