"""What a person at the terminal sees: steps with their time, refusals in one line, never a traceback."""

from __future__ import annotations

import errno
import os
import sys
import threading
import time
from typing import Callable, TextIO


class Refusal(Exception):
    """Something a person must put right; the message says what and how, and is all they see."""


class Step:
    """One line of progress: its name at once, its time at the end, the latest news between on a terminal."""

    def __init__(self, name: str, out: TextIO | None = None) -> None:
        self.name = name
        self.out = out or sys.stdout
        self.live = self.out.isatty()
        self.news = ""
        self._over = threading.Event()
        self._pulse = threading.Thread(target=self._keep_alive, daemon=True)

    def __enter__(self) -> Step:  # noqa: PYI034 -- Self is younger than the oldest Python this runs on
        self._began = time.monotonic()
        self._write(self.name + " ..." if self.live else self.name + " ...\n")
        self._pulse.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._over.set()
        self._pulse.join()
        took = f"{time.monotonic() - self._began:5.1f} s"
        end = took if kind is None else "stopped"
        self._write(f"\r\033[K{self.name:<44}{end}\n" if self.live else f"{self.name:<44}{end}\n")

    def tell(self, news: str) -> None:
        """Remembers the latest line of a long step, to be shown beside it."""
        self.news = news.strip() or self.news

    def _keep_alive(self) -> None:
        pause = 0.5 if self.live else 15
        while not self._over.wait(pause):
            seconds = time.monotonic() - self._began
            if self.live:
                self._write(f"\r\033[K{self.name} ... {seconds:.0f} s  {self.news[:60]}")
            else:
                self._write(f"  still at it after {seconds:.0f} s  {self.news}\n")

    def _write(self, text: str) -> None:
        self.out.write(text)
        self.out.flush()


def say(text: str = "") -> None:
    """One line, at once."""
    print(text, flush=True)


def warn(text: str) -> None:
    """One line to the error stream, at once."""
    print(text, file=sys.stderr, flush=True)


def explain(error: OSError) -> str:
    """An operating system's refusal in words that say what to do."""
    where = f" ({error.filename})" if error.filename else ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk is full{where}. Make room and start again; nothing is lost."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"This account may not write here{where}. Start as the account that made var/, or remove var/."
    return f"The machine refused{where}: {error.strerror or error}"


def run(main: Callable[[list[str]], int]) -> int:
    """Runs a command's main function; what goes wrong ends in a line and a number."""
    try:
        return main(sys.argv[1:])
    except Refusal as refusal:
        warn(str(refusal))
    except BrokenPipeError:
        # Who read our output has gone; there is nobody left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        warn(explain(error))
    except KeyboardInterrupt:
        warn("Stopped.")
        return 130
    return 1
