"""A real Celery worker on the test database, which a test may kill."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
import redis
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[1]
COMMAND = ["-m", "celery", "-A", "helpdesk", "worker", "-c", "2", "-l", "WARNING", "-Q", "default"]


class Worker:
    """Started and killed by the test; its words go to a file."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, *COMMAND],
            cwd=ROOT,
            env=os.environ | {"DATABASE_URL": database_url(), "PYTHONUNBUFFERED": "1"},
            stdout=self.log.open("ab"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def kill(self) -> None:
        """As a power cut would: the parent and its children, with no word to say."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Worker]:
    running = Worker(tmp_path / "worker.log")
    broker().flushdb()
    yield running
    running.kill()


def database_url() -> str:
    """The address of the database that this test run works on."""
    each = connection.settings_dict
    login = f"{quote(each['USER'])}:{quote(each['PASSWORD'])}"
    return f"postgresql://{login}@{each['HOST']}:{each['PORT']}/{each['NAME']}"


def broker() -> "redis.Redis":
    return redis.Redis.from_url(settings.BROKER_URL)


def wait_until(question: Callable[[], bool], *, seconds: float = 60) -> None:
    """Waits for a condition; fails the test when it does not come true in time."""
    deadline = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < deadline, f"the condition never came true: {question}"
        time.sleep(0.05)
