"""Marks of the tree: whether what was once made from certain files would come out the same today."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from rig import places, python

APPS = ("helpdesk", "tenants", "accounts", "tickets", "console")


def of_static_files() -> str:
    """Changes with every static file, with the code that makes some, and with the installed packages."""
    return _mark(_files("static"), _files("helpdesk", ".py"))


def of_code() -> str:
    """Changes with every file of the product's code and with the installed packages."""
    return _mark(*(_files(app, ".py") for app in APPS))


def is_current(stamp: Path, mark: str) -> bool:
    """Whether the stamp bears this mark."""
    with suppress(OSError):
        return stamp.read_text() == mark
    return False


def _mark(*groups: Iterator[Path]) -> str:
    digest = hashlib.sha256(python.fingerprint().encode())
    for path in sorted(path for group in groups for path in group):
        found = path.stat()
        digest.update(f"{path.relative_to(places.ROOT)} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _files(folder: str, suffix: str = "") -> Iterator[Path]:
    here = (path for path in (places.ROOT / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return (path for path in here if path.name.endswith(suffix))
