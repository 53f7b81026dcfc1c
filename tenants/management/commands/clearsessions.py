"""Django's clearsessions, district by district."""

from typing import Any

from django.contrib.sessions.management.commands import clearsessions

from tenants.isolation import each
from tenants.models import District


class Command(clearsessions.Command):
    def handle(self, **options: Any) -> None:
        def clear(_: District) -> None:
            super(Command, self).handle(**options)

        each.for_each_district(clear)
