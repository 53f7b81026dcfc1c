"""Runs a data migration in one district after another, on models that are rendered once."""

from functools import cached_property

from django.db import connections, migrations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from tenants.isolation import names


class Replay:
    """The migrations of the code, and the models as each found them."""

    def __init__(self) -> None:
        self._states: dict[tuple[str, str], ProjectState] = {}

    def run(self, app: str, name: str) -> None:
        """Runs one migration in the scope and transaction that are open."""
        migration = self._loader.disk_migrations[app, name]
        state = self._state_before(app, name)
        with connections[names.DISTRICT].schema_editor(atomic=False) as editor:
            if not all(isinstance(each, migrations.RunPython) for each in migration.operations):
                migration.apply(state.clone(), editor)  # another house's migration: slow, but whole
                return
            for operation in migration.operations:
                operation.database_forwards(app, editor, state, state)

    @cached_property
    def _loader(self) -> MigrationLoader:
        return MigrationLoader(None, replace_migrations=False)

    def _state_before(self, app: str, name: str) -> ProjectState:
        if (app, name) not in self._states:
            self._states[app, name] = self._loader.project_state((app, name), at_end=False)
        return self._states[app, name]
