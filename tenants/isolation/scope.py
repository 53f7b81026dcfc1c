"""The scope: whose rows the code at hand may touch. Without one no statement reaches a district's tables."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar, copy_context
from dataclasses import dataclass
from typing import Protocol, cast

from django.db import connections

from tenants.isolation import names


class ScopeError(RuntimeError):
    """A statement without a district, or a change of district inside a transaction."""


@dataclass(frozen=True, slots=True)
class Scope:
    """A database role and the schema it works in."""

    role: str
    schema: str
    district_id: int | None = None

    @property
    def prelude(self) -> str:
        """What PostgreSQL is told before the first statement; it holds until the transaction ends, never longer."""
        return f'SET LOCAL ROLE "{self.role}"; SET LOCAL search_path TO "{self.schema}", {names.EXTENSIONS_SCHEMA}; '


class HasId(Protocol):
    """Anything with a district's id; the models may not be imported by the backend."""

    @property
    def pk(self) -> int: ...


class Switchable(Protocol):
    """What a connection of our backend offers to this module."""

    def refuse_switch(self, scope: Scope) -> None: ...
    def forget_scope(self) -> None: ...


_current: ContextVar[Scope | None] = ContextVar("scope", default=None)


def current() -> Scope | None:
    """The scope in force here, or None. It does not follow into a new thread."""
    return _current.get()


def required() -> Scope:
    """The scope in force; raises ScopeError when there is none."""
    scope = current()
    if scope is None:
        raise ScopeError("No district: enter district_scope(district) first.")
    return scope


@contextmanager
def enter(scope: Scope) -> Iterator[Scope]:
    """Works in `scope` until the block ends; raises ScopeError if a transaction of another scope is open."""
    if scope == current():
        yield scope
        return
    connection = cast("Switchable", connections[names.DISTRICT])
    connection.refuse_switch(scope)
    connection.forget_scope()
    token = _current.set(scope)
    try:
        yield scope
    finally:
        _current.reset(token)
        connection.forget_scope()


@contextmanager
def left() -> Iterator[None]:
    """Works without any scope until the block ends."""
    token = _current.set(None)
    try:
        yield
    finally:
        _current.reset(token)


def district_scope(district: HasId) -> AbstractContextManager[Scope]:
    """Works for one district, with its role and in its schema."""
    return district_scope_by_id(district.pk)


def district_scope_by_id(district_id: int) -> AbstractContextManager[Scope]:
    """The same by id: names follow from the id, so no query is needed; an unknown id is refused by the database."""
    role = names.district_role(database(), district_id)
    return enter(Scope(role, names.district_schema(district_id), district_id))


def owner_scope(schema: str, district_id: int | None = None) -> AbstractContextManager[Scope]:
    """Works as the owner of all schemas: for provisioning, migration and the sweeper, never for a request."""
    return enter(Scope(names.owner_role(database()), schema, district_id))


def database() -> str:
    """The name of the database in use; tests change it at run time."""
    return str(connections[names.DISTRICT].settings_dict["NAME"])


def stream[Chunk](scope: Scope, content: Iterable[Chunk]) -> Iterator[Chunk]:
    """Yields `content`, which is read after the request's scope has ended, chunk by chunk in `scope`."""
    context = copy_context()
    context.run(_current.set, scope)
    chunks = iter(content)
    end = object()
    while (chunk := context.run(next, chunks, end)) is not end:
        yield cast("Chunk", chunk)
