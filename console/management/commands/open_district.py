"""Opens a district: open_district oak "Oak Unified" oak.example.org OU America/Denver eve@oak.example Eve Lund."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from console import districts
from tenants.isolation import provision

FACTS = {
    "slug": "short name in small letters, such as oak",
    "name": "name that people read, such as “Oak Unified”",
    "host": "host name without port, such as oak.helpdesk.example",
    "short_prefix": "two to four capitals before the number of a ticket",
    "time_zone": "such as America/Denver",
    "admin_email": "the first admin's address",
    "admin_given_name": "the first admin's given name",
    "admin_family_name": "the first admin's family name",
}


class Command(BaseCommand):
    """Prints the link by which the first admin sets a password; run it again to get a fresh one."""

    help = "Opens a district with its first admin."

    def add_arguments(self, parser: ArgumentParser) -> None:
        for name, words in FACTS.items():
            parser.add_argument(name, help=words)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            opened = districts.open(**{name: options[name] for name in FACTS})
        except provision.Taken as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        self.stdout.write(f"{opened.district.name} is open.")
        self.stdout.write(f"{opened.admin.name} sets a password here, within a week: {opened.invitation_link}")
