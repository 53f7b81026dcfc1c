"""The desk in a real browser: Tomas works a ticket by keyboard alone, and once more without script."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.browser.conftest import LOOKS, PHONE, PLAIN, Check, Look, PageAt
from tests.cast import Place, make_ticket
from tickets.desk import assignments, replies
from tickets.models import Device, Message, Queue, Ticket

pytestmark = pytest.mark.browser

Address = Callable[..., str]
DeskOf = Callable[..., Page]
State = Ticket.State


@pytest.fixture
def desk_of(page_at: PageAt, address: Address) -> DeskOf:
    """A browser in which somebody is signed in, at a path of Maple's host."""

    def go(person: User, path: str, look: Look = PLAIN, *, script: bool = True) -> Page:
        client = Client(headers={"host": "maple.localhost"})
        client.force_login(person)
        page = page_at(look, script=script)
        value = client.cookies["session"].value
        page.context.add_cookies([{"name": "session", "value": value, "domain": "maple.localhost", "path": "/"}])
        page.goto(address(path, "maple"))
        return page

    return go


@pytest.fixture
def projector(queue: Queue, rita: User, lincoln: Place) -> Ticket:
    device = Device.objects.create(
        asset_tag="MU-20417", kind="display", model="Epson", person=rita, room=lincoln.room, fetched_at=timezone.now()
    )
    at = timezone.now() - timedelta(hours=2)
    return make_ticket(rita, "The projector shows nothing", room=lincoln.room, device=device, at=at)


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def path(ticket: Ticket) -> str:
    return f"/tickets/{ticket.number}/"


def test_tomas_takes_answers_and_resolves_by_keyboard_alone(desk_of: DeskOf, projector: Ticket, tomas: User) -> None:
    page = desk_of(tomas, "/queue/?view=unassigned")
    page.keyboard.press("j")
    page.keyboard.press("o")
    expect(page.get_by_role("heading", level=1)).to_have_text("The projector shows nothing")
    page.keyboard.press("a")
    expect(page.locator("#head")).to_contain_text("Tomas Reyes")
    page.keyboard.press("n")
    expect(page.locator("#composer-to")).to_contain_text("never by Rita")
    page.keyboard.type("It is the switcher.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_label("Internal note by Tomas Reyes, staff only")).to_contain_text("It is the switcher.")
    expect(page.locator(".saved")).to_be_focused()
    page.keyboard.press("r")
    page.keyboard.type("I am on my way.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_label("Public message by Tomas Reyes")).to_contain_text("I am on my way.")
    expect(page.locator(".saved")).to_be_focused()
    page.keyboard.press("e")
    page.keyboard.type("New lamp.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#head")).to_contain_text("Resolved")
    done = fresh(projector)
    assert (done.state, done.resolution_text, done.assignee) == (State.RESOLVED, "New lamp.", tomas)
    assert list(done.messages.values_list("kind", "body"))[1:] == [
        ("internal", "It is the switcher."),
        ("public", "I am on my way."),
        ("public", "New lamp."),
    ]


def test_tomas_works_the_same_ticket_without_script(desk_of: DeskOf, projector: Ticket, tomas: User) -> None:
    page = desk_of(tomas, "/queue/?view=unassigned", script=False)
    page.get_by_role("link", name="The projector shows nothing").click()
    page.get_by_role("button", name="Take it").click()
    expect(page.locator("#head")).to_contain_text("Tomas Reyes")
    page.get_by_role("radio", name="Note").check(force=True)
    page.get_by_label("Message", exact=True).fill("It is the switcher.")
    page.get_by_role("button", name="Keep as internal note").click()
    expect(page.get_by_label("Internal note by Tomas Reyes, staff only")).to_contain_text("It is the switcher.")
    page.get_by_label("Message", exact=True).fill("Which wall plate is it?")
    page.get_by_label("And set the state").select_option(label="Waiting on Rita")
    page.get_by_role("button", name="Send to Rita").click()
    expect(page.locator("#head")).to_contain_text("Waiting on requester")
    page.get_by_role("button", name="Normal").click()
    page.get_by_label("Who is held up?").select_option(label="A school")
    page.get_by_role("button", name="Set the priority").click()
    expect(page.locator("#head")).to_contain_text("High")
    page.get_by_role("button", name="Resolve").first.click()
    page.get_by_label("How was it solved?").fill("New lamp.")
    page.locator("#pop-resolution").get_by_role("button", name="Resolve").click()
    expect(page.locator("#head")).to_contain_text("Resolved")
    assert fresh(projector).resolution_text == "New lamp."


def test_a_form_that_lacks_something_comes_back_without_script_too(
    desk_of: DeskOf, projector: Ticket, tomas: User
) -> None:
    page = desk_of(tomas, f"{path(projector)}state/", script=False)
    page.get_by_role("radio", name="Waiting on Rita").check()
    page.get_by_role("button", name="Set the state").click()
    expect(page.get_by_text("Write to the requester what you are waiting for.")).to_be_visible()
    assert fresh(projector).state == State.NEW


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_whoever_is_second_is_told_and_loses_no_word(
    desk_of: DeskOf, projector: Ticket, tomas: User, ana: User, accessible: Check, script: bool
) -> None:
    page = desk_of(tomas, path(projector), script=script)
    page.get_by_label("Message", exact=True).fill("I am on my way.")
    replies.add(by=ana, ticket=projector, body="I called her.", kind="internal")
    page.get_by_role("button", name="Send to Rita").click()
    told = page.get_by_role("alert")
    expect(told).to_contain_text("This ticket changed while you were writing.")
    expect(told).to_contain_text("Ana Ortiz wrote an internal note")
    expect(page.get_by_label("Message", exact=True)).to_have_value("I am on my way.")
    assert not projector.messages.filter(body="I am on my way.").exists()
    if script:
        accessible(page)
    page.get_by_role("button", name="Send to Rita").click()
    expect(page.get_by_label("Public message by Tomas Reyes")).to_contain_text("I am on my way.")
    assert projector.messages.filter(body="I am on my way.").count() == 1


def test_note_and_reply_differ_in_edge_line_of_readers_and_button(
    desk_of: DeskOf, projector: Ticket, tomas: User
) -> None:
    page = desk_of(tomas, path(projector))
    edge = "getComputedStyle(document.querySelector('.composer')).borderTopStyle"
    expect(page.get_by_role("button", name="Send to Rita")).to_be_visible()
    expect(page.get_by_role("button", name="Keep as internal note")).to_be_hidden()
    public = page.evaluate(edge)
    page.keyboard.press("n")
    expect(page.get_by_role("button", name="Send to Rita")).to_be_hidden()
    expect(page.get_by_role("button", name="Keep as internal note")).to_be_visible()
    expect(page.locator("#composer-to")).to_contain_text("Seen by staff of Central IT, never by Rita")
    assert (public, page.evaluate(edge)) == ("solid", "dashed")


def test_a_bad_form_in_a_popover_comes_back_on_the_page_with_what_was_typed(
    desk_of: DeskOf, projector: Ticket, tomas: User, accessible: Check
) -> None:
    page = desk_of(tomas, path(projector))
    page.keyboard.press("s")
    page.get_by_role("radio", name="Visit scheduled").check()
    page.get_by_label("What for?").fill("With a ladder.")
    page.get_by_role("button", name="Set the state").last.click()
    returned = page.locator(".returned")
    expect(returned).to_contain_text("Choose a day and time")
    expect(returned.get_by_label("What for?")).to_have_value("With a ladder.")
    accessible(page)
    returned.get_by_label("Day and time").fill((timezone.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M"))
    returned.get_by_role("button", name="Set the state").click()
    expect(page.locator("#head")).to_contain_text("Visit scheduled")


def test_it_is_given_to_somebody_else_from_the_head(desk_of: DeskOf, projector: Ticket, tomas: User, ana: User) -> None:
    page = desk_of(tomas, path(projector))
    page.keyboard.press("g")
    expect(page.get_by_label("Person")).to_be_focused()
    page.get_by_label("Person").select_option(label="Ana Ortiz, Admin")
    page.get_by_role("button", name="Give it to them").click()
    expect(page.locator("#head")).to_contain_text("Ana Ortiz")
    assert fresh(projector).assignee == ana


def test_the_queue_looks_again_by_itself_and_the_cursor_stays(
    desk_of: DeskOf, projector: Ticket, tomas: User, rita: User
) -> None:
    page = desk_of(tomas, "/queue/?view=open")
    page.keyboard.press("j")
    row = page.locator(f"#row-{projector.number}, #ticket-{projector.number}").last
    make_ticket(rita, "Sound is gone, the whole school hears nothing", impact=3, urgency=1)
    page.evaluate("htmx.trigger(document.body, 'desk-changed')")
    expect(page.get_by_role("link", name=re.compile("Sound is gone"))).to_be_visible()
    expect(page.locator(".view[aria-current] .num")).to_have_text("2")
    expect(page.get_by_role("link", name="The projector shows nothing")).to_be_focused()
    expect(row).to_be_visible()


def test_the_ticket_shows_news_by_itself_and_keeps_what_is_being_typed(
    desk_of: DeskOf, projector: Ticket, tomas: User, rita: User, ana: User
) -> None:
    page = desk_of(tomas, path(projector))
    page.get_by_label("Message", exact=True).fill("Half a sent")
    replies.add(by=rita, ticket=projector, body="It hums now.")
    assignments.assign(by=ana, ticket=fresh(projector), to=ana, seen=fresh(projector).version)
    page.evaluate("htmx.trigger(document.body, 'desk-changed')")
    expect(page.get_by_text("It hums now.")).to_be_visible()
    expect(page.locator("#head")).to_contain_text("Ana Ortiz")
    expect(page.get_by_label("Message", exact=True)).to_have_value("Half a sent")
    expect(page.get_by_label("Message", exact=True)).to_be_focused()


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_axe_finds_nothing_on_the_desks_pages(
    desk_of: DeskOf,
    projector: Ticket,
    tomas: User,
    rita: User,
    ana: User,
    accessible: Check,
    address: Address,
    look: Look,
) -> None:
    replies.add(by=tomas, ticket=projector, body="I am on my way.")
    replies.add(by=ana, ticket=projector, body="It is the switcher.", kind=Message.Kind.INTERNAL)
    make_ticket(rita, "About the beamer " + "and its long, long cable " * 8)
    page = desk_of(tomas, "/queue/?view=open", look)
    accessible(page)
    page.get_by_role("button", name="State").click()
    accessible(page)
    for where in ("/queue/", "/queue/?view=open&priority=1", path(projector)):
        page.goto(address(where, "maple"))
        accessible(page)
    page.locator("label").filter(has_text="Note").click()
    accessible(page)
    for name in ("New", "In progress", "Normal", "Resolve"):
        button = page.locator("#head").get_by_role("button", name=name)
        if button.count():
            button.first.click()
            accessible(page)
            page.keyboard.press("Escape")
    for noun in ("assignment", "queue", "state", "priority", "resolution"):
        page.goto(address(f"{path(projector)}{noun}/", "maple"))
        accessible(page)


def test_a_phone_of_320_pixels_scrolls_nothing_sideways(
    desk_of: DeskOf, projector: Ticket, tomas: User, accessible: Check, address: Address
) -> None:
    page = desk_of(tomas, "/queue/?view=open", Look("light", (320, PHONE[1])))
    accessible(page)
    page.goto(address(path(projector), "maple"))
    accessible(page)
