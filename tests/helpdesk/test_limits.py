"""Limits on forms: a script is stopped, a person never notices, and one does not stop another."""

import pytest
from django.test import Client

from accounts.models import User
from tenants.models import District
from tests.house import world
from tests.tickets.front import report
from tickets.models import Queue, Ticket

HOST = {"host": "maple.localhost"}


def send(client: Client) -> int:
    return client.post("/tickets/", report(place_note="Gym"), headers=HOST).status_code


def test_the_thirty_first_report_in_a_minute_waits(maple: District, queue: Queue, rita: User, tomas: User) -> None:
    client = world.sign_in(rita, maple)
    assert {send(client) for _ in range(30)} == {303}
    answer = client.post("/tickets/", report(), headers=HOST)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")
    assert Ticket.objects.count() == 30
    assert send(world.sign_in(tomas, maple)) == 303


@pytest.mark.parametrize("path", ["/suggestions/", "/uploads/"])
def test_what_a_page_asks_by_itself_is_limited_too(maple: District, rita: User, path: str) -> None:
    client = world.sign_in(rita, maple)
    codes = [client.post(path, {"body": "projector"}, headers=HOST).status_code for _ in range(125)]
    assert codes[-1] == 429
    assert 429 not in codes[:30]
