"""Secrets of the demo: made once, private, never made anew over what they sealed."""

import base64
from pathlib import Path

import pytest

from rig import keys
from rig.console import Refusal


def test_they_are_the_same_at_the_second_start(tmp_path: Path) -> None:
    assert keys.kept(tmp_path / "secrets.env") == keys.kept(tmp_path / "secrets.env")


def test_only_the_owner_may_read_them(tmp_path: Path) -> None:
    keys.kept(tmp_path / "secrets.env")
    assert (tmp_path / "secrets.env").stat().st_mode & 0o777 == 0o600


def test_no_two_sets_are_alike() -> None:
    one, other = keys.fresh(), keys.fresh()
    assert all(one[name] != other[name] for name in keys.KINDS)


def test_they_are_what_the_settings_ask_for() -> None:
    fresh = keys.fresh()
    assert len(fresh["SECRET_KEY"]) >= 50
    assert len(base64.b64decode(fresh["MASTER_KEY"], validate=True)) == 32


def test_a_lost_one_is_not_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "secrets.env"
    keys.kept(path)
    path.write_text("".join(line for line in path.open() if not line.startswith("MASTER_KEY")))
    with pytest.raises(Refusal, match="lacks MASTER_KEY"):
        keys.kept(path)


def test_a_start_that_was_killed_while_writing_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "secrets.part").write_text("SECRET_KEY=ha")
    assert set(keys.kept(tmp_path / "secrets.env")) == set(keys.KINDS)
