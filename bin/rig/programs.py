"""The product's own programs: web server, worker, beat."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from rig import places, ports, python
from rig.processes import Process

QUEUES = "default,mail,sync,ai,backup"


def all_of(env: Mapping[str, str], folder: Path, port: int, *, is_ready: Callable[[], bool]) -> list[Process]:
    """Web first: what follows it is stopped before it."""
    schedule = folder / "beat" / "schedule"
    schedule.parent.mkdir(parents=True, exist_ok=True)
    celery = ["celery", "-A", "helpdesk"]
    return [
        _program("web", _web(port), env, folder, is_ready=is_ready),
        _program("worker", [*celery, "worker", "-Q", QUEUES, "--concurrency=2", "--loglevel=INFO"], env, folder),
        # No pid file: after a kill it would keep the next one from starting. The rig sees that there is only one.
        _program("beat", [*celery, "beat", "-s", str(schedule), "--pidfile=", "--loglevel=INFO"], env, folder),
    ]


def _web(port: int) -> list[str]:
    """The production server with the image's own options, on the loopback address."""
    where = ["--host", ports.HOST, "--port", str(port)]
    size = ["--workers", "2", "--blocking-threads", "4"]
    # A worker that is told to stop while it still starts would never hear of it.
    rules = ["--no-ws", "--respawn-failed-workers", "--workers-kill-timeout", "10"]
    return ["granian", "--interface", "wsgi", *size, *rules, *where, "helpdesk.wsgi:application"]


def _program(
    name: str, module: list[str], env: Mapping[str, str], folder: Path, is_ready: Callable[[], bool] = lambda: True
) -> Process:
    return Process(
        name=name,
        argv=[str(python.interpreter()), "-m", *module],
        log=folder / "log" / f"{name}.log",
        record=folder / "run" / f"{name}.json",
        env=env,
        cwd=places.ROOT,
        is_ready=is_ready,
        grace=30,  # longer than the longest job of the demo
    )
