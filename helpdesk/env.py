"""Typed readers of environment variables that collect every mistake and report them all at once."""

import base64
import binascii
import os
from collections.abc import Mapping
from urllib.parse import urlsplit

YES = {"1", "true", "yes", "on"}
NO = {"0", "false", "no", "off", ""}


class UnusableEnvironment(SystemExit):
    """The environment cannot be used; the message lists every mistake, one a line."""


class Environment:
    """Reads variables, remembers which were asked for, and keeps mistakes until `check()`."""

    def __init__(self, source: Mapping[str, str] | None = None) -> None:
        self.source = os.environ if source is None else source
        self.mistakes: list[str] = []
        self.asked: list[str] = []

    def text(self, name: str, default: str | None = None) -> str:
        """The value as it stands; without a default the variable is required."""
        self.asked.append(name)
        value = self.source.get(name, "").strip()
        if value:
            return value
        if default is None:
            self.mistakes.append(f"{name} is missing")
            return ""
        return default

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A yes or no word; any other word is a mistake, never a silent no."""
        value = self.text(name, "yes" if default else "no").lower()
        if value not in YES | NO:
            self.mistakes.append(f"{name} must be yes or no, not “{value}”")
        return value in YES

    def number(self, name: str, default: int, *, least: int = 0, most: int = 2**31) -> int:
        """A whole number between `least` and `most`."""
        value = self.text(name, str(default))
        if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
            self.mistakes.append(f"{name} must be a whole number from {least} to {most}, not “{value}”")
            return default
        return int(value)

    def choice(self, name: str, default: str, among: tuple[str, ...]) -> str:
        """One word of a fixed list."""
        value = self.text(name, default)
        if value not in among:
            self.mistakes.append(f"{name} must be one of {', '.join(among)}, not “{value}”")
            return default
        return value

    def url(self, name: str, default: str | None = None, *, schemes: tuple[str, ...]) -> str:
        """An absolute URL with one of the given schemes."""
        value = self.text(name, default)
        parts = urlsplit(value)
        if value and (parts.scheme not in schemes or not parts.netloc):
            self.mistakes.append(f"{name} must be a URL that starts with {' or '.join(f'{s}://' for s in schemes)}")
        return value

    def key(self, name: str, *, size: int = 32, required: bool = True) -> bytes:
        """`size` random bytes, written as base64; none at all if it is missing and not required."""
        value = self.text(name, None if required else "")
        try:
            raw = base64.b64decode(value, validate=True)
        except binascii.Error:
            raw = b""
        if value and len(raw) != size:
            self.mistakes.append(f"{name} must be {size} random bytes in base64")
        return raw

    def refuse(self, mistake: str) -> None:
        """Adds a mistake that only the caller can see."""
        self.mistakes.append(mistake)

    def check(self) -> None:
        """Raises UnusableEnvironment with every mistake found so far."""
        if self.mistakes:
            raise UnusableEnvironment("The environment is not usable:\n" + "\n".join(f"  - {m}" for m in self.mistakes))
