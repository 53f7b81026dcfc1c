"""The report form: one question, everything else filled in, and nothing typed is ever lost."""

import uuid
from typing import Any

import pytest
from django.test import Client

from accounts.models import School, User
from tests.cast import Place, make_place, make_ticket
from tests.tickets.front import browser_of, make_article, report
from tickets.models import Device, Message, Queue, Ticket


@pytest.fixture
def client(queue: Queue, rita: User) -> Client:
    return browser_of(rita)


def sent(client: Client, **given: Any) -> Any:
    return client.post("/tickets/", report(**given))


def test_the_form_knows_the_persons_rooms_and_devices(client: Client, rita: User, lincoln: Place) -> None:
    Device.objects.create(asset_tag="MU-20417", kind="chromebook", model="Dell Chromebook 3110", person=rita)
    Device.objects.create(asset_tag="MU-99999", kind="chromebook", model="Somebody else's")
    body = client.get("/").content.decode()
    assert "What is wrong, Rita?" in body
    assert f'value="{lincoln.room.pk}"' in body
    assert "MU-20417" in body
    assert "MU-99999" not in body


def test_a_report_goes_to_the_page_that_says_its_number(client: Client, lincoln: Place) -> None:
    answer = sent(client, body="No picture\nClass at 10:20", place=str(lincoln.room.pk), impact="2", urgency="1")
    ticket = Ticket.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/tickets/{ticket.number}/?sent")
    assert (ticket.room, ticket.school, ticket.impact, ticket.urgency) == (lincoln.room, lincoln.school, 2, 1)
    assert f"Its number is MU-{ticket.number}." in client.get(answer.headers["Location"]).content.decode()


def test_how_bad_it_is_need_not_be_said(client: Client) -> None:
    sent(client)
    sent(client, impact="2", urgency="1")
    said = Ticket.objects.order_by("pk").values_list("priority", flat=True)
    assert list(said) == [Ticket.Priority.NORMAL, Ticket.Priority.CRITICAL]


def test_somewhere_else_is_a_school_and_words(client: Client) -> None:
    other = make_place("Washington High", "Gym").school
    sent(client, place="elsewhere", school=other.pk, place_note="Hallway by the gym")
    ticket = Ticket.objects.get()
    assert (ticket.school, ticket.room, ticket.place_note) == (other, None, "Hallway by the gym")


def test_the_own_device_comes_along(client: Client, rita: User) -> None:
    device = Device.objects.create(asset_tag="MU-20417", kind="chromebook", model="Dell", person=rita)
    sent(client, device=str(device.pk))
    assert Ticket.objects.get().device == device


@pytest.mark.parametrize("name", ["place", "device"])
def test_what_is_not_ones_own_cannot_be_chosen(client: Client, rita: User, name: str) -> None:
    theirs = make_place("Washington High", "Gym").room if name == "place" else _device_of_nobody()
    Device.objects.create(asset_tag="MU-1", kind="other", model="Own", person=rita)
    answer = sent(client, **{name: str(theirs.pk)})
    assert answer.status_code == 422
    assert "not on your list any more" in answer.content.decode()
    assert not Ticket.objects.exists()


def _device_of_nobody() -> Device:
    return Device.objects.create(asset_tag="MU-2", kind="other", model="Not mine")


@pytest.mark.parametrize("body", ["", "   \r\n ", "\u200b\u2060", "\u202e"])
def test_saying_nothing_is_told_beside_the_field(client: Client, lincoln: Place, body: str) -> None:
    answer = sent(client, body=body, place=str(lincoln.room.pk), impact="3")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Say in a few words what is wrong." in page
    assert 'aria-describedby="id_body_error"' in page
    assert 'id="id_body_error"' in page
    assert not Ticket.objects.exists()


def test_a_megabyte_is_refused_and_kept(client: Client) -> None:
    answer = sent(client, body="a" * 1_000_000)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f"{Message.LONGEST} characters fit here, this has 1000000" in page
    assert "a" * 1_000_000 in page
    assert not Ticket.objects.exists()


def test_line_ends_count_once(client: Client) -> None:
    lines = "\r\n".join(["a" * 99] * (Message.LONGEST // 100))
    assert sent(client, body=lines).status_code == 303


def test_more_than_the_server_reads_is_told_and_the_beginning_kept(client: Client) -> None:
    words = "%E2%9C%93" + "b" * 5_000_000
    answer = client.post("/tickets/", f"form_key=1&body={words}", content_type="application/x-www-form-urlencoded")
    page = answer.content.decode()
    assert answer.status_code == 413
    assert "✓" + "b" * 1000 in page
    assert len(page) < 50_000
    assert not Ticket.objects.exists()


def test_a_nul_byte_is_told_and_the_rest_kept(client: Client) -> None:
    answer = sent(client, body="No\x00 picture")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "unprintable character" in page
    assert "No picture" in page
    assert "\x00" not in page
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("body", ["The 🖨️ eats paper 😤", "الطابعة لا تعمل", "המדפסת תקועה\nבחדר 214"])
def test_every_script_is_kept_as_typed(client: Client, body: str) -> None:
    answer = sent(client, body=body)
    assert Message.objects.get().body == body
    assert body.split("\n", maxsplit=1)[0] in client.get(answer.headers["Location"]).content.decode()


def test_markup_is_only_text(client: Client) -> None:
    answer = sent(client, body='<img src=x onerror="alert(1)">')
    page = client.get(answer.headers["Location"]).content.decode()
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page


def test_a_replayed_form_makes_one_ticket_and_goes_to_it(client: Client) -> None:
    form = report()
    first, second = client.post("/tickets/", form), client.post("/tickets/", form)
    assert first.headers["Location"] == second.headers["Location"]
    assert (Ticket.objects.count(), Message.objects.count()) == (1, 1)


def test_somebody_elses_form_is_refused_in_words(client: Client, tomas: User) -> None:
    theirs = make_ticket(tomas, "A secret of Tomas")
    answer = sent(client, body="My words", form_key=str(theirs.form_key))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Load the page again." in page
    assert "My words" in page
    assert "A secret" not in page


@pytest.mark.parametrize("key", ["", "not a key"])
def test_a_form_without_a_usable_key_still_arrives(client: Client, key: str) -> None:
    assert sent(client, form_key=key).status_code == 303


def test_a_file_that_is_gone_is_told_and_the_words_kept(client: Client) -> None:
    answer = sent(client, body="See the photo", attachment=str(uuid.uuid4()))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Choose it again." in page
    assert "See the photo" in page
    assert not Ticket.objects.exists()


def test_a_mistake_keeps_everything_else_that_was_filled_in(client: Client) -> None:
    school = School.objects.create(name="Washington High", short_name="Washington", code="WAS")
    page = sent(client, body="", school=school.pk, place_note="Hallway", impact="3").content.decode()
    assert f'<option value="{school.pk}" selected>' in page
    assert 'value="Hallway"' in page
    assert _is_checked(page, "impact", "3")


def _is_checked(page: str, name: str, value: str) -> bool:
    tags = [tag for tag in page.split("<input") if f'name="{name}"' in tag.split(">")[0]]
    return any("checked" in tag.split(">")[0] and f'value="{value}"' in tag for tag in tags)


def test_a_follow_up_names_the_ticket_it_follows(client: Client, ticket: Ticket) -> None:
    assert f"This follows MU-{ticket.number}" in client.get(f"/report/?follow_up_of={ticket.number}").content.decode()
    sent(client, follow_up_of=ticket.number)
    assert Ticket.objects.latest("pk").follow_up_of == ticket


def test_nobody_follows_up_on_what_is_not_theirs(client: Client, tomas: User) -> None:
    theirs = make_ticket(tomas, "A secret of Tomas")
    assert "A secret" not in client.get(f"/report/?follow_up_of={theirs.number}").content.decode()
    sent(client, follow_up_of=theirs.number)
    assert Ticket.objects.latest("pk").follow_up_of is None


@pytest.mark.parametrize("number", ["", "x", "-1", "9" * 30, "١٢"])
def test_nonsense_in_the_address_counts_as_nothing(client: Client, number: str) -> None:
    assert client.get("/report/", {"follow_up_of": number, "after": number}).status_code == 200


def test_a_reload_of_a_returned_form_leads_back_to_the_form(client: Client) -> None:
    assert client.get("/tickets/").headers["Location"] == "/report/"


def test_articles_that_fit_are_offered_while_typing(client: Client, tomas: User) -> None:
    make_article(tomas, "Projector says no signal")
    make_article(tomas, "Printer is out of toner")
    body = client.post("/suggestions/", {"body": "The projector in my room has no picture"}).content.decode()
    assert "Projector says no signal" in body
    assert "Printer" not in body


def test_a_person_without_a_room_is_asked_for_school_and_place(queue: Queue, tomas: User) -> None:
    client = browser_of(tomas)
    body = client.get("/report/").content.decode()
    assert 'type="hidden" name="place"' in body
    assert sent(client).status_code == 303
