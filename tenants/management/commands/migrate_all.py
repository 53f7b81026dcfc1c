"""Migrates the platform, the blueprint and every district; resumes where an interrupted run stopped."""

import re
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.migrations import Migration

from tenants.isolation import migrate
from tenants.models import District


class Command(BaseCommand):
    help = "Migrates the platform, the blueprint and every district."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--part", default="0/1", help="only districts, and only every n-th: 0/2 and 1/2 side by side"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        share = _share(options["part"])
        if share.of == 1:
            migrate.platform(self._tell)
            migrate.blueprint(self._tell)
        result = migrate.districts(share, self._tell_of_district)
        for slug, reason in result.failed.items():
            self.stderr.write(self.style.ERROR(f"{slug}: {reason}"))
        if result.failed:
            raise CommandError(f"{len(result.failed)} districts could not be migrated; the others are up to date.")
        self.stdout.write(f"Everything is migrated; {result.migrated} districts had something to do.")

    def _tell(self, action: str, migration: Migration | None = None, fake: bool = False) -> None:
        if action == "apply_success" and migration is not None:
            self.stdout.write(f"  {migration.app_label}.{migration.name}")

    def _tell_of_district(self, district: District, count: int) -> None:
        if count:
            self.stdout.write(f"  {district.slug}: {count}")


def _share(text: str) -> migrate.Share:
    match = re.fullmatch(r"(\d+)/([1-9]\d*)", text)
    if not match or int(match[1]) >= int(match[2]):
        raise CommandError("--part is written as 0/2 or 1/2: which part, of how many.")
    return migrate.Share(int(match[1]), int(match[2]))
