"""Django's makemigrations, which looks at the blueprint's history first."""

from typing import Any

from django.core.management.commands import makemigrations

from tenants.isolation import names, scope


class Command(makemigrations.Command):
    def handle(self, *args: Any, **options: Any) -> Any:
        with scope.owner_scope(names.BLUEPRINT_SCHEMA):
            return super().handle(*args, **options)
