"""The demo's history is the same every time, and holds everything that the desk's actions hold."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.hashers import check_password
from django.db.models import Count, F, Max, Min, Q

from accounts.models import Room, School, User
from accounts.policy import Permission
from console.demo.names import GIVEN
from console.demo.plans import CEDAR, MAPLE, PASSWORD
from tenants.models import District
from tests.console.demo import MOMENT, SMALL, digest, planted
from tickets.desk import priorities, rights
from tickets.intake import submissions
from tickets.models import Article, Device, Duty, Event, Message, Notification, Queue, Ticket
from tickets.spine.events import Kind

State = Ticket.State


@pytest.fixture
def seeded(maple: District) -> Iterator[None]:
    with planted(maple):
        yield


def test_the_same_plan_and_moment_give_the_same_rows(maple: District) -> None:
    digests = set()
    for _ in range(2):
        with planted(maple):
            digests.add(digest())
    assert len(digests) == 1


def test_dates_follow_the_moment(maple: District) -> None:
    with planted(maple, now=MOMENT + timedelta(days=70)):
        newest = Ticket.objects.aggregate(at=Max("created_at"))["at"]
    assert MOMENT + timedelta(days=60) < newest < MOMENT + timedelta(days=70)


def test_maple_is_as_large_as_it_says(maple: District) -> None:
    with planted(maple, MAPLE):
        assert School.objects.count() == 12
        assert User.objects.count() == 600
        assert User.objects.filter(grants__isnull=False).distinct().count() == 14
        assert Ticket.objects.count() == 3000
        assert 1200 <= Device.objects.count() <= 1600
        assert Article.objects.count() >= 25
        assert 100 <= Ticket.objects.in_work().count() <= 140
        recent = Ticket.objects.filter(created_at__gt=MOMENT - timedelta(days=4))
        assert 10 <= recent.count() <= 35


def test_cedar_is_small(cedar: District) -> None:
    with planted(cedar, CEDAR):
        assert (School.objects.count(), User.objects.count(), Ticket.objects.count()) == (2, 30, 80)
        sam = User.objects.get(email="sam@cedar.example")
        assert Ticket.objects.visible_to(sam).count() == 80


@pytest.mark.usefixtures("seeded")
class TestHistory:
    """What must hold for every ticket."""

    def test_nothing_lies_in_the_future(self) -> None:
        assert not Event.objects.filter(at__gt=MOMENT).exists()
        assert not Ticket.objects.filter(updated_at__gt=MOMENT).exists()
        assert not Notification.objects.filter(Q(read_at__gt=MOMENT) | Q(created_at__gt=MOMENT)).exists()

    def test_the_first_message_is_of_whoever_reported_it(self) -> None:
        for ticket in Ticket.objects.prefetch_related("messages"):
            first = ticket.messages.all()[0]
            assert (first.kind, first.author_id, first.form_key) == ("public", ticket.reported_by_id, ticket.form_key)
            assert first.created_at == ticket.created_at

    def test_numbers_follow_the_time_of_the_report(self) -> None:
        tickets = list(Ticket.objects.order_by("number").values_list("number", "created_at"))
        assert [number for number, _ in tickets] == list(range(tickets[0][0], tickets[0][0] + len(tickets)))
        assert [at for _, at in tickets] == sorted(at for _, at in tickets)

    def test_times_follow_each_other(self) -> None:
        orders = [
            Q(updated_at__lt=F("created_at")),
            Q(first_public_reply_at__lt=F("created_at")),
            Q(resolved_at__lt=F("created_at")),
            Q(closed_at__lt=F("resolved_at")),
            Q(confirmed_at__lt=F("resolved_at")),
        ]
        for wrong in orders:
            assert not Ticket.objects.filter(wrong).exists(), wrong
        last = Ticket.objects.annotate(last=Max("events__at")).exclude(last=F("updated_at"))
        assert not last.exists()

    def test_a_state_has_what_it_needs(self) -> None:
        assert not Ticket.objects.filter(state__in=(State.RESOLVED, State.CLOSED), resolution_text="").exists()
        assert not Ticket.objects.filter(state=State.CLOSED, closed_at=None).exists()
        assert not Ticket.objects.filter(state=State.CANCELLED).exclude(assignee=None).exists()
        assert not Ticket.objects.filter(state=State.NEW).exclude(assignee=None).exists()
        assert not Ticket.objects.filter(state=State.SCHEDULED, wake_at=None).exists()
        assert not Ticket.objects.exclude(state=State.SCHEDULED).exclude(wake_at=None).exists()
        assert not Ticket.objects.filter(state=State.SCHEDULED, wake_at__lte=MOMENT).exists()

    def test_no_state_is_a_dead_end(self) -> None:
        known = {State.NEW, State.OPEN, State.WAITING_REQUESTER, State.WAITING_OTHER, State.SCHEDULED}
        assert set(Ticket.objects.values_list("state", flat=True)) == known | {
            State.RESOLVED,
            State.CLOSED,
            State.CANCELLED,
        }

    def test_a_resolved_ticket_is_still_within_its_window(self) -> None:
        oldest = Ticket.objects.filter(state=State.RESOLVED).aggregate(at=Min("resolved_at"))["at"]
        assert oldest > MOMENT - timedelta(days=8)

    def test_the_priority_is_that_of_the_table(self) -> None:
        for ticket in Ticket.objects.all():
            assert ticket.priority == priorities.by_matrix(impact=ticket.impact, urgency=ticket.urgency)

    def test_the_log_tells_how_each_ticket_came_where_it_is(self) -> None:
        for ticket in Ticket.objects.prefetch_related("events"):
            events = list(ticket.events.all())
            assert events[0].kind == Kind.SUBMITTED
            assert ticket.version == len(events)
            assert ticket.state == _replayed(events)
            assert ticket.reopen_count == sum(event.kind == Kind.REJECTED for event in events)

    def test_every_message_has_its_event(self) -> None:
        told = [event.data["message"] for event in Event.objects.all() if "message" in event.data]
        assert sorted(told) == sorted(Message.objects.values_list("pk", flat=True))

    def test_whoever_has_a_ticket_works_in_its_queue_and_school(self) -> None:
        for ticket in Ticket.objects.exclude(assignee=None).select_related("assignee")[::5]:
            assert ticket.assignee in rights.people_with(Permission.TICKETS_CHANGE, ticket)

    def test_only_those_who_may_have_written(self) -> None:
        for message in Message.objects.select_related("ticket", "author")[::9]:
            may = rights.may_note if message.is_internal else rights.may_reply
            assert may(message.author, message.ticket), message.pk

    def test_the_log_owes_nobody_anything(self) -> None:
        assert not Duty.objects.exists()

    def test_the_desk_sees_what_its_grants_reach(self) -> None:
        counts = {
            name: Ticket.objects.visible_to(User.objects.get(email=f"{name}@maple.example")).count()
            for name in ("ana", "tomas", "hector", "rita", "ruth")
        }
        assert counts["ana"] == counts["ruth"] == Ticket.objects.count()
        assert 0 < counts["rita"] < counts["tomas"] < counts["ana"]
        assert 0 < counts["hector"] < counts["ana"]

    def test_it_rests_on_weekends_and_in_breaks(self) -> None:
        zone = ZoneInfo(SMALL.time_zone)
        days = Counter(at.astimezone(zone).weekday() for at in Ticket.objects.values_list("created_at", flat=True))
        assert days[5] == 0
        assert days[6] < 0.03 * SMALL.tickets

    def test_no_student_is_named(self) -> None:
        named = re.compile(rf"\bstudents?,? \(?(?:{'|'.join(GIVEN)})\b", re.IGNORECASE)
        assert [body for body in Message.objects.values_list("body", flat=True) if named.search(body)] == []

    def test_no_slot_is_left_open(self) -> None:
        for field in (Ticket.objects.values_list("subject"), Message.objects.values_list("body")):
            assert not [text for (text,) in field if "{" in text or "}" in text]

    def test_the_cast_is_on_stage(self) -> None:
        projector = Ticket.objects.get(number=10441)
        assert projector.subject == "Projector shows nothing from Chromebook, class at 10:20"
        assert (projector.requester.name, projector.assignee.name) == ("Rita Shah", "Tomas Reyes")  # type: ignore[union-attr]
        assert (projector.device.asset_tag, projector.room.name) == ("MU-20417", "Room 214")  # type: ignore[union-attr]
        closet = Ticket.objects.get(subject__startswith="B closet")
        assert f"MU-{closet.number}" in projector.messages.get(body__startswith="Same in 210").body
        camera = Ticket.objects.get(
            subject="Document camera has no picture", requester__email="rita@maple.example", state="resolved"
        )
        assert camera.assignee == projector.assignee

    def test_tomas_and_rita_have_news(self) -> None:
        for email in ("tomas@maple.example", "rita@maple.example"):
            news = Notification.objects.filter(user__email=email)
            assert news.filter(read_at=None).exists()
            assert news.exclude(read_at=None).exists()
            person = User.objects.get(email=email)
            assert not news.exclude(ticket__in=Ticket.objects.visible_to(person)).exists()

    def test_everybody_has_the_demo_password(self) -> None:
        hashes = set(User.objects.values_list("password", flat=True))
        assert len(hashes) == 1
        assert check_password(PASSWORD, hashes.pop())

    def test_rooms_and_devices_have_a_place(self) -> None:
        assert not Device.objects.filter(school=None).exists()
        assert not Device.objects.exclude(room=None).exclude(room__building__school=F("school")).exists()
        assert not Room.objects.annotate(n=Count("building__school")).exclude(n=1).exists()

    def test_the_database_goes_on_after_the_seed(self) -> None:
        rita = User.objects.get(email="rita@maple.example")
        last = Ticket.objects.aggregate(last=Max("number"))["last"]
        ticket = submissions.submit(by=rita, body="The bell rings twice")
        assert ticket.number == last + 1
        assert ticket.queue == Queue.objects.get(is_default=True)


def _replayed(events: list[Event]) -> str:
    """The state that the log leads to; each step must begin where the one before ended."""
    state = str(State.NEW)
    for event in events[1:]:
        data, kind = event.data, Kind(event.kind)
        if kind != Kind.ASSIGNED and kind != Kind.TRANSFERRED and kind != Kind.PRIORITY and "from" in data:
            assert data["from"] == state, event.pk
        state = {
            Kind.ASSIGNED: data.get("state", state),
            Kind.RESOLVED: str(State.RESOLVED),
            Kind.CONFIRMED: str(State.CLOSED),
            Kind.REJECTED: str(State.OPEN),
            Kind.WITHDRAWN: str(State.CANCELLED),
            Kind.STATE: data.get("to", state),
            Kind.MESSAGE: data.get("to", state),
        }.get(kind, state)
    return state
