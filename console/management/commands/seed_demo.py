"""Fills an installation for trying out with the demo districts Maple and Cedar."""

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from console.demo import seeding
from console.demo.plans import PLANS


class Command(BaseCommand):
    """Does nothing where the districts are open; takes up what was interrupted."""

    help = "Opens the demo districts with two years of tickets."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--known-passwords",
            action="store_true",
            help="open districts with a published password also where https is on",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.SCHEME == "https" and not options["known_passwords"]:
            raise CommandError(
                "The password of all demo people is published, and this installation is reached by https. "
                "If that is what you want, add --known-passwords."
            )
        for plan in PLANS:
            if seeding.is_there(plan):
                self.stdout.write(f"{plan.name} is there already.")
                continue
            began = time.monotonic()
            count = seeding.seed(plan, now=timezone.now())
            self.stdout.write(f"{plan.name}: {count} tickets in {time.monotonic() - began:.1f} s.")
