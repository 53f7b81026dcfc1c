"""What the tests of the desk's pages share: a signed-in browser at Maple's host, filled-in forms, counted queries."""

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from typing import Any

from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from tickets.models import Ticket

HOST = "maple.localhost"


def browser_of(person: User) -> Client:
    client = Client(headers={"host": HOST})
    client.force_login(person)
    return client


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", str(answer.content, "utf-8"))


def fields(ticket: Ticket, **given: Any) -> dict[str, Any]:
    """What every form about a ticket carries."""
    return {"form_key": str(uuid.uuid4()), "seen": ticket.version} | given


def subjects(answer: Any) -> list[str]:
    """The subjects of the rows, from the top."""
    found = re.findall(r'<a class="queue-row-subject"[^>]*>(.*?)</a>', str(answer.content, "utf-8"), re.DOTALL)
    return [unescape(re.sub(r"<span.*?</span>", "", subject)).strip() for subject in found]


@contextmanager
def at_most(most: int) -> Iterator[list[str]]:
    """Fails with the list of them when the block asks the database more often; entering a scope is no question."""
    asked: list[str] = []
    with (
        CaptureQueriesContext(connections["default"]) as district,
        CaptureQueriesContext(connections["platform"]) as platform,
    ):
        yield asked
    found = [query["sql"] for query in (*district.captured_queries, *platform.captured_queries)]
    asked += [sql for sql in found if re.match(r"\s*(WITH|SELECT|UPDATE|INSERT|DELETE)\b", sql, re.IGNORECASE)]
    assert len(asked) <= most, "\n".join(sql[:160] for sql in asked)
