"""Django's entry for the console floor."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "console"
