"""Where things lie: the project, `var/`, and where servers may keep data when root starts them."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import time
from pathlib import Path

from rig.console import Refusal

ROOT = Path(__file__).resolve().parents[2]
VAR = ROOT / "var"
VENV = VAR / "venv"
DEMO = VAR / "demo"

# PostgreSQL refuses to run as root; root starts it as the account that owns nothing.
NOBODY = 65534
LEAST_FREE = 700 * 1024 * 1024


def is_root() -> bool:
    """Whether this process may act as any user."""
    return os.geteuid() == 0


def is_open_to_all(path: Path) -> bool:
    """Whether every account may pass through `path` and all folders above it."""
    there = [folder for folder in (path, *path.parents) if folder.exists()]
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in there)


def for_postgres(var: Path = VAR) -> Path:
    """The folder for PostgreSQL's programs and data: `var/` itself, unless root's server could not reach it there.

    A project under /root, say, is closed to every other account. Then it is a folder of this project's own under
    /var/tmp, which belongs to root so that nobody can put another in its place.
    """
    if not is_root() or is_open_to_all(var):
        return var
    mark = hashlib.sha256(str(var).encode()).hexdigest()[:12]
    place = Path("/var/tmp") / f"chalkdesk-{mark}"  # noqa: S108 -- checked below
    place.mkdir(mode=0o755, exist_ok=True)
    found = place.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != 0 or found.st_mode & 0o022:
        raise Refusal(f"{place} is not a private folder of root. Remove it and start again.")
    place.chmod(0o755)
    return place


def make(folder: Path, mode: int = 0o755) -> Path:
    """Makes a folder and those above it; the folder itself gets exactly `mode`, whatever the umask."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(mode)
    return folder


def age(path: Path) -> float:
    """Seconds since something in the folder, or the file, last changed."""
    return time.time() - path.stat().st_mtime


def want_room(folder: Path, least: int = LEAST_FREE) -> None:
    """Refuses to begin what a full disk would break in the middle."""
    free = shutil.disk_usage(folder).free
    if free < least:
        mb = 1024 * 1024
        raise Refusal(
            f"The disk is full: {free // mb} MB are free at {folder}, {least // mb} MB are needed. "
            "Make room and start again; nothing is lost."
        )
