"""Locks that die with their holder: the kernel lets go when a process ends, so none is ever stale."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path


class Held(Exception):
    """Somebody alive holds the lock; the message is what they left in it."""


@contextlib.contextmanager
def hold(path: Path, *, wait: bool = False, note: str = "") -> Iterator[None]:
    """Holds the lock at `path` for a block; `note` tells others who has it. Raises Held unless `wait` is set."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError as error:
            file.seek(0)
            raise Held(file.read().strip()) from error
        file.truncate(0)
        file.write(note or f"pid {os.getpid()}")
        file.flush()
        yield


def is_held(path: Path) -> bool:
    """Whether a living process holds the lock at `path`."""
    if not path.exists():
        return False
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
