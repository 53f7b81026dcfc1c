"""One object of every kind in Maple, each with a canary in its words, and the ids a stranger would try."""

import itertools
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.test import Client
from django.utils import timezone

from accounts.models import Grant, Invitation, User
from accounts.policy import Role
from tenants.isolation import scope
from tenants.models import District
from tests.cast import make_person, make_place, make_queue, make_ticket
from tests.house.addresses import Address
from tickets.desk import assignments, replies, states
from tickets.models import Article, Attachment, Device, Message, Notification, Ticket
from tickets.notify import live

CANARY = "c4n4ry"
FIRST_ID = 700_001


@dataclass
class World:
    """What lies in Maple, by the kind of place it can take in an address."""

    numbers: list[int]
    keys: dict[str, list[Any]] = field(default_factory=dict)

    def values(self, converter: Any) -> list[Any]:
        """What a stranger would put in a place of an address."""
        kind = type(converter).__name__
        if kind == "IntConverter":
            return self.numbers
        return self.keys[kind]

    def paths(self, address: Address) -> Iterator[str]:
        """The address with every combination of Maple's ids."""
        route = address.route.replace("^", "").replace("$", "")
        choices = [self.values(converter) for _, converter in address.converters]
        for combination in itertools.product(*choices):
            path = route
            for (name, _), value in zip(address.converters, combination, strict=True):
                start = path.rindex("<", 0, path.index(f"{name}>"))
                path = path[:start] + str(value) + path[path.index(f"{name}>") + len(name) + 1 :]
            yield f"/{path}"


def plant(maple: District) -> World:
    """Fills Maple; its ids start where Cedar's never reach, so that a hit can only be Maple's."""
    _far_ids(maple)
    with scope.district_scope(maple):
        return _fill()


def _far_ids(maple: District) -> None:
    with scope.owner_scope(f"d_{maple.pk}"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT sequencename FROM pg_sequences WHERE schemaname = %s", [f"d_{maple.pk}"])
        for (name,) in cursor.fetchall():
            cursor.execute(f'ALTER SEQUENCE "{name}" RESTART WITH {FIRST_ID}')


def _fill() -> World:
    now = timezone.now()
    queue, place = make_queue(), make_place(f"Lincoln {CANARY}", f"Room {CANARY}")
    tomas = make_person("tomas@maple.example", f"Tomas {CANARY}", Role.TECHNICIAN)
    rita = make_person(f"rita-{CANARY}@maple.example", f"Rita {CANARY}", school=place.school)
    device = Device.objects.create(asset_tag=f"MU-{CANARY}", kind="laptop", model=f"Dell {CANARY}", person=rita)
    tickets = [make_ticket(rita, f"Subject {CANARY}\nBody {CANARY}", room=place.room, device=device) for _ in range(3)]
    for ticket in tickets:
        assignments.assign(by=tomas, ticket=ticket, to=tomas, seen=1)
        replies.add(by=tomas, ticket=ticket, body=f"Note {CANARY}", kind=Message.Kind.INTERNAL, seen=2)
    states.resolve(by=tomas, ticket=tickets[1], text=f"Solved {CANARY}", seen=3)
    Ticket.objects.filter(pk=tickets[2].pk).update(is_confidential=True)
    article = Article.objects.create(
        slug=CANARY, title=f"Title {CANARY}", body=f"Body {CANARY}", owner=tomas, is_published=True,
        audience=Article.Audience.EVERYONE, created_at=now, updated_at=now,
    )  # fmt: skip
    attachments = [
        Attachment.objects.create(
            message=message,
            uploaded_by=rita,
            name=f"{CANARY}.png",
            media_type="image/png",
            size=10,
            state=Attachment.State.CLEAN,
            created_at=now,
        )
        for message in (tickets[0].messages.first(), None)
    ]
    week = {"created_at": now, "expires_at": now + timedelta(days=7)}
    invitation = Invitation.objects.create(user=rita, token_hash="0" * 64, **week)
    notice = Notification.objects.create(
        user=tomas, event=tickets[0].events.earliest("pk"), ticket=tickets[0], created_at=now
    )
    grants = Grant.objects.values_list("pk", flat=True)
    objects = [queue, place.school, place.room, place.room.building, tomas, rita, device, invitation, notice]
    numbers = {
        *(each.pk for each in objects),
        *grants,
        *(each.number for each in tickets),
        *(each.pk for each in tickets),
    }
    return World(
        sorted(numbers),
        {
            "UUIDConverter": [*(each.pk for each in attachments), tickets[0].form_key],
            "SlugConverter": [article.slug],
            "StringConverter": [live.watch(live.DESK).sign(), "0" * 64, str(uuid.UUID(int=0))],
            "PathConverter": [article.slug],
        },
    )


@dataclass
class Answer:
    """One request of a crawl and what came back."""

    method: str
    path: str
    response: HttpResponseBase

    @property
    def body(self) -> bytes:
        if isinstance(self.response, StreamingHttpResponse):
            return self.response.getvalue()
        assert isinstance(self.response, HttpResponse)
        return self.response.content

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.response.status_code}"


def ask(client: Client, path: str, host: str) -> list[Answer]:
    """The address by GET and by POST, with an empty form."""
    return [
        Answer("GET", path, client.get(path, HTTP_HOST=host)),
        Answer("POST", path, client.post(path, {}, HTTP_HOST=host)),
    ]


def sign_in(user: User, district: District) -> Client:
    """A browser in which that person has just typed the password."""
    client = Client()
    with scope.district_scope(district):
        client.force_login(user)
        session = client.session
        session["account_authentication_methods_user"] = str(user.pk)
        session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
        session.save()
    return client
