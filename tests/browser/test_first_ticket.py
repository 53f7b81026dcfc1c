"""A district's first ticket from end to end: Rita reports, Tomas answers and resolves, Rita says it is still broken."""

import io
import re
from collections.abc import Callable

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from accounts.models import User
from tenants.models import District
from tests.browser.conftest import Check, Look, PageAt
from tests.cast import PASSWORD
from tests.worker import Worker, wait_until
from tickets.models import Attachment, Queue, Ticket

pytestmark = pytest.mark.browser
PATIENCE = 20_000  # ms to wait for a condition on a loaded machine; what is asserted is that it comes true by itself
Address = Callable[..., str]


def photo() -> FilePayload:
    data = io.BytesIO()
    Image.effect_noise((640, 480), 40).convert("RGB").save(data, "JPEG")
    return {"name": "no-signal.jpg", "mimeType": "image/jpeg", "buffer": data.getvalue()}


def sign_in(page: Page, address: Address, user: User) -> None:
    page.goto(address("/sign-in/", "maple"))
    page.get_by_label("School e-mail").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def report(page: Page, words: str) -> None:
    page.get_by_role("textbox").first.fill(words)
    page.locator("input[type=file]").first.set_input_files(photo())


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_first_ticket_from_report_to_still_broken(
    theme: str,
    page_at: PageAt,
    address: Address,
    accessible: Check,
    maple: District,
    queue: Queue,
    rita: User,
    tomas: User,
    worker: Worker,
) -> None:
    worker.start()
    phone, desk = page_at(Look(theme, (360, 740))), page_at(Look(theme, (1366, 768)))
    sign_in(desk, address, tomas)
    expect(desk).to_have_url(re.compile("/queue/"))
    accessible(desk)

    sign_in(phone, address, rita)
    accessible(phone)
    report(phone, "The projector shows nothing\nClass at 10:20")
    wait_until(lambda: Attachment.objects.exclude(state=Attachment.State.UPLOADING).exists())
    phone.get_by_role("button", name="Ask for help").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("projector", timeout=PATIENCE)
    accessible(phone)
    ticket = Ticket.objects.get()

    row = desk.get_by_role("link", name=re.compile("The projector shows nothing"))
    expect(row).to_be_visible(timeout=PATIENCE)  # nobody reloaded the queue
    accessible(desk)

    desk.locator("body").press("j")
    desk.keyboard.press("o")
    expect(desk).to_have_url(re.compile(f"/tickets/{ticket.number}/"))
    wait_until(lambda: Attachment.objects.filter(state=Attachment.State.CLEAN).exists())
    expect(desk.get_by_role("link", name=re.compile("no-signal"))).to_be_visible(timeout=PATIENCE)
    accessible(desk)
    desk.keyboard.press("r")
    desk.keyboard.type("Which input does the wall plate say?")
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_text("Which input does the wall plate say?")).to_be_visible(timeout=PATIENCE)
    expect(phone.get_by_text("Which input does the wall plate say?")).to_be_visible(timeout=PATIENCE)
    desk.keyboard.press("Escape")
    desk.locator("body").press("e")
    desk.keyboard.type("Moved the wall plate to HDMI 1.")
    desk.keyboard.press("Control+Enter")
    wait_until(lambda: Ticket.objects.get().state == Ticket.State.RESOLVED)
    accessible(desk)

    expect(phone.get_by_text("Moved the wall plate to HDMI 1.").first).to_be_visible(timeout=PATIENCE)
    accessible(phone)
    phone.get_by_text("Still broken").first.click()
    phone.get_by_label("What happens now?").first.fill("Dark again after five minutes")
    phone.get_by_role("button", name="Send", exact=True).first.click()
    wait_until(lambda: Ticket.objects.get().state == Ticket.State.OPEN)
    expect(desk.get_by_text("Dark again after five minutes")).to_be_visible(timeout=PATIENCE)
    accessible(desk)
    assert Ticket.objects.get().reopen_count == 1


def test_the_first_ticket_without_script(
    page_at: PageAt,
    address: Address,
    maple: District,
    queue: Queue,
    rita: User,
    tomas: User,
    worker: Worker,
) -> None:
    worker.start()
    phone = page_at(Look("light", (360, 740)), script=False)
    desk = page_at(Look("light", (1366, 768)), script=False)
    sign_in(phone, address, rita)
    report(phone, "The projector shows nothing")
    phone.get_by_role("button", name="Ask for help").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("projector")
    ticket = Ticket.objects.get()

    sign_in(desk, address, tomas)
    desk.get_by_role("link", name=re.compile("The projector shows nothing")).click()
    desk.get_by_role("textbox", name="Message").fill("Which input does the wall plate say?")
    desk.get_by_role("button", name="Send to Rita").click()
    wait_until(lambda: Attachment.objects.filter(state=Attachment.State.CLEAN).exists())
    desk.goto(address(f"/tickets/{ticket.number}/", "maple"))
    expect(desk.get_by_role("link", name=re.compile("no-signal"))).to_be_visible()
    desk.goto(address(f"/tickets/{ticket.number}/resolution/", "maple"))
    desk.get_by_role("textbox").first.fill("Moved the wall plate to HDMI 1.")
    desk.get_by_role("button", name=re.compile("Resolve|Send")).first.click()
    assert Ticket.objects.get().state == Ticket.State.RESOLVED

    phone.goto(address(f"/tickets/{ticket.number}/", "maple"))
    expect(phone.get_by_text("Moved the wall plate to HDMI 1.").first).to_be_visible()
    phone.get_by_text("Still broken").first.click()
    phone.get_by_label("What happens now?").first.fill("Dark again")
    phone.get_by_role("button", name="Send", exact=True).first.click()
    ticket.refresh_from_db()
    assert (ticket.state, ticket.reopen_count) == (Ticket.State.OPEN, 1)
