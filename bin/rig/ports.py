"""Loopback ports: finding a free one, asking for a certain one."""

from __future__ import annotations

import socket

from rig.console import Refusal

HOST = "127.0.0.1"


def free() -> int:
    """A port nobody uses now; another program may still take it first, so a server that cannot bind asks again."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def is_taken(port: int) -> bool:
    """Whether a server could not listen on this port of the loopback address."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError as error:
            raise Refusal(f"Port {port} is reserved for root. Choose one above 1023: bin/demo --port 8000") from error
        except OSError:
            return True
    return False


def claim(port: int) -> None:
    """Refuses a taken port by name, with one that would do."""
    if is_taken(port):
        raise Refusal(f"Port {port} is taken by another program. Choose another one: bin/demo --port {free_near(port)}")


def free_near(port: int) -> int:
    """The next higher port that is free."""
    return next((other for other in range(port + 1, min(port + 100, 65536)) if not is_taken(other)), free())


def answers(port: int, *, question: bytes = b"", answer: bytes = b"") -> bool:
    """Whether something listens, and says what it should when asked."""
    try:
        with socket.create_connection((HOST, port), timeout=2) as line:
            line.sendall(question)
            return not answer or line.recv(64).startswith(answer)
    except OSError:
        return False
