"""Django's entry for the tenants floor."""

from django.apps import AppConfig
from django.core.checks import Tags, register


class TenantsConfig(AppConfig):
    name = "tenants"

    def ready(self) -> None:
        from tenants.isolation import checks, lint

        register(checks.isolation_holds, Tags.database)
        register(lint.district_migrations_can_be_run, Tags.models)
