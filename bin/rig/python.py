"""The project's Python environment: made from the hash-pinned lock, once, with whatever Python the machine has."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from rig import console, locks, places
from rig.console import Refusal

WANTED = ("3.13", "3.12", "3.14")  # the first is what the image runs
OFF_THE_PATH = ("/usr/local/bin", "/opt/homebrew/bin")
LOCK = places.ROOT / "requirements" / "dev.txt"
SYSTEM_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
TOOLS = places.VAR / "tools"
STAMP = places.VENV / ".made-from"


def interpreter() -> Path:
    """The environment's Python."""
    return places.VENV / "bin" / "python"


def packages() -> Path:
    """Where the environment keeps what is installed."""
    return next((places.VENV / "lib").glob("python3.*")) / "site-packages"


def is_ready() -> bool:
    """Whether the environment was made from the lock as it stands, and its interpreter is still on the machine."""
    return os.access(interpreter(), os.X_OK) and STAMP.exists() and STAMP.read_text() == fingerprint()


def fingerprint() -> str:
    """The mark of the lock."""
    return hashlib.sha256(LOCK.read_bytes()).hexdigest()


def ensure() -> None:
    """Makes the environment, or brings it up to the lock; two at once wait for each other."""
    if is_ready():
        return
    places.make(places.VAR)
    places.want_room(places.VAR)
    with locks.hold(places.VAR / "venv.lock", wait=True):
        if not is_ready():
            with console.Step("Python environment"):
                _make()


def _make() -> None:
    uv = _uv()
    if not os.access(interpreter(), os.X_OK):
        shutil.rmtree(places.VENV, ignore_errors=True)
        _make_empty(uv)
    STAMP.unlink(missing_ok=True)
    _run([uv, "pip", "sync", "--quiet", "--require-hashes", "--python", str(interpreter()), str(LOCK)])
    STAMP.write_text(fingerprint())


def _make_empty(uv: str) -> None:
    """An empty environment on the machine's best Python, else on one that uv fetches into var/python."""
    argv = [uv, "venv", "--quiet", str(places.VENV), "--python"]
    own = next(found(), None)
    if own:
        return _run([*argv, own])
    try:
        return _run([*argv, WANTED[0]])
    except Refusal as refusal:
        raise Refusal(
            f"This machine has no Python {WANTED[1]} or newer on the path or in pyenv, and none could be fetched.\n"
            f"Install one ({', '.join(f'python{version}' for version in WANTED)}) and start again. {refusal}"
        ) from refusal


def found() -> Iterator[str]:
    """Every Python on this machine that will do, the best first."""
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    for version in WANTED:
        here = [sys.executable] if sys.version_info[:2] == tuple(map(int, version.split("."))) else []
        path = shutil.which(f"python{version}", path=os.pathsep.join((os.environ.get("PATH", ""), *OFF_THE_PATH)))
        kept = (str(home / "bin" / "python3") for home in sorted(pyenv.glob(f"versions/{version}.*"), reverse=True))
        for candidate in (*here, *([path] if path else []), *kept):
            if _is_version(candidate, version):
                yield candidate


def _is_version(python: str, version: str) -> bool:
    """Asks it: pyenv's stand-ins are on the path for versions that are switched off."""
    return _output([python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]) == version


def pin(arguments: list[str]) -> int:
    """bin/lock: writes requirements/*.txt anew from the *.in; --upgrade also lifts what need not change."""
    places.make(places.VAR)
    asked = ["--generate-hashes", "--universal", "--no-emit-index-url", "--no-annotate", "--no-header", "--quiet"]
    folder = places.ROOT / "requirements"
    for name in ("base", "dev"):
        files = [str(folder / f"{name}.in"), "--output-file", str(folder / f"{name}.txt")]
        _run([_uv(), "pip", "compile", "--python-version", WANTED[1], *asked, *files, *arguments])
    return 0


# -- uv, which makes the environment ----------------------------------------------------------------------------------


def _uv() -> str:
    """A uv that works: the machine's, or one brought by pip into var/tools."""
    own = TOOLS / "bin" / "uv"
    for candidate in (shutil.which("uv"), str(own)):
        if candidate and _output([candidate, "--version"]).startswith("uv "):
            return candidate
    _bring_uv()
    return str(own)


def _bring_uv() -> None:
    python = _python_with_pip()
    shutil.rmtree(TOOLS, ignore_errors=True)
    argv = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes"]
    _run([*argv, "--target", str(TOOLS), "--requirement", str(places.ROOT / "requirements" / "uv.txt")])


def _python_with_pip() -> str:
    """Debian's Python comes without pip; root can have it brought."""
    candidates = [sys.executable, *found(), "/usr/bin/python3"]
    for python in candidates:
        if _output([python, "-m", "pip", "--version"]).startswith("pip "):
            return python
    if places.is_root() and shutil.which("apt-get"):
        apt_install("python3-pip")
        return "/usr/bin/python3"
    raise Refusal("This Python has no pip. Install uv or pip first: sudo apt install python3-pip")


def apt_install(*names: str) -> None:
    """Installs packages of the system; for root only."""
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    _run(["apt-get", "update", "-qq"], env=env)
    _run(["apt-get", "install", "-qq", "--yes", "--no-install-recommends", *names], env=env)


def _output(argv: list[str]) -> str:
    """What a program says, or nothing when it fails or is not there."""
    try:
        done = subprocess.run(argv, capture_output=True, text=True, check=False, cwd="/")
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _run(argv: list[str], *, env: dict[str, str] | None = None) -> None:
    own = {"UV_PYTHON_INSTALL_DIR": str(places.VAR / "python"), "UV_NO_PROGRESS": "1", "VIRTUAL_ENV": ""}
    if SYSTEM_CERTIFICATES.exists():
        # A school's network may look into TLS with a certificate of its own, which only the system knows.
        own |= {"UV_SYSTEM_CERTS": "1", "UV_NATIVE_TLS": "1"}
    done = subprocess.run(
        argv, env={**(env or os.environ), **own}, capture_output=True, text=True, check=False, cwd=places.ROOT
    )
    if done.returncode == 0:
        return
    said = (done.stderr.strip() or done.stdout.strip()).splitlines()
    if any("No space left on device" in line for line in said):
        raise Refusal("The disk is full (making the Python environment). Make room and start again; nothing is lost.")
    raise Refusal("\n".join([f"“{Path(argv[0]).name} {argv[1]}” failed:", *(f"  {line}" for line in said[-6:])]))
