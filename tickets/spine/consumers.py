"""The consumers of the event log: who hears which kinds of event."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from tickets.models import Event

Effect = Callable[[], None]


@dataclass(frozen=True)
class Consumer:
    """One listener.

    `work` runs inside the transaction that marks the duty done, unless `outside` is set: then it runs without any
    transaction, may take up to `lease`, and returns the effect to apply inside it, or None.
    """

    name: str
    kinds: frozenset[str]
    work: Callable[[Event], Effect | None]
    outside: bool
    lease: timedelta


_consumers: dict[str, Consumer] = {}


def consumer(
    name: str, *, kinds: Iterable[str], outside: bool = False, lease: timedelta = timedelta(minutes=2)
) -> Callable[[Callable[[Event], Effect | None]], Callable[[Event], Effect | None]]:
    """Registers the function as the consumer of that name; names are stored with duties and must not change."""

    def register(work: Callable[[Event], Effect | None]) -> Callable[[Event], Effect | None]:
        if name in _consumers:
            raise ValueError(f"two consumers are named {name}")
        _consumers[name] = Consumer(name, frozenset(kinds), work, outside, lease)
        return work

    return register


def named(name: str) -> Consumer | None:
    """The consumer of that name, or None when only newer code knows it."""
    return _consumers.get(name)


def of(kind: str) -> list[Consumer]:
    """Who hears that kind of event, in the order of registration."""
    return [each for each in _consumers.values() if kind in each.kinds]
