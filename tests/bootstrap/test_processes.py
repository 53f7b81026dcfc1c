"""Processes of the rig: ready, stopped with all their children, and swept when the rig itself was killed."""

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rig import processes
from rig.processes import Process
from rig.supervisor import Supervisor, Ward

# Starts a child of its own, tells its number, and waits.
PARENT = (
    "import subprocess, sys, time; c = subprocess.Popen(['sleep', '600']); print(c.pid, flush=True); time.sleep(600)"
)

Make = Callable[..., Process]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    made: list[Process] = []

    def process(code: str, name: str = "thing", **fields: object) -> Process:
        log, record = tmp_path / f"{name}.log", tmp_path / "run" / f"{name}.json"
        made.append(Process(name, [sys.executable, "-uc", code], log, record, grace=5, **fields))  # type: ignore[arg-type]
        return made[-1]

    yield process
    for one in made:
        if one.child:
            processes.kill_group(one.child.pid)
            one.child.wait()


def has_spoken(process: Process) -> bool:
    return bool(process.last_words())


def started(process: Process) -> Process:
    process.is_ready = lambda: has_spoken(process)
    process.start()
    assert process.wait_until_ready(30)
    return process


def pid_of(process: Process) -> int:
    assert process.child
    return process.child.pid


def is_gone(pid: int) -> bool:
    """Waits a little: a killed process needs a moment to die."""
    until = time.monotonic() + 10
    while processes.born(pid) and time.monotonic() < until:
        time.sleep(0.01)
    return not processes.born(pid)


def test_stopping_leaves_no_child_behind(make: Make) -> None:
    process = started(make(PARENT))
    child = int(process.last_words())
    process.stop()
    assert is_gone(child)
    assert not process.record.exists()


def test_a_program_that_ends_at_once_is_not_ready_and_its_last_words_are_told(make: Make) -> None:
    process = make("raise SystemExit('no such table')", is_ready=lambda: False)
    process.start()
    assert not process.wait_until_ready(30)
    assert "no such table" in str(processes.explain_failure(process))


def test_a_full_disk_is_called_by_its_name(make: Make) -> None:
    process = make("raise SystemExit('could not write: No space left on device')", is_ready=lambda: False)
    process.start()
    process.wait_until_ready(30)
    assert str(processes.explain_failure(process)).startswith("The disk is full")


def test_what_a_killed_rig_left_is_swept_with_its_children(make: Make, tmp_path: Path) -> None:
    process = started(make(PARENT))
    child = int(process.last_words())
    assert process.child
    assert processes.sweep(tmp_path / "run") == ["thing"]
    process.child.wait(10)
    assert is_gone(child)
    assert not list((tmp_path / "run").iterdir())


def test_a_stranger_with_a_dead_programs_number_is_left_alone(make: Make, tmp_path: Path) -> None:
    process = started(make(PARENT))
    process.record.write_text(json.dumps({"pid": pid_of(process), "born": "long ago", "signal": int(signal.SIGTERM)}))
    assert processes.sweep(tmp_path / "run") == []
    assert process.is_alive()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": 1}', '{"pid": "x", "born": "y", "signal": 15}'])
def test_a_record_cut_off_in_the_middle_is_thrown_away(tmp_path: Path, text: str) -> None:
    (tmp_path / "thing.json").write_text(text)
    assert processes.sweep(tmp_path) == []
    assert not list(tmp_path.iterdir())


def test_a_program_that_died_is_started_again_after_a_pause(make: Make) -> None:
    process = started(make(PARENT))
    first, child = pid_of(process), int(process.last_words())
    ward = Ward(process)
    os.kill(first, signal.SIGKILL)
    assert process.child
    process.child.wait(10)
    now = ward.started_at
    ward.look(now)
    assert ward.due_at == now + 0.5
    ward.look(now + 0.4)
    assert pid_of(process) == first
    ward.look(now + 0.6)
    assert pid_of(process) != first
    assert process.is_alive()
    assert is_gone(child)


def test_each_death_makes_the_pause_longer_up_to_a_limit(make: Make) -> None:
    process = make("raise SystemExit(1)")
    process.start()
    ward = Ward(process)
    now, pauses = ward.started_at, []
    for _ in range(8):
        assert process.child
        process.child.wait(10)
        ward.look(now)
        assert ward.due_at is not None
        pauses.append(ward.due_at - now)
        now = ward.due_at
        ward.look(now)
    assert [round(pause, 1) for pause in pauses] == [0.5, 1, 2, 4, 8, 16, 30, 30]


def test_the_last_started_is_stopped_first(make: Make, tmp_path: Path) -> None:
    says = (
        "import signal, sys; signal.signal(15, lambda *_: (open({!r}, 'a').write({!r}), sys.exit()))\n"
        "print(1); signal.pause()"
    )
    order = tmp_path / "order"
    supervisor = Supervisor()
    for name in ("a", "b", "c"):
        supervisor.adopt(started(make(says.format(str(order), name), name)))
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        supervisor.stop()
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    assert order.read_text() == "cba"
