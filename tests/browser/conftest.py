"""A real browser before the live product: the hosts, the looks every page must bear, and axe."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from helpdesk import assets

# Playwright's own loop runs in the test's thread; Django would take that for an asynchronous view.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

PHONE, LAPTOP, WALL = (390, 844), (1366, 768), (1920, 1080)
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@dataclass(frozen=True)
class Look:
    """How a page is looked at."""

    theme: str
    size: tuple[int, int]

    def __str__(self) -> str:
        return f"{self.theme}-{self.size[0]}"


PLAIN = Look("light", LAPTOP)
LOOKS = [Look(theme, size) for theme in ("light", "dark") for size in (PHONE, LAPTOP, WALL)]

PageAt = Callable[..., Page]
Check = Callable[[Page], None]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """The Chromium that bin/test found; its sandbox does not work for root."""
    found = {"executable_path": os.environ["CHROMIUM"]} if os.environ.get("CHROMIUM") else {}
    return {**browser_type_launch_args, **found, "args": ["--no-sandbox"] if os.geteuid() == 0 else []}


@pytest.fixture
def address(live_server: LiveServer) -> Callable[..., str]:
    """The address of a path on the platform's host, or on a district's: `address("/queue/", "maple")`."""
    port = live_server.url.rpartition(":")[2]
    return lambda path="/", district="": f"http://{district}{'.' if district else ''}localhost:{port}{path}"


@pytest.fixture(scope="session")
def made_files() -> None:
    """The fonts are cut before a page asks for them: on a fresh machine that takes longer than a browser waits."""
    assets.make()


@pytest.fixture
def page_at(browser: Browser, made_files: None) -> Iterator[PageAt]:
    """Opens pages as somebody with their own browser; a script that fails fails the test."""
    contexts, mistakes = [], []

    def open_page(look: Look = PLAIN, *, script: bool = True) -> Page:
        width, height = look.size
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=look.theme,  # type: ignore[arg-type]
            java_script_enabled=script,
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: mistakes.append(str(error)))
        page.on("console", lambda line: mistakes.append(line.text) if "Content Security Policy" in line.text else None)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert mistakes == []


@pytest.fixture(scope="session")
def accessible() -> Check:
    """axe finds nothing on the page as it stands, and nothing sticks out sideways."""
    axe = Axe()

    def check(page: Page) -> None:
        found = axe.run(page, options=RULES).response["violations"]
        told = [f"{each['id']}: {[node['html'][:200] for node in each['nodes']]}" for each in found]
        assert told == [], "\n".join(told)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, "the page scrolls sideways"

    return check
