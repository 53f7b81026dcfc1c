"""The spine against loss: workers killed in the middle, an emptied Redis, two people saving at once."""

import threading
import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from accounts.models import User
from tenants.isolation import scope
from tenants.models import District
from tests.cast import make_ticket
from tests.worker import Worker, broker, wait_until
from tickets.desk import assignments, replies, states
from tickets.models import Duty, Message, Notification, Queue, Stale, Ticket
from tickets.spine import tasks

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "platform"])


def open_duties() -> int:
    return Duty.objects.filter(done_at=None).count()


def leases_run_out() -> None:
    """Two minutes pass for whoever was killed."""
    Duty.objects.filter(done_at=None, leased_until__gt=timezone.now()).update(
        leased_until=timezone.now() - timedelta(seconds=1)
    )


def test_200_tickets_make_200_notifications_whatever_is_killed_or_emptied(
    maple: District, queue: Queue, rita: User, tomas: User, worker: Worker
) -> None:
    for number in range(200):
        make_ticket(rita, f"Report {number}")
    assert open_duties() == 400
    for _ in range(4):
        worker.start()
        before = open_duties()
        tasks.sweep()
        wait_until(lambda before=before: open_duties() < before)  # type: ignore[misc]
        worker.kill()
        broker().flushdb()
        leases_run_out()
    worker.start()

    def swept_clean() -> bool:
        tasks.sweep()
        return open_duties() == 0

    wait_until(swept_clean)
    told = Counter(Notification.objects.values_list("event__ticket", "user"))
    assert len(told) == 200
    assert set(told.values()) == {1}
    assert {user for _, user in told} == {tomas.pk}


def test_a_worker_killed_between_its_claim_and_its_commit_leaves_the_duty_to_the_next(
    maple: District, queue: Queue, rita: User, tomas: User, worker: Worker
) -> None:
    make_ticket(rita)
    worker.start()
    with scope.owner_scope(f"d_{maple.pk}"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE tickets_notification IN ACCESS EXCLUSIVE MODE")
        in_thread(maple, tasks.sweep)
        wait_until(lambda: in_thread(maple, lambda: Duty.objects.filter(consumer="notify", tries=1).exists()))
        worker.kill()
    assert not Notification.objects.exists()
    leases_run_out()
    worker.start()

    def swept_clean() -> bool:
        tasks.sweep()
        return open_duties() == 0

    wait_until(swept_clean)
    assert Notification.objects.count() == 1


def in_thread[Answer](maple: District, question: Callable[[], Answer]) -> Answer:
    """Asks from another connection, inside the district."""

    def ask() -> Answer:
        try:
            with scope.district_scope(maple):
                return question()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(ask).result()


def test_100_pairs_of_edits_lose_no_message_and_tell_the_second(
    maple: District, queue: Queue, rita: User, tomas: User, ana: User
) -> None:
    ticket = make_ticket(rita)
    outcomes: Counter[str] = Counter()
    for number in range(100):
        seen = Ticket.objects.values_list("version", flat=True).get(pk=ticket.pk)
        start = threading.Barrier(2)
        with ThreadPoolExecutor(2) as pool:
            pair = [
                pool.submit(in_thread_at, start, maple, ticket, person, f"{person.given_name} {number}", seen)
                for person in (tomas, ana)
            ]
            answers = sorted(each.result() for each in pair)
        assert answers == ["saved", "told"], "exactly one of two wins and the other one is told"
        outcomes.update(answers)
    saved = Message.objects.filter(ticket=ticket, author__in=[tomas, ana])
    assert (outcomes["saved"], outcomes["told"], saved.count()) == (100, 100, 100)
    ticket.refresh_from_db()
    assert ticket.version == 101


def in_thread_at(start: threading.Barrier, maple: District, ticket: Ticket, by: User, body: str, seen: int) -> str:
    try:
        with scope.district_scope(maple):
            start.wait(timeout=30)
            replies.add(by=by, ticket=ticket, body=body, seen=seen)
            return "saved"
    except Stale:
        return "told"
    finally:
        connections.close_all()


def test_two_different_changes_at_once_never_write_over_each_other(
    maple: District, queue: Queue, rita: User, tomas: User, ana: User
) -> None:
    ticket = make_ticket(rita)
    start = threading.Barrier(2)

    def change(act: Callable[[], object]) -> str:
        try:
            with scope.district_scope(maple):
                start.wait(timeout=30)
                act()
                return "saved"
        except Stale:
            return "told"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        answers = [
            pool.submit(change, lambda: assignments.assign(by=ana, ticket=ticket, to=tomas, seen=1)),
            pool.submit(
                change,
                lambda: states.change(by=tomas, ticket=ticket, to="waiting_other", text="Part ordered", seen=1),
            ),
        ]
        assert sorted(each.result() for each in answers) == ["saved", "told"]
    ticket.refresh_from_db()
    assert ticket.version == 2
    assert (ticket.assignee is None) == (ticket.state == "waiting_other")


def test_one_form_sent_from_two_windows_at_once_makes_one_ticket(maple: District, queue: Queue, rita: User) -> None:
    key, start = uuid.uuid4(), threading.Barrier(2)

    def send() -> int:
        try:
            with scope.district_scope(maple):
                start.wait(timeout=30)
                return make_ticket(rita, form_key=key).number
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        first, second = (each.result() for each in [pool.submit(send), pool.submit(send)])
    assert first == second
    assert Ticket.objects.count() == 1
