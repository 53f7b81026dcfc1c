"""Django's entry for the helpdesk floor."""

from django.apps import AppConfig


class HelpdeskConfig(AppConfig):
    name = "helpdesk"
