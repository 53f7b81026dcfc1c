"""The browser that bin/test found starts and reaches loopback."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page

from rig import browser, console, places


@pytest.mark.browser
def test_the_browser_starts(page: Page) -> None:
    page.set_content("<h1>Chalk</h1>")
    assert page.get_by_role("heading", name="Chalk").is_visible()


def test_a_machine_without_a_browser_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"PLAYWRIGHT_BROWSERS_PATH": str(tmp_path), "PATH": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(browser, "MAC", ())
    with pytest.raises(console.Refusal, match="sudo apt install chromium"):
        browser.ensure(_packages())


def test_a_browser_that_is_no_program_is_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "nothing"))
    with pytest.raises(console.Refusal, match=r"CHROMIUM names .*nothing"):
        browser.ensure(_packages())


def test_playwrights_own_browser_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    assert not browser.has_playwrights_own(_packages())
    for revision in _wanted_revisions():
        folder = tmp_path / f"chromium_headless_shell-{revision}"
        folder.mkdir()
        (folder / "INSTALLATION_COMPLETE").touch()
    assert browser.ensure(_packages()) == ""


def _packages() -> Path:
    import playwright

    return Path(playwright.__file__).parents[1]


def _wanted_revisions() -> list[str]:
    import json

    wanted = json.loads((_packages() / "playwright/driver/package/browsers.json").read_text())
    return [entry["revision"] for entry in wanted["browsers"] if entry["name"] == "chromium-headless-shell"]


def test_the_rig_lies_in_the_project() -> None:
    assert (places.ROOT / "manage.py").exists()
    assert os.environ["PATH"].startswith(str(places.VENV))
