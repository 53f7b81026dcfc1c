"""Sends each app to its side of the wall: the platform's tables, or those that every district has of its own."""

from typing import Any

from django.db.models import Model

from tenants.isolation import names

# Django's auth and content types are here because their ids are cached by alias: an id of one district would be used
# in another. Nothing in a district refers to them.
PLATFORM_APPS = frozenset({"auth", "contenttypes", "tenants", "console"})


class FloorRouter:
    """One alias for reading, writing and migrating an app; no relation crosses."""

    def db_for_read(self, model: type[Model], **_hints: Any) -> str:
        return alias_of(model._meta.app_label)

    db_for_write = db_for_read

    def allow_relation(self, one: Model, other: Model, **_hints: Any) -> bool:
        return alias_of(one._meta.app_label) == alias_of(other._meta.app_label)

    def allow_migrate(self, db: str, app_label: str, **_hints: Any) -> bool:
        return db == alias_of(app_label)


def alias_of(app_label: str) -> str:
    """The connection where an app's tables live."""
    return names.PLATFORM if app_label in PLATFORM_APPS else names.DISTRICT
