"""Where the rig keeps what it makes, and what it says when the machine refuses."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from rig import console, marks, places, product
from rig.console import Refusal


def test_a_folder_closed_to_others_is_seen_from_below(tmp_path: Path) -> None:
    deep = places.make(tmp_path / "closed" / "deep")
    (tmp_path / "closed").chmod(0o700)
    assert not places.is_open_to_all(deep)


@pytest.mark.skipif(not places.is_root(), reason="only root's database runs as another account")
def test_a_closed_project_keeps_its_database_where_its_account_can_go(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    place = places.for_postgres(tmp_path)
    try:
        assert places.is_open_to_all(place)
        assert place.stat().st_uid == 0
        assert place == places.for_postgres(tmp_path)
        place.chmod(0o777)
        with pytest.raises(Refusal, match="not a private folder"):
            places.for_postgres(tmp_path)
    finally:
        place.rmdir()


def test_too_little_room_is_told_before_anything_begins(tmp_path: Path) -> None:
    places.want_room(tmp_path, least=1)
    with pytest.raises(Refusal, match=r"disk is full: \d+ MB are free"):
        places.want_room(tmp_path, least=2**60)


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "The disk is full"), (errno.EACCES, "may not write here"), (errno.EMFILE, "The machine refused")],
)
def test_a_refusal_of_the_machine_becomes_a_line(
    number: int, words: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_: list[str]) -> int:
        raise OSError(number, os.strerror(number), "/some/file")

    monkeypatch.setattr("sys.argv", ["bin/demo"])
    assert console.run(refused) == 1
    said = capsys.readouterr().err
    assert words in said
    assert "/some/file" in said
    assert "Traceback" not in said


def test_a_step_says_when_it_failed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="x"), console.Step("Tables"):
        raise ValueError("x")
    assert "Tables" in capsys.readouterr().out.splitlines()[-1]


def test_stray_settings_of_the_caller_do_not_leak_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEBUG", "yes")
    monkeypatch.setenv("TRUSTED_PROXIES", "10.0.0.1")
    monkeypatch.setenv("LANG", "tlh")
    env = product.environment({"SCHEME": "http"})
    assert not {"DEBUG", "TRUSTED_PROXIES"} & env.keys()
    assert (env["SCHEME"], env["LANG"]) == ("http", "tlh")


@pytest.mark.parametrize("mark", [marks.of_code, marks.of_static_files])
def test_what_was_made_is_made_again_when_its_files_changed(
    mark: Callable[[], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in (*marks.APPS, "static"):
        places.make(tmp_path / folder)
    monkeypatch.setattr(places, "ROOT", tmp_path)
    stamp = tmp_path / "stamp"
    assert not marks.is_current(stamp, mark())
    stamp.write_text(mark())
    assert marks.is_current(stamp, mark())
    (tmp_path / "helpdesk" / "text.py").write_text("x = 1")
    assert not marks.is_current(stamp, mark())


def test_what_was_made_is_made_again_when_a_package_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    before = marks.of_code()
    monkeypatch.setattr("rig.python.fingerprint", lambda: "another lock")
    assert marks.of_code() != before
