"""bin/test: private servers, a browser, then pytest with whatever arguments came; nothing is left behind."""

from __future__ import annotations

import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from rig import browser, keys, locks, places, processes, product, python
from rig.servers import Servers


def main(arguments: list[str]) -> int:
    """Runs pytest; its number is ours."""
    python.ensure()
    chromium = browser.ensure(python.packages())
    places.want_room(places.VAR)
    sweep_old_runs()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    folder = Path(tempfile.mkdtemp(prefix="test-", dir=places.VAR))
    folder.chmod(0o755)  # PostgreSQL's account must pass through
    try:
        with locks.hold(folder / "lock"):
            return _run(arguments, folder, chromium)
    finally:
        _remove(folder)


def _run(arguments: list[str], folder: Path, chromium: str) -> int:
    secrets = keys.fresh()
    servers = Servers(folder, _database(folder), secrets, product.given(), careful=False)
    try:
        servers.start()
        env = product.environment({**settings(secrets, folder), **servers.env})
        if chromium:
            env["CHROMIUM"] = chromium
        return _pytest(arguments, env)
    finally:
        servers.stop()


def settings(secrets: dict[str, str], folder: Path) -> dict[str, str]:
    """The product's settings under test, besides where its servers are."""
    return {
        "SECRET_KEY": secrets["SECRET_KEY"],
        "MASTER_KEY": secrets["MASTER_KEY"],
        "SCHEME": "http",
        "PLATFORM_HOST": "localhost",
        "SHOW_COMPONENTS": "yes",
        "STATIC_ROOT": str(folder / "static"),
    }


def _pytest(arguments: list[str], env: dict[str, str]) -> int:
    # A Ctrl-C at the terminal reaches pytest by itself; whatever reaches us alone is passed on. Then it ends in order.
    # Set before the start: a shell's background jobs ignore Ctrl-C, and pytest would inherit that.
    signal.signal(signal.SIGINT, lambda *_: None)
    child = subprocess.Popen([python.interpreter(), "-m", "pytest", *arguments], env=env, cwd=places.ROOT)
    signal.signal(signal.SIGTERM, lambda *_: child.send_signal(signal.SIGINT))
    return child.wait()


def _database(folder: Path) -> Path:
    return places.for_postgres() / folder.name / "postgres"


def sweep_old_runs() -> None:
    """Ends the servers and removes the folders of runs that were killed; a living run holds its lock."""
    for folder in places.VAR.glob("test-*"):
        if folder.is_dir() and not _is_being_born(folder) and not locks.is_held(folder / "lock"):
            processes.sweep(folder / "run")
            _remove(folder)


def _is_being_born(folder: Path) -> bool:
    """Whether another run made it just now and has not come to its lock yet."""
    return not (folder / "lock").exists() and places.age(folder) < 60


def _remove(folder: Path) -> None:
    shutil.rmtree(_database(folder).parent, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)
