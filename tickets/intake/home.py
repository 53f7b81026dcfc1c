"""The requester's own tickets in three groups: needs me, being worked on, done recently."""

from dataclasses import dataclass

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Substr
from django.utils import timezone

from accounts.models import User
from tickets.desk import states
from tickets.intake import forms, standing
from tickets.models import Message, Ticket

State = Ticket.State
MOST_AT_ONCE = 40
DONE_AT_ONCE = 6
EXCERPT = 240


@dataclass(frozen=True)
class Slip:
    """One ticket on a list: where it stands in words, and the last word of the desk."""

    ticket: Ticket
    sentence: str
    needs_me: bool
    can_judge: bool
    rejection: forms.Rejection

    @property
    def last_word(self) -> str:
        return str(getattr(self.ticket, "last_word", "") or "")


@dataclass(frozen=True)
class Mine:
    """The three groups. `older` is the number after which the next older ones go on, where there are any."""

    needs_me: list[Slip]
    in_work: list[Slip]
    done: list[Slip]
    older: int | None

    @property
    def is_empty(self) -> bool:
        return not (self.needs_me or self.in_work or self.done)


def mine(person: User, *, done_after: int | None = None) -> Mine:
    """All that is open, the latest changes first, and one page of what is done: two queries, however many there are."""
    own = _own(person)
    awake = [_slip(each) for each in own.filter(_awake()).order_by("-updated_at", "-id")[:MOST_AT_ONCE]]
    done = list(_after(own.filter(_done()), person, done_after).order_by("-updated_at", "-id")[: DONE_AT_ONCE + 1])
    page = done[:DONE_AT_ONCE]
    return Mine(
        needs_me=[slip for slip in awake if slip.needs_me],
        in_work=[slip for slip in awake if not slip.needs_me],
        done=[_slip(each) for each in page],
        older=page[-1].number if len(done) > len(page) else None,
    )


def _own(person: User) -> QuerySet[Ticket]:
    last_word = (
        Message.objects.filter(ticket=OuterRef("pk"), kind=Message.Kind.PUBLIC)
        .exclude(author=F("ticket__requester"))
        .order_by("-created_at", "-id")
        .values(excerpt=Substr("body", 1, EXCERPT))[:1]
    )
    own = Ticket.objects.visible_to(person).of_requester(person).select_related("assignee", "room", "school")
    return own.annotate(last_word=Subquery(last_word))


def _awake() -> Q:
    """In work, or resolved and still open to a word of the requester."""
    since = timezone.now() - states.REOPEN_WINDOW
    return Q(state__in=Ticket.IN_WORK) | Q(state=State.RESOLVED, resolved_at__gte=since)


def _done() -> Q:
    since = timezone.now() - states.REOPEN_WINDOW
    return Q(state__in=standing.DONE) | Q(state=State.RESOLVED, resolved_at__lt=since)


def _after(tickets: QuerySet[Ticket], person: User, number: int | None) -> QuerySet[Ticket]:
    """What comes after one of the person's own tickets, by its place in the list and not by counting."""
    last = Ticket.objects.of_requester(person).filter(number=number).only("updated_at").first() if number else None
    if last is None:
        return tickets
    return tickets.filter(Q(updated_at__lt=last.updated_at) | Q(updated_at=last.updated_at, pk__lt=last.pk))


def _slip(ticket: Ticket) -> Slip:
    return Slip(
        ticket,
        standing.sentence(ticket),
        needs_me=standing.needs_requester(ticket),
        can_judge=standing.can_judge(ticket),
        rejection=forms.Rejection(auto_id=f"still-{ticket.number}-%s"),
    )
