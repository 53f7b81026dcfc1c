"""Django's showmigrations, as the blueprint has them."""

from typing import Any

from django.core.management.commands import showmigrations

from tenants.isolation import names, scope


class Command(showmigrations.Command):
    def handle(self, *args: Any, **options: Any) -> Any:
        with scope.owner_scope(names.BLUEPRINT_SCHEMA):
            return super().handle(*args, **options)
