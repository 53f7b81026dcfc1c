"""Django's entry for the tickets floor."""

from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "tickets"
