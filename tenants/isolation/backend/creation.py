"""Test databases: made like any other, by bootstrap and migration; Django's way would migrate one alias of the two."""

from typing import Any

from django.conf import settings
from django.db import connections
from django.db.backends.postgresql import creation as postgresql

from tenants.isolation import names

ALIASES = (names.DISTRICT, names.PLATFORM)


class DatabaseCreation(postgresql.DatabaseCreation):
    """Makes one database for both aliases and takes its roles away with it."""

    def create_test_db(self, verbosity: int = 1, *args: Any, keepdb: bool = False, **kwargs: Any) -> str:
        from tenants.isolation import bootstrap, migrate

        name: str = self._get_test_db_name()  # type: ignore[attr-defined]
        if not keepdb:
            bootstrap.remove(settings.DATABASE_ADMIN_URL, name)
        bootstrap.bootstrap(settings.DATABASE_ADMIN_URL, bootstrap.Target.of_settings(name))
        point_to(name)
        migrate.platform()
        migrate.blueprint()
        return name

    def destroy_test_db(
        self, old_database_name: str | None = None, verbosity: int = 1, keepdb: bool = False, suffix: str | None = None
    ) -> None:
        from tenants.isolation import bootstrap

        name = self.connection.settings_dict["NAME"]
        connections.close_all()
        if not keepdb:
            bootstrap.remove(settings.DATABASE_ADMIN_URL, name)
        if old_database_name is not None:
            point_to(old_database_name)


def point_to(name: str) -> None:
    """Turns both aliases to another database."""
    for alias in ALIASES:
        connections[alias].close()
        settings.DATABASES[alias]["NAME"] = name
        connections[alias].settings_dict["NAME"] = name
