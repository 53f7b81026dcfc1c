"""The database engine: PostgreSQL as Django speaks it, where every statement has a scope or is refused.

The state is one attribute, the scope this transaction was told about. It is forgotten wherever PostgreSQL forgets.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.base.base import NO_DB_ALIAS
from django.db.backends.postgresql import base as postgresql
from django.db.backends.postgresql.introspection import DatabaseIntrospection

from tenants.isolation import names, scope
from tenants.isolation.backend import flush
from tenants.isolation.backend.creation import DatabaseCreation
from tenants.isolation.backend.cursors import GuardedCursor, GuardedServerCursor
from tenants.isolation.scope import Scope, ScopeError


class DatabaseWrapper(postgresql.DatabaseWrapper):
    """A connection of one of the two aliases: `platform` has a fixed scope, `default` takes the current one.

    (What is marked for the type checker below are Django's inner methods, which its stubs leave out.)
    """

    creation_class = DatabaseCreation
    introspection_class: type[DatabaseIntrospection] = flush.Introspection
    ops_class = flush.Operations

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.platform_scope: Scope | None = None  # set while the platform's own tables are migrated
        self._applied: Scope | None = None
        self._is_unguarded = self.alias == NO_DB_ALIAS

    # -- What the cursors ask -------------------------------------------------------------------------------------

    def scope(self) -> Scope | None:
        """The scope this connection works in now."""
        if self.alias != names.PLATFORM:
            return scope.current()
        role = names.platform_role(self.settings_dict["NAME"])
        return self.platform_scope or Scope(role, names.PLATFORM_SCHEMA)

    def prelude(self) -> str:
        """What must precede the next statement; nothing if the open transaction has it already."""
        if self._is_unguarded:
            return ""
        wanted = self.scope()
        if wanted is None:
            raise ScopeError("No district, no query: enter district_scope(district) first.")
        if not self.connection.autocommit and self._applied is not None:
            if self._applied == wanted:
                return ""
            self.refuse_switch(wanted)
        return wanted.prelude

    def remember(self) -> None:
        """The prelude has been sent; in a transaction it need not be sent again."""
        if not self.connection.autocommit:
            self._applied = self.scope()

    def refuse_switch(self, wanted: Scope) -> None:
        """Raises ScopeError if a transaction is open."""
        if self._has_open_transaction():
            raise ScopeError(f"A transaction is open: it cannot change to {wanted.schema}.")

    def forget_scope(self) -> None:
        """Tells the next statement to send its prelude again; a transaction that is open keeps what it was told."""
        if not self._has_open_transaction():
            self._applied = None

    def _has_open_transaction(self) -> bool:
        """The one that a test case wraps around everything does not count: in it districts may change."""
        if self.atomic_blocks:
            return any(not block._from_testcase for block in self.atomic_blocks)  # type: ignore[attr-defined]
        return self.connection is not None and not self.autocommit

    # -- Where the scope is forgotten -----------------------------------------------------------------------------

    def connect(self) -> None:
        self._applied = None
        with self.unguarded():  # reads settings and types from the catalogue, as the login role
            super().connect()

    def _set_autocommit(self, autocommit: bool) -> None:
        self._applied = None
        super()._set_autocommit(autocommit)  # type: ignore[misc]

    def _commit(self) -> None:
        self._applied = None
        super()._commit()  # type: ignore[misc]

    def _rollback(self) -> None:
        self._applied = None
        super()._rollback()  # type: ignore[misc]

    def _savepoint_rollback(self, sid: str) -> None:
        self._applied = None  # SET LOCAL is undone with everything else since the savepoint
        with self.unguarded():
            super()._savepoint_rollback(sid)  # type: ignore[misc]

    # -- What needs no scope --------------------------------------------------------------------------------------

    @contextmanager
    def unguarded(self) -> Iterator[None]:
        """Lets statements pass without a prelude: only for such as touch no table by name."""
        before, self._is_unguarded = self._is_unguarded, True
        try:
            yield
        finally:
            self._is_unguarded = before

    def _savepoint(self, sid: str) -> None:
        with self.unguarded():
            super()._savepoint(sid)  # type: ignore[misc]

    def _savepoint_commit(self, sid: str) -> None:
        with self.unguarded():
            super()._savepoint_commit(sid)  # type: ignore[misc]

    def check_constraints(self, table_names: Iterable[str] | None = None) -> None:
        with self.unguarded():
            super().check_constraints(table_names)

    # -- How connections, cursors and callbacks are made ------------------------------------------------------------

    def get_connection_params(self) -> dict[str, Any]:
        refused = {"assume_role", "server_side_binding"} & set(self.settings_dict["OPTIONS"])
        if refused:  # the one outlives its transaction, the other takes no prelude
            raise ImproperlyConfigured(f"This database engine does not work with {', '.join(sorted(refused))}.")
        return super().get_connection_params() | {"cursor_factory": GuardedCursor}

    def create_cursor(self, name: str | None = None) -> GuardedCursor | GuardedServerCursor:
        cursor = self._server_cursor(name) if name else super().create_cursor()
        cursor.guard = self
        return cursor

    def _server_cursor(self, name: str) -> GuardedServerCursor:
        return GuardedServerCursor(self.connection, name=name, scrollable=False, withhold=self.connection.autocommit)

    def on_commit(self, func: Callable[[], Any], robust: bool = False) -> None:
        """As Django's, and the callback finds the scope it was registered in."""
        registered_in = scope.current()
        if registered_in is None:
            return super().on_commit(func, robust)

        @wraps(func)
        def in_scope() -> None:
            with scope.enter(registered_in):
                func()

        return super().on_commit(in_scope, robust)
