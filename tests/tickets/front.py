"""What the tests of the front room share: a signed-in browser at Maple's host, and what its forms send."""

import uuid
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from tickets.models import Article, Ticket

HOST = "maple.localhost"


def browser_of(person: User) -> Client:
    client = Client(headers={"host": HOST})
    client.force_login(person)
    return client


def report(**given: Any) -> dict[str, Any]:
    """A filled-in report form; `place` is the person's room unless told otherwise."""
    return {"form_key": str(uuid.uuid4()), "body": "No picture", "place": "elsewhere", "impact": "1"} | given


def send(client: Client, ticket: Ticket, where: str, **given: Any) -> Any:
    """Sends one of the forms of a ticket's page."""
    return client.post(f"/tickets/{ticket.number}/{where}/", {"form_key": str(uuid.uuid4())} | given)


def page(client: Client, ticket: Ticket, query: str = "") -> str:
    answer = client.get(f"/tickets/{ticket.number}/{query}")
    assert answer.status_code == 200, answer.status_code
    return str(answer.content, "utf-8")


def queries_of(client: Client, path: str) -> int:
    """How many statements the page takes once the process is warm."""
    assert client.get(path).status_code == 200
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return len([each for each in queries if not each["sql"].startswith(("SAVEPOINT", "RELEASE"))])


def make_article(owner: User, title: str, **fields: Any) -> Article:
    now = timezone.now()
    defaults = {"slug": title.lower().replace(" ", "-")[:80], "body": f"About {title}.", "audience": "staff"}
    return Article.objects.create(
        **defaults | {"is_published": True} | fields, title=title, owner=owner, created_at=now, updated_at=now
    )
