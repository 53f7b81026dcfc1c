"""Stands in the way of Django's migrate, which knows one schema."""

from typing import Any, NoReturn

from django.core.management.base import CommandError
from django.core.management.commands import migrate


class Command(migrate.Command):
    help = "Not used here: manage.py migrate_all migrates the platform, the blueprint and every district."

    def handle(self, *args: Any, **options: Any) -> NoReturn:
        raise CommandError("Use manage.py migrate_all: it migrates the platform, the blueprint and every district.")
