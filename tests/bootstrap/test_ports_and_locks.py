"""Taken ports and locks: refused in one line with a way out; what a dead process left is no obstacle."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from rig import console, locks, ports


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind((ports.HOST, 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_taken_port_is_refused_with_one_that_would_do(taken: int) -> None:
    with pytest.raises(console.Refusal, match=rf"Port {taken} is taken .* bin/demo --port (\d+)") as refusal:
        ports.claim(taken)
    assert not ports.is_taken(int(str(refusal.value).rsplit(" ", 1)[1]))


def test_a_free_port_is_claimed_in_silence() -> None:
    ports.claim(ports.free())


def test_a_port_answers_only_as_it_should(taken: int) -> None:
    assert ports.answers(taken)
    assert not ports.answers(ports.free())


def test_a_held_lock_says_who_has_it(tmp_path: Path) -> None:
    with locks.hold(tmp_path / "lock", note="http://localhost:8000"):
        assert locks.is_held(tmp_path / "lock")
        with pytest.raises(locks.Held, match="localhost:8000"), locks.hold(tmp_path / "lock"):
            pytest.fail("two hold one lock")
    assert not locks.is_held(tmp_path / "lock")


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    holder = (
        "import sys; from pathlib import Path; from rig import locks\n"
        "with locks.hold(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    )
    path = tmp_path / "lock"
    child = subprocess.Popen(
        [sys.executable, "-c", holder, str(path)],
        cwd=Path(locks.__file__).parents[1],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert child.stdout
    assert child.stdout.readline() == b"held\n"
    assert locks.is_held(path)
    child.kill()
    child.communicate()
    with locks.hold(path):
        assert path.read_text()
