"""Tells which districts' schemas differ from the blueprint, and in what."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tenants.isolation import shape


class Command(BaseCommand):
    help = "Compares every district's tables and rights with the blueprint."

    def handle(self, *args: Any, **options: Any) -> None:
        drifted = shape.compare()
        for drift in drifted:
            self.stderr.write(self.style.ERROR(f"{drift.slug} differs from the blueprint:"))
            self.stderr.write(
                "\n".join([f"  - {line}" for line in drift.lacks] + [f"  + {line}" for line in drift.has])
            )
        if drifted:
            raise CommandError(f"{len(drifted)} districts differ from the blueprint.")
        self.stdout.write("Every district has the blueprint's shape.")
