"""The browser that tests drive: Playwright's own, else the system's, else one installed for root; never none."""

from __future__ import annotations

import json
import os
import platform
import shutil
from collections.abc import Iterator
from pathlib import Path

from rig import console, places, python
from rig.console import Refusal

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
MAC = (
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
)


def ensure(packages: Path) -> str:
    """The path of a Chromium; an empty text means Playwright knows its own. Refuses when there is none."""
    if has_playwrights_own(packages):
        return ""
    browser = next(systems_own(), None)
    if browser is None and places.is_root() and shutil.which("apt-get"):
        with console.Step("Chromium, from the system's packages"):
            python.apt_install("chromium")
        browser = next(systems_own(), None)
    if browser is None:
        raise Refusal(
            "No Chromium for the browser tests. Install one: sudo apt install chromium, "
            "or var/venv/bin/python -m playwright install chromium"
        )
    return browser


def systems_own() -> Iterator[str]:
    """Every Chromium of the system; CHROMIUM names one that lies elsewhere."""
    chosen = os.environ.get("CHROMIUM")
    if chosen:
        if not os.access(chosen, os.X_OK):
            raise Refusal(f"CHROMIUM names {chosen}, which is no program.")
        yield chosen
    yield from filter(None, map(shutil.which, NAMES))
    yield from (str(path) for path in MAC if path.exists())


def has_playwrights_own(packages: Path) -> bool:
    """Whether Playwright has downloaded the headless Chromium that this version of it wants."""
    wanted = packages / "playwright" / "driver" / "package" / "browsers.json"
    for browser in json.loads(wanted.read_text())["browsers"]:
        if browser["name"] == "chromium-headless-shell":
            folder = _shelf() / f"chromium_headless_shell-{browser['revision']}"
            return (folder / "INSTALLATION_COMPLETE").exists()
    return False


def _shelf() -> Path:
    chosen = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    if chosen:
        return Path(chosen)
    caches = "Library/Caches" if platform.system() == "Darwin" else ".cache"
    return Path.home() / caches / "ms-playwright"
