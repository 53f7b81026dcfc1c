"""No page asks the database more than a dozen questions, sessions and rights included."""

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.policy import Role
from tenants.isolation import scope
from tenants.models import District
from tests.cast import make_person
from tests.house import addresses, world

MOST = 12
# The savepoints of ATOMIC_REQUESTS: in production they are the BEGIN and COMMIT that travel with other statements.
NOT_COUNTED = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")


def asked(client: object, path: str) -> list[str]:
    with (
        CaptureQueriesContext(connections["default"]) as district,
        CaptureQueriesContext(connections["platform"]) as platform,
    ):
        client.get(path, HTTP_HOST="maple.localhost")  # type: ignore[attr-defined]
    statements = [each["sql"] for each in [*district.captured_queries, *platform.captured_queries]]
    return [each for each in statements if not each.startswith(NOT_COUNTED)]


@pytest.mark.parametrize("role", [Role.ADMIN, Role.TECHNICIAN, None])
def test_no_page_asks_more_than_a_dozen_questions(maple: District, role: Role | None) -> None:
    planted = world.plant(maple)
    with scope.district_scope(maple):
        person = (
            make_person("kim@maple.example", "Kim Bell", role)
            if role
            else User.objects.get(email__startswith="rita-")  # the one who asked for all of it
        )
    client = world.sign_in(person, maple)
    counted = {
        path: statements
        for address in addresses.of("helpdesk.urls_district")
        if address.name != "account_logout"
        for path in planted.paths(address)
        if len(statements := asked(client, path)) > MOST
    }
    assert {path: len(statements) for path, statements in counted.items()} == {}, "\n".join(
        line for statements in counted.values() for line in statements
    )


def test_asking_for_news_costs_no_question(maple: District, tomas: User) -> None:
    from tickets.notify import live

    client = world.sign_in(tomas, maple)
    client.get("/queue/", HTTP_HOST="maple.localhost")
    with scope.district_scope(maple):
        token, mark = live.watch(live.DESK).sign(), live.mark(live.DESK)
    assert asked(client, f"/live/{token}/?mark={mark}") == []
