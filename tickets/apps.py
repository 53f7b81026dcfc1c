"""Django's entry for the tickets floor; it loads the consumers of the event log in their order."""

from importlib import import_module

from django.apps import AppConfig

# The order is the order of duties: people are told before pages are woken, so that a refreshed page shows the bell.
CONSUMERS = ("tickets.notify.notifications", "tickets.notify.live", "tickets.attachments.check")


class TicketsConfig(AppConfig):
    name = "tickets"

    def ready(self) -> None:
        for module in CONSUMERS:
            import_module(module)
