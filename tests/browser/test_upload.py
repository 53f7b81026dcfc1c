"""Choosing files in a real browser: straight to the store, with progress and second tries; and files that mean harm."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Dialog, Error, FilePayload, Page, Route, expect

from accounts.models import User
from helpdesk import storage
from tenants.models import District
from tests.browser.conftest import LAPTOP, PHONE, Check, Look, PageAt
from tests.browser.test_accounts import sign_in
from tests.tickets import attachment_samples as samples
from tests.tickets.attachment_bench import checked, first_message, put_on, send
from tickets.attachments import keys, links
from tickets.models import Attachment, Queue, Ticket

pytestmark = pytest.mark.browser
At = Callable[[str], str]
State = Attachment.State

TO_THE_STORE = re.compile(r"/t/\d+/att/")


@pytest.fixture
def at(address: Callable[..., str], in_maple: District) -> At:
    """A path on Maple's host."""
    return lambda path: address(path, "maple")


@pytest.fixture
def page(page_at: PageAt, at: At, queue: Queue, rita: User) -> Page:
    """Rita before her report form, with half a sentence typed."""
    opened = page_at(Look("light", PHONE))
    sign_in(opened, at, rita.email)
    opened.get_by_label("What is wrong?").fill("The board is dark")
    return opened


def payload(name: str = "board.jpg", data: bytes | None = None) -> FilePayload:
    return {"name": name, "mimeType": "image/jpeg", "buffer": samples.picture() if data is None else data}


def choose(page: Page, *files: FilePayload) -> None:
    page.get_by_label("Photo or file").set_input_files(list(files))


def row(page: Page, name: str = "board.jpg") -> Any:
    return page.get_by_role("listitem").filter(has_text=name)


def ask_for_help(page: Page) -> None:
    page.get_by_role("button", name="Ask for help").click()


def is_sent(page: Page) -> Ticket:
    expect(page.get_by_text("Sent. Its number is")).to_be_visible()
    return Ticket.objects.get()


def test_a_file_goes_to_the_store_while_one_types(page: Page) -> None:
    with page.expect_response(TO_THE_STORE) as stored:
        choose(page, payload(), payload("log.txt", b"words"))
    assert stored.value.request.method == "PUT"
    expect(row(page)).to_have_attribute("data-state", "done")
    expect(row(page, "log.txt")).to_have_attribute("data-state", "done")
    assert set(Attachment.objects.values_list("state", flat=True)) == {State.QUARANTINED}
    ask_for_help(page)
    assert first_message(is_sent(page)).attachments.count() == 2


def test_a_removed_file_is_not_sent(page: Page) -> None:
    choose(page, payload(), payload("log.txt", b"words"))
    expect(row(page)).to_have_attribute("data-state", "done")
    expect(row(page, "log.txt")).to_have_attribute("data-state", "done")
    with page.expect_response(re.compile("/removal/")):
        row(page).get_by_role("button", name="Remove").click()
    expect(row(page)).to_have_count(0)
    expect(row(page, "log.txt").get_by_role("button", name="Remove")).to_be_focused()
    ask_for_help(page)
    assert [each.name for each in first_message(is_sent(page)).attachments.all()] == ["log.txt"]
    assert Attachment.objects.count() == 1


def test_a_file_that_is_too_large_says_so_beside_its_name(page: Page, accessible: Check) -> None:
    choose(page, payload("film.mov", b"x" * (30 * storage.MIB)))
    expect(row(page, "film.mov")).to_contain_text("is too large; the largest file is 25.0")
    expect(row(page, "film.mov")).to_have_attribute("data-state", "failed")
    expect(page.get_by_label("What is wrong?")).to_have_value("The board is dark")
    accessible(page)
    assert not Attachment.objects.exists()
    ask_for_help(page)
    assert first_message(is_sent(page)).attachments.count() == 0


def test_a_form_waits_for_a_file_that_is_on_its_way(page: Page, accessible: Check) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(TO_THE_STORE, hold)
    choose(page, payload())
    expect(row(page)).to_have_attribute("data-state", "sending")
    ask_for_help(page)
    expect(page.get_by_text("Waiting for the files, then it is sent.")).to_be_visible()
    accessible(page)
    page.wait_for_function("document.querySelector('.ask').dataset.waits !== undefined")
    for each in held:
        each.continue_()
    assert first_message(is_sent(page)).attachments.count() == 1


def test_a_broken_line_is_tried_again_and_then_told(page: Page, accessible: Check) -> None:
    tries: list[str] = []

    def cut(route: Route) -> None:
        tries.append(route.request.url)
        route.abort()

    page.route(TO_THE_STORE, cut)
    choose(page, payload())
    ask_for_help(page)
    expect(row(page)).to_contain_text("did not get through.", timeout=20_000)
    assert len(tries) == 3
    expect(page.get_by_label("What is wrong?")).to_have_value("The board is dark")
    expect(row(page).get_by_role("button", name="Try again")).to_be_focused()
    assert not Ticket.objects.exists()
    accessible(page)
    page.unroute(TO_THE_STORE)
    row(page).get_by_role("button", name="Try again").click()
    expect(row(page)).to_have_attribute("data-state", "done")
    ask_for_help(page)
    assert first_message(is_sent(page)).attachments.count() == 1


def test_a_file_stays_chosen_when_the_form_comes_back(page: Page) -> None:
    choose(page, payload())
    expect(row(page)).to_have_attribute("data-state", "done")
    page.get_by_label("What is wrong?").fill("")
    ask_for_help(page)
    expect(page.get_by_text("Say in a few words what is wrong.")).to_be_visible()
    expect(row(page)).to_have_attribute("data-state", "done")
    page.get_by_label("What is wrong?").fill("The board is dark")
    ask_for_help(page)
    assert first_message(is_sent(page)).attachments.count() == 1


def test_without_script_a_chosen_file_has_a_tick_that_can_be_taken_off(
    page_at: PageAt, at: At, queue: Queue, rita: User, accessible: Check
) -> None:
    page = page_at(Look("light", PHONE), script=False)
    sign_in(page, at, rita.email)
    choose(page, payload(), payload("log.txt", b"words"))
    ask_for_help(page)
    page.get_by_role("checkbox", name="log.txt").uncheck()
    page.get_by_label("What is wrong?").fill("The board is dark")
    ask_for_help(page)
    assert [each.name for each in first_message(is_sent(page)).attachments.all()] == ["board.jpg"]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, LAPTOP])
def test_files_of_every_state_read_well(
    page_at: PageAt, at: At, rita: User, ticket: Ticket, theme: str, size: tuple[int, int], accessible: Check
) -> None:
    files = [
        checked(rita, samples.picture(size=(800, 600)), "a very long name of a photo that goes on and on.jpg"),
        checked(rita, samples.pdf(), "bill.pdf"),
        checked(rita, b"<svg/>", "drawing.jpg"),
        send(rita, b"words", "fresh.txt"),
    ]
    put_on(first_message(ticket), *files)
    page = page_at(Look(theme, size))
    sign_in(page, at, rita.email)
    page.goto(at(f"/tickets/{ticket.number}/"))
    picture = page.locator(f'img[src*="{files[0].pk}"]')
    expect(picture).to_be_visible()
    page.wait_for_function("image => image.complete && image.naturalWidth === 800", arg=picture.element_handle())
    accessible(page)


ALERT = "alert(document.domain)"
SVG = f'<svg xmlns="http://www.w3.org/2000/svg" onload="{ALERT}"><script>{ALERT}</script></svg>'.encode()
PAGE = f"<!doctype html><html><body onload='{ALERT}'><script>{ALERT}</script></body></html>".encode()
XSL = (
    "<?xml version='1.0'?><?xml-stylesheet type='text/xsl' href='#s'?><r><xsl:stylesheet id='s' version='1.0' "
    f"xmlns:xsl='http://www.w3.org/1999/XSL/Transform'><xsl:template match='/'><script>{ALERT}</script>"
    "</xsl:template></xsl:stylesheet></r>"
).encode()
HARMFUL = {
    "page.jpg": PAGE,
    "page.txt": PAGE,
    "page.pdf": PAGE,
    "page.html": PAGE,
    "page.htm.png": PAGE,
    "spaced.txt": b"\n \t " + PAGE,
    "marked.txt": b"\xef\xbb\xbf" + PAGE,
    "wide.txt": PAGE.decode().encode("utf-16"),
    "commented.txt": b"<!-- x -->" + PAGE,
    "late.txt": b"words first\n" + PAGE,
    "drawing.svg": SVG,
    "drawing.jpg": SVG,
    "drawing.xml": b"<?xml version='1.0'?>" + SVG,
    "strict.xhtml": b"<html xmlns='http://www.w3.org/1999/xhtml'><script>" + ALERT.encode() + b"</script></html>",
    "styled.xml": XSL,
    "gif-and-jar.gif": samples.picture("GIF") + samples.archive({"A.class": b"\xca\xfe\xba\xbe"}),
    "gif-and-script.gif": b"GIF89a/*" + samples.picture("GIF")[8:] + b"*/=1;" + ALERT.encode(),
    "jpeg-and-page.jpg": samples.picture(comment=PAGE) + PAGE,
    "pdf-with-script.pdf": samples.pdf().replace(b"/Catalog", b"/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>"),
    "multipart.mht": b"MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n" + PAGE,
}


def visit(page: Page, url: str) -> None:
    """Opens an address as a click does; a file that is only handed over ends the visit."""
    try:
        page.goto(url)
    except Error as error:
        if "Download is starting" not in error.message and "ERR_ABORTED" not in error.message:
            raise


def test_twenty_harmful_files_run_nothing(page_at: PageAt, at: At, rita: User) -> None:
    """As they come out of the check, and then as if the check had been fooled and had let every byte through."""
    assert len(HARMFUL) == 20
    page = page_at()
    alerts: list[str] = []

    def count(dialog: Dialog) -> None:
        alerts.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", count)
    sign_in(page, at, rita.email)
    for name, data in HARMFUL.items():
        attachment = checked(rita, data, name)
        if attachment.is_clean:
            visit(page, at(links.to_file(attachment, rita)))
        for media_type in ("text/plain", "image/jpeg", "application/pdf", "image/svg+xml", "text/html"):
            storage.put(keys.file(attachment.pk), io.BytesIO(data), content_type="text/html")
            Attachment.objects.filter(pk=attachment.pk).update(state=State.CLEAN, media_type=media_type)
            visit(page, at(links.to_file(attachment, rita)))
    assert alerts == []
