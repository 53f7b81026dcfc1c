"""The vocabulary of the desk, one file a noun."""

from tickets.models.article import Article
from tickets.models.attachment import Attachment
from tickets.models.device import Device
from tickets.models.event import Duty, Event
from tickets.models.message import Message
from tickets.models.notification import Notification
from tickets.models.queue import GrantQueue, Queue
from tickets.models.ticket import Stale, Ticket

__all__ = [
    "Article",
    "Attachment",
    "Device",
    "Duty",
    "Event",
    "GrantQueue",
    "Message",
    "Notification",
    "Queue",
    "Stale",
    "Ticket",
]
