"""Servers that the environment gives are used; of those not given, our own are started and stopped."""

import os
from pathlib import Path

import pytest

from rig import keys, ports, processes, product
from rig.console import Refusal
from rig.demo import Demo
from rig.servers import Servers

GIVEN = {
    "DATABASE_URL": "postgresql://app:pw@db.example/desk",
    "DATABASE_ADMIN_URL": "postgresql://root:pw@db.example/postgres",
    "REDIS_URL": "redis://cache.example/0",
    "S3_ENDPOINT_URL": "https://files.example",
    "S3_ACCESS_KEY_ID": "id",
    "S3_SECRET_ACCESS_KEY": "secret",
    "S3_BUCKET": "desk",
}


def servers(tmp_path: Path, given: dict[str, str]) -> Servers:
    return Servers(tmp_path, tmp_path / "postgres", keys.fresh(), given, careful=False)


def test_what_is_given_is_passed_on_and_nothing_is_started(tmp_path: Path) -> None:
    ours = servers(tmp_path, GIVEN)
    ours.start()
    assert ours.env == GIVEN
    assert ours.started == []


def test_half_an_object_store_is_refused_by_name(tmp_path: Path) -> None:
    given = {name: value for name, value in GIVEN.items() if name != "S3_SECRET_ACCESS_KEY"}
    with pytest.raises(Refusal, match="without S3_SECRET_ACCESS_KEY"):
        servers(tmp_path, given).start()


def test_only_what_is_missing_is_started_and_it_is_stopped_again(tmp_path: Path) -> None:
    given = {name: value for name, value in GIVEN.items() if name != "REDIS_URL"}
    ours = servers(tmp_path, given)
    ours.start()
    try:
        assert [process.name for process in ours.started] == ["Valkey"]
        assert ours.env["REDIS_URL"].startswith(f"redis://:{ours.secrets['REDIS_PASSWORD']}@{ports.HOST}:")
    finally:
        ours.stop()
    child = ours.started[0].child
    assert child
    assert processes.born(child.pid) == ""


def test_the_caller_decides_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in product.settings_read() & set(os.environ):
        monkeypatch.delenv(name)
    assert product.given() == {}
    for name, value in GIVEN.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("SECRET_KEY", "not for the rig")
    assert product.given() == GIVEN


def test_a_demo_on_a_taken_port_touches_nothing(tmp_path: Path) -> None:
    import socket

    with socket.socket() as listener:
        listener.bind((ports.HOST, 0))
        listener.listen()
        demo = Demo(listener.getsockname()[1], tmp_path / "demo")
        with pytest.raises(Refusal, match="is taken"):
            demo._clear(reset=True)
    assert not (tmp_path / "demo").exists()
