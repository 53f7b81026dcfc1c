"""The front room in a real browser: a teacher on a small phone, with script and without, and axe on every page."""

from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from accounts.models import User
from tenants.models import District
from tests.browser.conftest import LAPTOP, Check, Look, PageAt
from tests.browser.test_accounts import sign_in
from tests.cast import make_ticket
from tests.tickets.front import make_article
from tickets.desk import assignments, replies, states
from tickets.models import Attachment, Event, Queue, Ticket
from tickets.notify import live, notifications

SMALL_PHONE, PHONE = (360, 740), (390, 844)
LOOKS = [Look(theme, size) for theme in ("light", "dark") for size in (SMALL_PHONE, PHONE, LAPTOP)]
WAYS = pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
State = Ticket.State
At = Callable[[str], str]


@pytest.fixture
def at(address: Callable[..., str], in_maple: District) -> At:
    """A path on Maple's host."""
    return lambda path: address(path, "maple")


@pytest.fixture
def photo() -> FilePayload:
    drawn = BytesIO()
    Image.new("RGB", (320, 240), "darkgreen").save(drawn, "PNG")
    return {"name": "board.png", "mimeType": "image/png", "buffer": drawn.getvalue()}


def the_ticket() -> Ticket:
    return Ticket.objects.get()


@pytest.mark.browser
@WAYS
def test_rita_reports_hears_and_says_that_it_is_still_broken(
    page_at: PageAt, at: At, queue: Queue, rita: User, tomas: User, photo: FilePayload, script: bool
) -> None:
    page = page_at(Look("light", SMALL_PHONE), script=script)
    sign_in(page, at, rita.email)
    page.get_by_label("What is wrong?").fill("The projector shows nothing\nClass at 10:20")
    page.get_by_label("Photo or file").set_input_files(photo)
    if script:
        expect(page.get_by_text("is ready to be sent")).to_be_attached()
    page.get_by_role("button", name="Ask for help").click()
    expect(page.get_by_text("Sent. Its number is MU-")).to_be_visible()
    expect(page.get_by_text("board.png")).to_be_visible()
    ticket = the_ticket()
    assert Attachment.objects.get().message == ticket.messages.get()

    assignments.assign(by=tomas, ticket=ticket, to=tomas, seen=ticket.version)
    states.resolve(by=tomas, ticket=ticket, text="I put in a new cable.", seen=ticket.version + 1)
    page.goto(at("/"))
    expect(page.get_by_text("I put in a new cable.")).to_be_visible()
    page.get_by_text("Still broken").click()
    page.get_by_label("What happens now?").fill("Black again after five minutes")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("It is open again.")).to_be_visible()
    ticket.refresh_from_db()
    assert (ticket.state, ticket.reopen_count) == (State.OPEN, 1)
    page.get_by_role("link", name="The projector shows nothing").click()
    expect(page.get_by_text("Black again after five minutes")).to_be_visible()


@pytest.mark.browser
@WAYS
def test_it_works_in_one_tap(page_at: PageAt, at: At, ticket: Ticket, rita: User, tomas: User, script: bool) -> None:
    states.resolve(by=tomas, ticket=ticket, text="I put in a new cable.", seen=1)
    page = page_at(Look("light", SMALL_PHONE), script=script)
    sign_in(page, at, rita.email)
    page.get_by_role("button", name="It works").click()
    expect(page.get_by_text("We put it away as done.")).to_be_visible()
    ticket.refresh_from_db()
    assert ticket.state == State.CLOSED


@pytest.mark.browser
@WAYS
def test_a_returned_form_keeps_the_words_and_says_why(
    page_at: PageAt, at: At, queue: Queue, rita: User, script: bool
) -> None:
    page = page_at(Look("light", SMALL_PHONE), script=script)
    sign_in(page, at, rita.email)
    page.get_by_text("Somewhere else").click()
    page.get_by_label("Room or place").fill("Hallway by the gym")
    page.get_by_role("button", name="Ask for help").click()
    words = page.get_by_label("What is wrong?")
    expect(page.get_by_text("Say in a few words what is wrong.")).to_be_visible()
    expect(words).to_have_accessible_description("Say in a few words what is wrong.")
    expect(words).to_be_focused()
    expect(page.get_by_label("Room or place")).to_have_value("Hallway by the gym")
    words.fill("الطابعة لا تعمل 🖨️")
    page.get_by_role("button", name="Ask for help").click()
    expect(page.get_by_role("heading", name="الطابعة لا تعمل")).to_be_visible()
    assert the_ticket().place_note == "Hallway by the gym"


@pytest.mark.browser
def test_articles_rise_while_one_types(page_at: PageAt, at: At, queue: Queue, rita: User, tomas: User) -> None:
    make_article(tomas, "Projector says no signal")
    page = page_at(Look("light", LAPTOP))
    sign_in(page, at, rita.email)
    page.get_by_label("What is wrong?").press_sequentially("My projector is dark")
    expect(page.get_by_text("Before you send it, is it one of these?")).to_be_visible()
    expect(page.get_by_role("region", name="Suggestions").get_by_text("Projector says no signal")).to_be_visible()


@pytest.mark.browser
def test_the_answer_comes_to_the_open_page_and_what_is_being_typed_stays(
    page_at: PageAt, at: At, ticket: Ticket, rita: User, tomas: User
) -> None:
    page = page_at(Look("light", SMALL_PHONE))
    sign_in(page, at, rita.email)
    page.goto(at(f"/tickets/{ticket.number}/"))
    page.get_by_label("Your message").fill("It also hums")
    replies.add(by=tomas, ticket=ticket, body="I come at noon")
    wake(ticket)
    expect(page.get_by_text("I come at noon")).to_be_visible(timeout=15_000)
    expect(page.get_by_label("Your message")).to_have_value("It also hums")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("It also hums")).to_be_visible()
    assert ticket.messages.count() == 3


def wake(ticket: Ticket) -> None:
    """What the worker does after a reply; there is none in these tests."""
    live.live(Event.objects.filter(ticket=ticket).select_related("ticket").latest("pk"))


@pytest.fixture
def house(queue: Queue, ticket: Ticket, rita: User, tomas: User) -> dict[str, str]:
    """Every page of the front room, with something on it."""
    asked, resolved, done = (make_ticket(rita, words) for words in ("Which room?", "Fixed?", "Taken back"))
    states.change(by=tomas, ticket=asked, to=State.WAITING_REQUESTER, text="Which room is it?", seen=1)
    states.resolve(by=tomas, ticket=resolved, text="I put in a new cable.", seen=1)
    states.withdraw(by=rita, ticket=done)
    article = make_article(
        tomas, "Projector says no signal", body="## Try this\n\n1. Press **Input**", summary="Two steps."
    )
    for event in Event.objects.all():
        notifications.notify(event)
    return {
        "home": "/",
        "new": f"/tickets/{ticket.number}/?sent",
        "resolved": f"/tickets/{resolved.number}/",
        "over": f"/tickets/{done.number}/",
        "notifications": "/notifications/",
        "articles": "/knowledge/",
        "nothing found": "/knowledge/?q=xyzzy",
        "article": f"/knowledge/{article.slug}/",
    }


@pytest.mark.browser
@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_every_page_is_for_everybody(
    page_at: PageAt, at: At, accessible: Check, house: dict[str, str], rita: User, look: Look
) -> None:
    page = page_at(look)
    sign_in(page, at, rita.email)
    for path in house.values():
        page.goto(at(path))
        accessible(page)
    page.goto(at(house["resolved"]))
    page.get_by_text("Still broken").click()
    page.get_by_role("button", name="Send", exact=True).first.click()
    expect(page.get_by_text("Say in one sentence what still happens")).to_be_visible()
    accessible(page)
    page.goto(at("/"))
    page.get_by_text("Somewhere else").click()
    page.get_by_text("urgent").click()
    page.get_by_role("button", name="Ask for help").click()
    expect(page.get_by_text("Say in a few words what is wrong.")).to_be_visible()
    accessible(page)


@pytest.mark.browser
def test_nothing_sticks_out_at_320_and_every_target_takes_a_thumb(
    page_at: PageAt, at: At, house: dict[str, str], rita: User
) -> None:
    page = page_at(Look("light", (320, 640)))
    sign_in(page, at, rita.email)
    for name, path in house.items():
        page.goto(at(path))
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, name
        assert too_small(page) == [], name


TARGETS = "button, .button, .radio-card, summary, select, textarea, input[type=search], .thing, .back"


def too_small(page: Page) -> list[str]:
    """Buttons and choices below 44 px; links within a sentence are let off (WCAG 2.5.8)."""
    heights = """all => all.filter(each => each.checkVisibility())
        .map(each => [each.getBoundingClientRect().height, each.outerHTML.slice(0, 120)])"""
    found: list[tuple[float, str]] = page.locator(f"main :is({TARGETS})").evaluate_all(heights)
    return [html for height, html in found if height < 43.5]
