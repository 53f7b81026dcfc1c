"""The cache: Redis protocol, values as JSON, and no page fails because it is away."""

import json
import logging
from collections.abc import Callable, Iterable
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


class JsonSerializer:
    """Values are plain words and numbers: whoever can write to Redis must not be able to run code here."""

    def dumps(self, value: Any) -> int | bytes:
        # A bare integer is what INCR counts on.
        return value if type(value) is int else json.dumps(value).encode()

    def loads(self, data: bytes) -> Any:
        return json.loads(data)


class ForgivingCache(RedisCache):
    """While the server is away nothing is found and nothing is kept, and a line in the log says so.

    `add` then answers yes: whoever takes a lock by it goes on, as if nobody else held it.
    """

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return _forgive(lambda: super(ForgivingCache, self).get(key, default, version), default)

    def get_many(self, keys: Iterable[str], version: int | None = None) -> dict[str, Any]:
        return _forgive(lambda: super(ForgivingCache, self).get_many(keys, version), {})

    def has_key(self, key: str, version: int | None = None) -> bool:
        return _forgive(lambda: super(ForgivingCache, self).has_key(key, version), False)

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return _forgive(lambda: super(ForgivingCache, self).add(key, value, timeout, version), True)

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        _forgive(lambda: super(ForgivingCache, self).set(key, value, timeout, version), None)

    def set_many(self, data: dict[str, Any], timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> list[Any]:
        return _forgive(lambda: super(ForgivingCache, self).set_many(data, timeout, version), list(data))

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return _forgive(lambda: super(ForgivingCache, self).touch(key, timeout, version), False)

    def delete(self, key: str, version: int | None = None) -> bool:
        return _forgive(lambda: super(ForgivingCache, self).delete(key, version), False)

    def delete_many(self, keys: Iterable[str], version: int | None = None) -> None:
        _forgive(lambda: super(ForgivingCache, self).delete_many(keys, version), None)

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """The new count; `delta` where the count is gone or the server away."""
        return _forgive(lambda: super(ForgivingCache, self).incr(key, delta, version), delta)

    def clear(self) -> None:
        """Refused: it would empty the server's database for every district at once."""
        raise NotImplementedError("entries are dropped by name, never all at once")


def _forgive[Answer](ask: Callable[[], Answer], otherwise: Answer) -> Answer:
    try:
        return ask()
    except (RedisError, ValueError) as error:  # away, or holding what we never wrote
        logger.warning("the cache does not answer: %s", type(error).__name__)
        return otherwise
