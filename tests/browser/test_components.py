"""The page of components in a real browser: every part, in every look, and what script adds to it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import LOOKS, PHONE, PLAIN, Check, Look, PageAt

pytestmark = pytest.mark.browser

Address = Callable[..., str]


@pytest.fixture
def components(page_at: PageAt, address: Address) -> Callable[..., Page]:
    def go(look: Look = PLAIN, *, script: bool = True) -> Page:
        page = page_at(look, script=script)
        page.goto(address("/components/"))
        return page

    return go


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_axe_finds_nothing_on_any_component_in_any_look(
    components: Callable[..., Page], accessible: Check, look: Look
) -> None:
    accessible(components(look))


def test_no_component_is_wider_than_a_small_phone(components: Callable[..., Page], accessible: Check) -> None:
    accessible(components(Look("light", (320, 640))))


def test_the_own_faces_are_used(components: Callable[..., Page]) -> None:
    page = components()
    page.wait_for_function("document.fonts.status === 'loaded'")
    faces = page.evaluate("[...document.fonts].filter(f => f.status === 'loaded').map(f => [f.family, f.weight])")
    used = {(family.strip('"'), weight) for family, weight in faces}
    assert {("Desk Sans", "400"), ("Desk Sans", "600"), ("Desk Serif", "600")} <= used


MEASURE = """([family, weight]) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`.measured { font: ${weight} 15px/1.45 "${family}"; white-space: nowrap; display: inline-block; }`);
  document.adoptedStyleSheets = [sheet];
  const line = document.createElement("span");
  line.className = "measured";
  line.textContent = "The projector in my room won’t show my Chromebook. The next class needs it on Tuesday.";
  document.querySelector("main").append(line);
  const { width, height } = line.getBoundingClientRect();
  line.remove();
  return [width, height];
}"""


@pytest.mark.parametrize(("family", "weight"), [("Desk Sans", 400), ("Desk Sans", 600), ("Desk Serif", 600)])
def test_no_line_moves_when_a_face_arrives(components: Callable[..., Page], family: str, weight: int) -> None:
    """The face that stands in until ours came is as high, and as wide within 2 %."""
    page = components()
    page.wait_for_function("document.fonts.status === 'loaded'")
    ours, height = page.evaluate(MEASURE, [family, weight])
    until, height_until = page.evaluate(MEASURE, [f"{family} Until", weight])
    assert abs(ours - until) / ours < 0.02
    assert height == height_until


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_the_theme_is_chosen_with_or_without_script_and_stays(components: Callable[..., Page], script: bool) -> None:
    page = components(script=script)
    bar = page.get_by_role("banner")
    bar.get_by_role("button", name="Switch to dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(bar.get_by_role("button", name="Switch to light")).to_be_visible()
    expect(bar.get_by_role("button", name="Switch to dark")).to_be_hidden()
    page.wait_for_load_state("networkidle")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_keys_walk_the_queue_choose_and_show_their_sheet(components: Callable[..., Page], accessible: Check) -> None:
    page = components()
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator(".queue-row[data-cursor] .queue-row-subject").first).to_be_focused()
    page.keyboard.press("x")
    expect(page.locator(".queue-row[data-cursor] input").first).to_be_checked()
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keys on this page")
    expect(sheet).to_be_visible()
    expect(sheet).to_contain_text("Next ticket")
    accessible(page)
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()


def test_single_keys_stay_quiet_while_one_types_and_when_they_are_off(components: Callable[..., Page]) -> None:
    page = components()
    box = page.get_by_label("What is wrong?").first
    box.fill("")
    box.press("?")
    expect(box).to_have_value("?")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.evaluate("document.body.dataset.keys = 'off'; document.activeElement.blur()")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_every_target_on_a_phone_can_be_hit(components: Callable[..., Page]) -> None:
    """WCAG 2.5.8: 24 pixels either way, but for links inside a line of text."""
    page = components(Look("light", PHONE))
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, input, select, textarea, summary, a")]
             .filter(e => e.checkVisibility() && getComputedStyle(e).display !== "inline" && !e.closest(".skip, .sr"))
             .map(e => [e, (e.closest("label") ?? e).getBoundingClientRect()])
             .filter(([, at]) => at.width < 24 || at.height < 24)
             .map(([e]) => e.outerHTML.slice(0, 120))"""
    )
    assert small == []
