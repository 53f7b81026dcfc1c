"""Cursors that put the scope's prelude in front of the first statement, in the same message."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Protocol, Self

from psycopg import Connection
from psycopg.abc import Params, Query
from psycopg.sql import Composable

from tenants.isolation.scope import ScopeError

if TYPE_CHECKING:  # Django's stubs know the cursors of psycopg 2 alone
    from psycopg import ClientCursor, ServerCursor

    Cursor = ClientCursor[Any]
    ServerSideCursor = ServerCursor[Any]
else:
    from django.db.backends.postgresql.base import Cursor, ServerSideCursor


class Guard(Protocol):
    """What a cursor asks of its connection's wrapper."""

    def prelude(self) -> str: ...
    def remember(self) -> None: ...


class GuardedCursor(Cursor):
    """The ordinary cursor. One made by psycopg itself has no guard and works as the login role, which reads nothing."""

    guard: Guard | None = None

    def execute(self, query: Query, params: Params | None = None, **options: Any) -> Self:
        prelude = self.guard.prelude() if self.guard else ""
        if not (self.guard and prelude):
            return super().execute(query, params, **options)  # type: ignore[arg-type]  # one of its overloads
        # One message: a round trip less in a transaction, and outside one PostgreSQL makes the message a transaction of
        # its own, at whose end role and path are gone. There is no % in a prelude, so binding is undisturbed.
        super().execute(prelude + text(query, self.connection), params, **options)
        self.set_result(-1)
        self.guard.remember()
        return self

    def executemany(self, query: Query, params_seq: Iterable[Params], *, returning: bool = False) -> None:
        begin(self, "executemany()")
        super().executemany(query, params_seq, returning=returning)

    def copy(self, statement: Query, params: Params | None = None, **options: Any) -> Any:
        begin(self, "COPY")
        return super().copy(statement, params, **options)

    def stream(self, query: Query, params: Params | None = None, **options: Any) -> Iterator[Any]:
        begin(self, "stream()")
        return super().stream(query, params, **options)


class GuardedServerCursor(ServerSideCursor):
    """The cursor of iterator(): it lives in a transaction, since a holdable one would outlive its scope."""

    guard: Guard | None = None

    def execute(self, query: Query, params: Params | None = None, **options: Any) -> Self:
        begin(self, "iterator()")
        return super().execute(query, params, **options)


def begin(cursor: GuardedCursor | GuardedServerCursor, what: str) -> None:
    """Sends the prelude alone, for statements that cannot be joined with it; refuses them outside a transaction."""
    prelude = cursor.guard.prelude() if cursor.guard else ""
    if not (cursor.guard and prelude):
        return
    if cursor.connection.autocommit:
        raise ScopeError(f"{what} works on a district only inside atomic().")
    cursor.connection.cursor().execute(prelude)
    cursor.guard.remember()


def text(query: Query, connection: Connection[Any]) -> str:
    """The statement as a string, whichever of psycopg's forms it came in."""
    if isinstance(query, Composable):
        return query.as_string(connection)
    return query.decode() if isinstance(query, bytes) else str(query)
