"""Takes the teeth out of `manage.py flush`: no command empties all districts. Tests empty them by their own means."""

from typing import Any

from django.db.backends.postgresql.introspection import DatabaseIntrospection
from django.db.backends.postgresql.operations import DatabaseOperations


class Introspection(DatabaseIntrospection):
    """Knows no tables of its own account to flush."""

    def django_table_names(self, only_existing: bool = False, include_views: bool = True) -> list[str]:
        return []

    def sequence_list(self) -> list[dict[str, Any]]:
        return []


class Operations(DatabaseOperations):
    """Has nothing to say when asked how to empty tables."""

    def sql_flush(self, *args: Any, **kwargs: Any) -> list[str]:
        return []
