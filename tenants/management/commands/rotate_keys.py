"""Seals all data keys under today's master key, or gives districts a new data key."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants import keys
from tenants.models import DataKey, District


class Command(BaseCommand):
    help = (
        "Without arguments: seals every data key under MASTER_KEY; the old one stands in MASTER_KEY_PREVIOUS meanwhile "
        "and may be forgotten afterwards. "
        "With --new: gives a district a new data key for whatever is sealed from now on."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--new", metavar="SLUG", action="append", help="a district that gets a new data key")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["new"]:
            self._issue(options["new"])
        else:
            self._rewrap()

    def _issue(self, slugs: list[str]) -> None:
        for slug in slugs:
            district = District.objects.filter(slug=slug).first()
            if district is None:
                raise CommandError(f"There is no district called {slug}.")
            self.stdout.write(f"{slug} has data key {keys.issue(district).version}.")

    def _rewrap(self) -> None:
        rows = DataKey.objects.order_by("pk")
        try:
            changed = sum(keys.rewrap(row) for row in rows)
        except keys.Unreadable as error:
            raise CommandError(f"{error} Put the master key it was sealed under into MASTER_KEY_PREVIOUS.") from error
        self.stdout.write(f"{changed} data keys were sealed anew, {len(rows) - changed} were so already.")
