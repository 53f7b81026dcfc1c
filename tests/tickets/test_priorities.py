"""Priority: the table of impact and urgency, and a person's own word with its reason."""

import pytest

from accounts.models import User
from tickets.desk import priorities
from tickets.desk.locking import Refused
from tickets.models import Stale, Ticket


@pytest.mark.parametrize(
    ("urgency", "row"),
    [
        (Ticket.Urgency.STOPPED, [2, 1, 1, 1]),
        (Ticket.Urgency.DEGRADED, [2, 1, 1, 1]),
        (Ticket.Urgency.WORKAROUND, [3, 2, 2, 2]),
        (Ticket.Urgency.NICE, [4, 3, 3, 3]),
    ],
)
def test_the_table_is_the_one_of_the_plan(urgency: int, row: list[int]) -> None:
    assert [priorities.by_matrix(impact=impact, urgency=urgency) for impact in Ticket.Impact] == row


def test_judging_sets_the_priority_of_the_table(ticket: Ticket, tomas: User) -> None:
    judged = priorities.judge(
        by=tomas, ticket=ticket, impact=Ticket.Impact.SCHOOL, urgency=Ticket.Urgency.STOPPED, seen=1
    )
    assert (judged.priority, judged.priority_source) == (Ticket.Priority.CRITICAL, "matrix")


def test_an_override_needs_a_reason(ticket: Ticket, tomas: User) -> None:
    with pytest.raises(Refused) as refusal:
        priorities.override(by=tomas, ticket=ticket, priority=1, reason="  ", seen=1)
    assert refusal.value.field == "reason"


def test_an_override_keeps_its_reason_until_judged_again(ticket: Ticket, tomas: User) -> None:
    high = priorities.override(by=tomas, ticket=ticket, priority=1, reason="Board meeting tonight", seen=1)
    assert (high.priority, high.priority_source, high.priority_reason) == (1, "person", "Board meeting tonight")
    judged = priorities.judge(by=tomas, ticket=high, impact=1, urgency=4, seen=2)
    assert (judged.priority, judged.priority_reason) == (Ticket.Priority.LOW, "")


def test_a_stale_judgement_is_told(ticket: Ticket, tomas: User) -> None:
    priorities.override(by=tomas, ticket=ticket, priority=1, reason="Now", seen=1)
    with pytest.raises(Stale):
        priorities.judge(by=tomas, ticket=ticket, impact=1, urgency=1, seen=1)


def test_a_teacher_cannot_raise_her_own_ticket(ticket: Ticket, rita: User) -> None:
    with pytest.raises(Refused):
        priorities.override(by=rita, ticket=ticket, priority=1, reason="Please", seen=1)
