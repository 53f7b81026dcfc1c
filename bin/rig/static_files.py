"""Whether the collected static files are still those of the tree."""

from __future__ import annotations

import hashlib
from pathlib import Path

from rig import places, python


def mark() -> str:
    """A text that changes whenever a static file, what makes one, or an installed package does."""
    digest = hashlib.sha256(python.fingerprint().encode())
    for path in sorted([*_files(places.ROOT / "static"), *(places.ROOT / "helpdesk").glob("*.py")]):
        found = path.stat()
        digest.update(f"{path.relative_to(places.ROOT)} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def are_collected(root: Path) -> bool:
    """Whether `root` was collected from the tree as it stands."""
    stamp = _stamp(root)
    return stamp.exists() and stamp.read_text() == mark()


def note_collected(root: Path, made_from: str) -> None:
    """Remembers what `root` was collected from."""
    _stamp(root).write_text(made_from)


def _stamp(root: Path) -> Path:
    return root.with_name(root.name + ".made-from")
