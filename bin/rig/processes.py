"""Processes the rig starts: each in its own session, remembered on disk so that a killed rig leaves none behind."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rig.console import Refusal


@dataclass
class Process:
    """A program to run, how to know that it is ready, and how it wants to be stopped."""

    name: str
    argv: list[str]
    log: Path
    record: Path
    env: Mapping[str, str] = field(default_factory=dict)
    is_ready: Callable[[], bool] = lambda: True
    stop_signal: signal.Signals = signal.SIGTERM
    grace: float = 20
    user: int | None = None
    cwd: Path | None = None
    stdin: bytes = b""
    child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts the program; it is not ready yet."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.child = subprocess.Popen(
                self.argv,
                stdin=subprocess.PIPE if self.stdin else subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=dict(self.env),
                cwd=self.cwd or "/",
                start_new_session=True,  # a Ctrl-C at the terminal reaches the rig alone, which stops all in order
                user=self.user,
                group=self.user,
                extra_groups=None if self.user is None else [],
            )
        _remember(self.record, self.child.pid, self.stop_signal)
        if self.child.stdin:
            with contextlib.suppress(BrokenPipeError), self.child.stdin as pipe:
                pipe.write(self.stdin)

    def is_alive(self) -> bool:
        """Whether the program runs."""
        return self.child is not None and self.child.poll() is None

    def wait_until_ready(self, seconds: float, *, give_up: Callable[[], bool] = lambda: False) -> bool:
        """Waits until it is ready; False when it ended, was too slow, or the caller gave up."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and self.is_alive() and not give_up():
            if self.is_ready():
                return self.is_alive()
            time.sleep(0.03)
        return False

    def ask_to_stop(self) -> None:
        """Signals the parent alone: children signalled in mid-task would drop their work."""
        if self.child and self.is_alive():
            self.child.send_signal(self.stop_signal)

    def finish(self, seconds: float | None = None) -> None:
        """Waits for the end that was asked for, then ends whatever is left of its session."""
        if not self.child:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.child.wait(self.grace if seconds is None else seconds)
        kill_group(self.child.pid)
        self.child.wait()
        self.record.unlink(missing_ok=True)

    def stop(self) -> None:
        """Stops the program and all it started."""
        self.ask_to_stop()
        self.finish()

    def last_words(self, lines: int = 1) -> str:
        """The end of its log."""
        with contextlib.suppress(OSError), self.log.open("rb") as log:
            log.seek(max(0, self.log.stat().st_size - 4096))
            said = [line.strip() for line in log.read().decode(errors="replace").splitlines() if line.strip()]
            return "\n".join(said[-lines:])
        return ""


def explain_failure(process: Process) -> Refusal:
    """Why a program did not come up, from its own log."""
    said = process.last_words(12)
    if "No space left on device" in said:
        return Refusal(f"The disk is full: {process.name} could not start. Make room and start again.")
    last = said.splitlines()[-1] if said else "it said nothing"
    return Refusal(f"{process.name} did not start: {last}\nIts log: {process.log}")


# -- What a killed rig left behind ------------------------------------------------------------------------------------


def _remember(record: Path, pid: int, stop_signal: signal.Signals) -> None:
    record.parent.mkdir(parents=True, exist_ok=True)
    record.write_text(json.dumps({"pid": pid, "born": born(pid), "signal": int(stop_signal)}))


def born(pid: int) -> str:
    """When a process began, so that another with the same number is not taken for it; empty when there is none."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        # The name of the program, in brackets, may hold spaces; the twentieth field after it is the start time.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return _ps(pid, "lstart")
    return "" if fields[0] == "Z" else f"{boot} {fields[19]}"


def command(pid: int) -> str:
    """The command line of a process, empty when there is none."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return _ps(pid, "command")


def _ps(pid: int, column: str) -> str:
    if Path("/proc/self/stat").exists():
        return ""
    return subprocess.run(
        ["ps", "-o", f"{column}=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout.strip()


def sweep(records: Path) -> list[str]:
    """Stops what a killed rig left running, by its records; returns the names. Others' processes are never touched."""
    swept = []
    for record in sorted(records.glob("*.json")):
        with contextlib.suppress(ValueError, KeyError, TypeError):  # a record cut off in the middle says nothing
            if _end_stale(json.loads(record.read_text())):
                swept.append(record.stem)
        record.unlink(missing_ok=True)
    return swept


def _end_stale(found: dict[str, object]) -> bool:
    pid, birth = int(str(found["pid"])), str(found["born"])
    if not birth or born(pid) != birth:
        return False
    end(pid, signal.Signals(int(str(found["signal"]))))
    return True


def end(pid: int, how: signal.Signals, seconds: float = 10) -> None:
    """Ends a process that is not our child: asks first, then ends its whole session."""
    birth = born(pid)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, how)
    until = time.monotonic() + seconds
    while time.monotonic() < until and born(pid) == birth:
        time.sleep(0.05)
    kill_group(pid)


def kill_group(pid: int) -> None:
    """Ends at once whatever is left of the process group that `pid` led."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
