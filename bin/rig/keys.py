"""Secrets of this machine's demo: made once, kept in one file that only its owner can read."""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from rig.console import Refusal

KINDS: dict[str, Callable[[], str]] = {
    "SECRET_KEY": lambda: secrets.token_urlsafe(60),
    "MASTER_KEY": lambda: base64.b64encode(secrets.token_bytes(32)).decode(),
    "DATABASE_PASSWORD": lambda: secrets.token_hex(24),
    "DATABASE_ADMIN_PASSWORD": lambda: secrets.token_hex(24),
    "REDIS_PASSWORD": lambda: secrets.token_hex(24),
    "S3_ACCESS_KEY_ID": lambda: f"AK{secrets.token_hex(9).upper()}",
    "S3_SECRET_ACCESS_KEY": lambda: secrets.token_hex(24),
}


def fresh() -> dict[str, str]:
    """A new set of secrets."""
    return {name: make() for name, make in KINDS.items()}


def kept(path: Path) -> dict[str, str]:
    """The secrets in the file at `path`, which is made the first time."""
    if not path.exists():
        _write(path, fresh())
    lines = (line.partition("=") for line in path.read_text().splitlines())
    found = {name: value for name, _, value in lines if value}
    missing = sorted(KINDS.keys() - found.keys())
    if missing:
        # New ones would not open what the old ones sealed.
        raise Refusal(f"{path} lacks {', '.join(missing)}. Put it back, or start over with bin/demo --reset")
    return found


def _write(path: Path, values: dict[str, str]) -> None:
    """Whole or not at all: a full disk or a kill in the middle leaves no half file."""
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.writelines(f"{name}={value}\n" for name, value in values.items())
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
