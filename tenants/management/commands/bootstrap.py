"""Makes roles, database, schemas and extensions by the administrator's connection; may be run again at any time."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tenants.isolation import bootstrap


class Command(BaseCommand):
    help = "Makes the application's roles, database, schemas and extensions (needs DATABASE_ADMIN_URL)."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        target = bootstrap.Target.of_settings()
        try:
            left_over = bootstrap.bootstrap(settings.DATABASE_ADMIN_URL, target)
        except bootstrap.CannotBootstrap as error:
            raise CommandError(str(error)) from error
        if left_over:
            self.stderr.write(self.style.WARNING(f"A superuser must still run this in database {target.database}:"))
            self.stderr.write("\n".join(f"{statement};" for statement in left_over))
        self.stdout.write(f"Database {target.database} and its roles are ready.")
