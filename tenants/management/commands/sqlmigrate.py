"""Django's sqlmigrate, which asks the blueprint for names."""

from typing import Any

from django.core.management.commands import sqlmigrate

from tenants.isolation import names, scope


class Command(sqlmigrate.Command):
    def handle(self, *args: Any, **options: Any) -> Any:
        with scope.owner_scope(names.BLUEPRINT_SCHEMA):
            return super().handle(*args, **options)
