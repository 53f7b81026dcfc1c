"""The queue page: the right tickets in the right order, counted, filtered and paged, in few queries."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Grant, School, User
from accounts.policy import Role
from tests.cast import Place, make_person, make_place, make_ticket
from tests.tickets.desk_pages import at_most, browser_of, subjects, text_of
from tickets.desk import assignments, replies, states
from tickets.models import Device, Event, GrantQueue, Notification, Queue, Ticket

MOST_QUERIES = 12
State = Ticket.State


@pytest.fixture
def desk(tomas: User) -> Client:
    return browser_of(tomas)


def make_mine(rita: User, tomas: User, body: str, **changed: Any) -> Ticket:
    """A ticket that Tomas has; the changed columns are written past the actions."""
    ticket = assignments.assign(by=tomas, ticket=make_ticket(rita, body), to=tomas, seen=1)
    Ticket.objects.filter(pk=ticket.pk).update(**changed)
    return ticket


def make_many(rita: User, queue: Queue, count: int, at: datetime | None = None) -> None:
    """Open tickets of one priority, all of one moment unless told otherwise, so that only ids tell them apart."""
    at = at or timezone.now()
    Ticket.objects.bulk_create(
        Ticket(subject=f"Ticket {place:03}", requester=rita, queue=queue, created_at=at, updated_at=at)
        for place in range(count)
    )


def test_to_do_is_mine_and_nobodys_most_urgent_first_then_oldest(
    desk: Client, queue: Queue, rita: User, tomas: User
) -> None:
    old = timezone.now() - timedelta(days=2)
    make_mine(rita, tomas, "Normal and new", priority=3)
    make_mine(rita, tomas, "Normal and old", priority=3, created_at=old)
    make_mine(rita, tomas, "Critical", priority=1)
    make_ticket(rita, "Nobody's")
    assert subjects(desk.get("/queue/")) == ["Critical", "Normal and old", "Normal and new", "Nobody's"]


def test_what_waits_stands_below_what_is_our_turn(desk: Client, queue: Queue, rita: User, tomas: User) -> None:
    waiting = make_mine(rita, tomas, "Critical but waiting", priority=1)
    states.change(by=tomas, ticket=waiting, to=State.WAITING_REQUESTER, text="Which room?", seen=2)
    make_mine(rita, tomas, "Low", priority=4)
    answer = desk.get("/queue/")
    assert subjects(answer) == ["Low", "Critical but waiting"]
    page = text_of(answer)
    assert page.index(">In work <span>") < page.index(">Waiting <span>")


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        ("todo", ["Mine", "Nobody's", "Mine, waiting"]),
        ("unassigned", ["Nobody's"]),
        ("waiting", ["Mine, waiting"]),
        ("open", ["Mine", "Nobody's", "Mine, waiting"]),
        ("resolved", ["Resolved"]),
    ],
)
def test_each_view_has_its_tickets_and_its_count(
    desk: Client, queue: Queue, rita: User, tomas: User, view: str, expected: list[str]
) -> None:
    make_mine(rita, tomas, "Mine", priority=1)
    make_ticket(rita, "Nobody's")
    waiting = make_mine(rita, tomas, "Mine, waiting")
    states.change(by=tomas, ticket=waiting, to=State.WAITING_REQUESTER, text="Which room?", seen=2)
    states.resolve(by=tomas, ticket=make_ticket(rita, "Resolved"), text="New lamp.", seen=1)
    answer = desk.get(f"/queue/?view={view}")
    assert subjects(answer) == expected
    if view != "resolved":
        current = re.search(r'class="view"[^>]* aria-current="page">(.*?)</a>', text_of(answer))
        assert current is not None
        assert f'<span class="num">{len(expected)}</span>' in current[1]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("state=new", ["At Lincoln"]),
        ("priority=1", ["Critical"]),
        ("assignee=nobody", ["At Lincoln"]),
        ("assignee=me", ["Critical"]),
        ("assignee={tomas}", ["Critical"]),
        ("school={lincoln}", ["At Lincoln"]),
        ("school={lincoln}&state=open", []),
        ("state=nonsense&school=x&priority=9&assignee=root&after=forged", ["Critical", "At Lincoln"]),
        ("school=99999999999999999999999999", ["Critical", "At Lincoln"]),
        ("school=999999999999999", []),
    ],
)
def test_filters_stand_in_the_address_and_nonsense_is_left_out(
    desk: Client, queue: Queue, rita: User, tomas: User, lincoln: Place, query: str, expected: list[str]
) -> None:
    make_mine(rita, tomas, "Critical", priority=1)
    make_ticket(rita, "At Lincoln", room=lincoln.room)
    filled = query.format(tomas=tomas.pk, lincoln=lincoln.school.pk)
    assert subjects(desk.get(f"/queue/?view=open&{filled}")) == expected


def test_a_row_says_who_where_on_what_and_whose_turn(
    desk: Client, queue: Queue, rita: User, tomas: User, lincoln: Place
) -> None:
    device = Device.objects.create(asset_tag="MU-20417", kind=Device.Kind.CHROMEBOOK, model="Dell 3110")
    make_ticket(rita, "No picture", room=lincoln.room, device=device, at=timezone.now() - timedelta(hours=2))
    page = text_of(desk.get("/queue/?view=unassigned"))
    for words in ("Rita Shah", "Teacher", "Lincoln", "Room 214", "MU-20417", "waiting 2 h for us", "Nobody", "Normal"):
        assert words in page, words


def test_the_turn_follows_the_last_public_word(desk: Client, queue: Queue, rita: User, tomas: User) -> None:
    now = timezone.now()
    sent = make_ticket(rita, "No picture", at=now - timedelta(hours=2))
    ticket = assignments.assign(by=tomas, ticket=sent, to=tomas, seen=1, at=now - timedelta(hours=1))
    replies.add(by=tomas, ticket=ticket, body="Which room?", at=now - timedelta(minutes=30))
    assert "Tomas answered 30 min ago" in text_of(desk.get("/queue/"))
    replies.add(by=rita, ticket=ticket, body="214", at=now - timedelta(minutes=12))
    replies.add(by=tomas, ticket=ticket, body="She means B.", kind="internal", at=now - timedelta(minutes=1))
    assert "Rita answered 12 min ago" in text_of(desk.get("/queue/"))


def test_a_ticket_with_news_is_marked_until_it_is_opened(desk: Client, queue: Queue, rita: User, tomas: User) -> None:
    ticket = make_mine(rita, tomas, "No picture")
    event = Event.objects.filter(ticket=ticket).latest("id")
    Notification.objects.create(user=tomas, event=event, ticket=ticket, created_at=timezone.now())
    assert "data-unread" in text_of(desk.get("/queue/"))
    desk.get(f"/tickets/{ticket.number}/")
    assert "data-unread" not in text_of(desk.get("/queue/"))


def test_every_ticket_is_on_one_page_and_the_way_back_is_the_same(desk: Client, queue: Queue, rita: User) -> None:
    make_many(rita, queue, 120)
    pages, address = [], "/queue/?view=open"
    while address:
        answer = desk.get(address)
        pages.append(subjects(answer))
        after = answer.context["page"].after
        address = f"/queue/?view=open&after={after}" if after else ""
    assert [len(page) for page in pages] == [50, 50, 20]
    assert [subject for page in pages for subject in page] == [f"Ticket {place:03}" for place in range(120)]
    back = desk.get(f"/queue/?view=open&before={answer.context['page'].before}")
    assert subjects(back) == pages[1]
    first = desk.get(f"/queue/?view=open&before={back.context['page'].before}")
    assert subjects(first) == pages[0]
    assert first.context["page"].before == ""


def test_a_page_turned_while_tickets_come_and_go_repeats_none_and_skips_none(
    desk: Client, queue: Queue, rita: User, tomas: User
) -> None:
    make_many(rita, queue, 60, at=timezone.now() - timedelta(hours=1))
    first = desk.get("/queue/?view=open")
    make_ticket(rita, "A newcomer", impact=Ticket.Impact.SCHOOL, urgency=Ticket.Urgency.STOPPED)
    Ticket.objects.filter(subject="Ticket 003").update(state=State.CLOSED)
    second = desk.get(f"/queue/?view=open&after={first.context['page'].after}")
    assert subjects(second) == [f"Ticket {place:03}" for place in range(50, 60)]


def test_the_latest_resolved_come_first_over_pages(desk: Client, queue: Queue, rita: User) -> None:
    make_many(rita, queue, 60)
    for place, ticket in enumerate(Ticket.objects.order_by("id")):
        at = timezone.now() - timedelta(minutes=60 - place)
        Ticket.objects.filter(pk=ticket.pk).update(state=State.RESOLVED, resolution_text="Done.", resolved_at=at)
    first = desk.get("/queue/?view=resolved")
    second = desk.get(f"/queue/?view=resolved&after={first.context['page'].after}")
    assert subjects(first) + subjects(second) == [f"Ticket {place:03}" for place in reversed(range(60))]
    back = desk.get(f"/queue/?view=resolved&before={second.context['page'].before}")
    assert subjects(back) == subjects(first)


@pytest.mark.parametrize("count", [4, 50])
def test_the_page_asks_the_database_as_often_for_few_as_for_many(
    desk: Client, queue: Queue, rita: User, tomas: User, lincoln: Place, count: int
) -> None:
    device = Device.objects.create(asset_tag="MU-20417", kind=Device.Kind.CHROMEBOOK, model="Dell 3110")
    for place in range(count):
        make_ticket(rita, f"No picture {place}", room=lincoln.room, device=device)
    Ticket.objects.update(assignee=tomas)
    with at_most(MOST_QUERIES):
        assert len(subjects(desk.get("/queue/?view=open"))) == count


def test_a_technician_of_one_school_sees_that_school_alone(queue: Queue, rita: User, lincoln: Place) -> None:
    elsewhere = make_place("Washington High", "Room 9")
    make_ticket(rita, "At Lincoln", room=lincoln.room)
    make_ticket(rita, "At Washington", room=elsewhere.room)
    nia = make_person("nia@maple.example", "Nia Cole")
    grant = Grant.objects.create(user=nia, role=Role.TECHNICIAN)
    grant.schools.add(lincoln.school)
    GrantQueue.objects.create(grant=grant, queue=queue)
    client = browser_of(nia)
    with at_most(MOST_QUERIES + 2):  # the schools and queues of a scoped grant
        answer = client.get("/queue/?view=open")
    page = text_of(answer)
    assert subjects(answer) == ["At Lincoln"]
    assert "Lincoln Middle" in page
    assert "Washington" not in page


def test_the_rail_names_the_schools_of_a_small_district_with_their_open_tickets(
    desk: Client, queue: Queue, rita: User, lincoln: Place
) -> None:
    School.objects.create(name="Old Mill", short_name="Old Mill", code="OLD", is_active=False)
    make_ticket(rita, "At Lincoln", room=lincoln.room)
    page = text_of(desk.get("/queue/"))
    assert '<span>Lincoln</span><span class="num">1</span>' in page
    assert "Old Mill" not in page


def test_a_teacher_has_no_queue(queue: Queue, rita: User) -> None:
    assert browser_of(rita).get("/queue/").status_code == 404


def test_looking_again_brings_the_list_and_the_counts_alone(desk: Client, queue: Queue, rita: User) -> None:
    make_ticket(rita, "No picture")
    answer = desk.get("/queue/?view=unassigned", headers={"HX-Request": "true"})
    page = text_of(answer)
    assert subjects(answer) == ["No picture"]
    assert "<html" not in page
    assert 'id="views"' in page
    assert 'hx-swap-oob="true"' in page


def test_what_people_typed_is_escaped(desk: Client, queue: Queue, rita: User) -> None:
    rita.given_name = "<img src=x onerror=alert(1)>"
    rita.save()
    make_ticket(rita, "<script>alert(1)</script>", place_note="<b onclick=alert(1)>")
    page = text_of(desk.get("/queue/?view=open"))
    for typed in ("<script>alert", "<img src=x", "<b onclick"):
        assert typed not in page


def test_the_order_of_work_is_read_from_its_index(queue: Queue, rita: User, tomas: User) -> None:
    """A deep page must not sort or skip: its place is looked up in the index."""
    from django.db import connection

    from tickets.desk import queue as lists
    from tickets.desk.queue import Filters, View

    make_many(rita, queue, 300)
    filters = Filters(view=View.OPEN)
    deep = lists.page(filters, tomas, after=lists.page(filters, tomas).after)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan TO off")
        cursor.execute("SET LOCAL enable_bitmapscan TO off")
        cursor.execute("SET LOCAL enable_sort TO off")  # a handful of rows would be sorted sooner than looked up
    plan = lists.ordered(filters, tomas, after=deep.after).explain()
    assert "ticket_next_best" in plan
    assert "Index Cond" in plan
    assert "Sort" not in plan.split("SubPlan")[0]
