"""The place for a virus scanner: what one must offer, and the honest stand-in until a district has one."""

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Protocol

from django.conf import settings


@dataclass(frozen=True)
class Verdict:
    """What a scanner says: `found` names what it recognised; `looked` is false when nothing scanned the file."""

    looked: bool
    found: str = ""


class Scanner(Protocol):
    """Reads a file and says what it found; raises when it cannot, so that the check is tried again, never skipped."""

    def scan(self, path: Path) -> Verdict: ...


class Unscanned:
    """No scanner: the product then says “checked: type and size”, and never “free of viruses”."""

    def scan(self, path: Path) -> Verdict:
        return Verdict(looked=False)


def scanner() -> Scanner:
    """The scanner that the installation names in ATTACHMENT_SCANNER."""
    module, _, name = settings.ATTACHMENT_SCANNER.rpartition(".")
    found: Scanner = getattr(import_module(module), name)()
    return found
