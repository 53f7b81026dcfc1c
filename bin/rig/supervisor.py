"""Keeps the demo's programs running: starts again what dies, stops all in order."""

from __future__ import annotations

import signal
import threading
import time
from dataclasses import dataclass, field

from rig import console, processes
from rig.processes import Process

LONGEST_PAUSE = 30.0
HEALTHY_AFTER = 60.0


@dataclass
class Ward:
    """One program and how often it died of late."""

    process: Process
    started_at: float = field(default_factory=time.monotonic)
    deaths: int = 0
    due_at: float | None = None

    def look(self, now: float) -> None:
        """Notes a death, and starts again when the pause is over: longer after each death, so that none spins."""
        if self.process.is_alive():
            return
        if self.due_at is None:
            self.deaths = 1 if now - self.started_at > HEALTHY_AFTER else self.deaths + 1
            pause = min(LONGEST_PAUSE, 0.5 * 2 ** (self.deaths - 1))
            self.due_at = now + pause
            console.warn(f"{self.process.name} ended; it starts again in {pause:g} s. Its log: {self.process.log}")
        elif now >= self.due_at:
            self._start_again(now)

    def _start_again(self, now: float) -> None:
        if self.process.child:
            processes.kill_group(self.process.child.pid)  # its children may still hold its port
        self.process.start()
        self.started_at, self.due_at = now, None


class Supervisor:
    """Watches over programs until a signal asks for the end."""

    def __init__(self) -> None:
        self.wards: list[Ward] = []
        self.asked_to_stop = threading.Event()

    def start(self, process: Process) -> None:
        """Starts a program and watches over it from now on."""
        process.start()
        self.adopt(process)

    def adopt(self, process: Process) -> None:
        """Watches over a program that runs already."""
        self.wards.append(Ward(process))

    def watch(self) -> None:
        """Returns when the end was asked for."""
        while not self.asked_to_stop.wait(0.3):
            self.look()

    def look(self) -> None:
        """One look at every program."""
        for ward in self.wards:
            ward.look(time.monotonic())

    def stop(self) -> None:
        """Stops the last started first: who uses a server goes before the server. A second signal shortens the wait."""
        hurry = _second_signal()
        for ward in reversed(self.wards):
            ward.process.ask_to_stop()
            until = time.monotonic() + ward.process.grace
            while ward.process.is_alive() and time.monotonic() < until and not hurry.is_set():
                time.sleep(0.02)
            ward.process.finish(0)


def _second_signal() -> threading.Event:
    hurry = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: hurry.set())
    return hurry
