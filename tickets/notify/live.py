"""Live pages: a page watches a topic, whose mark in the cache changes whenever something happened there.

Marks are random, not counted: a flushed cache or a doubled event only makes pages look once more.
"""

import uuid
from dataclasses import dataclass

from django.core import signing
from django.core.cache import cache

from helpdesk import jobs
from tickets.models import Event, Message
from tickets.spine import consumers
from tickets.spine.events import Kind

SALT = "tickets.notify.live"
LONGEST = 12 * 3600
DESK = "desk"


def ticket_topic(number: int) -> str:
    return f"ticket-{number}"


def letters_topic(number: int) -> str:
    """What the requester sees of a ticket: not even the moment of an internal note is told."""
    return f"letters-{number}"


def person_topic(user_id: int) -> str:
    return f"person-{user_id}"


def mark(topic: str) -> str:
    """The topic's present mark; one is made where the cache has none."""
    return str(cache.get_or_set(f"live:{topic}", lambda: uuid.uuid4().hex, None))


def touch(*topics: str) -> None:
    """Gives each topic a new mark."""
    cache.set_many({f"live:{topic}": uuid.uuid4().hex for topic in topics}, None)


@dataclass(frozen=True)
class Watch:
    """What a page watches; signed for the district, so that asking for news costs no query."""

    district_id: int
    topic: str

    def sign(self) -> str:
        return signing.dumps([self.district_id, self.topic], salt=SALT)

    @classmethod
    def read(cls, token: str) -> "Watch":
        """Raises django.core.signing.BadSignature for a forged or an old token."""
        return cls(*signing.loads(token, salt=SALT, max_age=LONGEST))


@consumers.consumer("live", kinds=list(Kind))
def live(event: Event) -> None:
    """Wakes the pages that show the event's ticket."""
    if event.ticket is None:
        return
    ticket, topics = event.ticket, [DESK, ticket_topic(event.ticket.number)]
    people = {ticket.assignee_id}
    if event.data.get("kind") != Message.Kind.INTERNAL:
        people |= {ticket.requester_id, ticket.reported_by_id}
        topics.append(letters_topic(ticket.number))
    touch(*topics, *(person_topic(each) for each in people if each))


def watch(topic: str) -> Watch:
    """A watch on a topic of the district whose scope is open."""
    return Watch(jobs.current_district_id(), topic)
