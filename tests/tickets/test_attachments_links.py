"""Opening files: the right is asked at every click, and a link is good for one person, one place and some minutes."""

import uuid
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.test import Client

from accounts.models import Grant, School, User
from accounts.policy import Role
from tenants.isolation import scope
from tenants.models import District
from tests.cast import make_person
from tests.tickets import attachment_samples as samples
from tests.tickets.attachment_bench import checked, first_message, put_on, send, store
from tests.tickets.front import browser_of
from tickets.attachments import access, links, types
from tickets.desk import assignments, replies
from tickets.models import Attachment, Message, Ticket

__all__ = ["store"]


@pytest.fixture
def photo(rita: User, ticket: Ticket) -> Attachment:
    """On the first message of Rita's ticket."""
    attachment = checked(rita, samples.picture())
    put_on(first_message(ticket), attachment)
    return attachment


@pytest.fixture
def on_note(tomas: User, ticket: Ticket) -> Attachment:
    """On an internal note of Tomas."""
    attachment = checked(tomas, samples.picture())
    replies.add(by=tomas, ticket=ticket, body="Hm", kind=Message.Kind.INTERNAL, attachments=[attachment.pk])
    return attachment


def click(person: User, attachment: Attachment, link: str | None = None, *, client: Client | None = None) -> Any:
    """Opens a link, the person's own unless another is given."""
    return (client or browser_of(person)).get(link or links.to_file(attachment, person))


def is_open(person: User, attachment: Attachment) -> bool:
    status = click(person, attachment).status_code
    assert status in (302, 404)
    return bool(status == 302)


def test_a_link_leads_to_the_store_for_a_minute(rita: User, photo: Attachment) -> None:
    answer = click(rita, photo)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (302, "private, no-store")
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert query["X-Amz-Expires"] == ["60"]
    assert httpx.get(answer.headers["Location"]).content.startswith(b"\xff\xd8\xff")


@pytest.mark.parametrize(
    ("data", "name", "content_type", "kind"),
    [
        (samples.picture(), "a.jpg", "image/jpeg", "inline"),
        (samples.picture("PNG"), "a.png", "image/png", "inline"),
        (samples.pdf(), "a.pdf", "application/pdf", "attachment"),
        (b"words", "a.txt", "application/octet-stream", "attachment"),
        (samples.archive(), "a.docx", "application/octet-stream", "attachment"),
        (samples.video(), "a.mp4", "application/octet-stream", "attachment"),
    ],
)
def test_only_what_we_wrote_as_a_picture_is_shown_in_place(
    rita: User, data: bytes, name: str, content_type: str, kind: str
) -> None:
    answer = httpx.get(click(rita, checked(rita, data, name)).headers["Location"])
    assert answer.headers["Content-Type"] == content_type
    assert answer.headers["Content-Disposition"].startswith(f'{kind}; filename="{name}"')


def test_a_strange_name_travels_clean(rita: User) -> None:
    name = '..\\ev\u202eil\u200b "señal"\r\nX: y.txt'
    answer = httpx.get(click(rita, checked(rita, b"words", name)).headers["Location"])
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=\"evil _se_al_ X_ y.txt\"; filename*=UTF-8''evil%20_se%C3%B1al_%20X_%20y.txt"
    )
    assert "X" not in answer.headers


def test_the_small_picture_has_the_same_door(rita: User, tomas: User, photo: Attachment, on_note: Attachment) -> None:
    answer = httpx.get(click(rita, photo, links.to_preview(photo, rita)).headers["Location"])
    assert (answer.headers["Content-Type"], answer.content[8:12]) == ("image/webp", b"WEBP")
    assert click(tomas, on_note, links.to_preview(on_note, tomas)).status_code == 302
    assert click(rita, on_note, links.to_preview(on_note, rita)).status_code == 404


def test_what_is_no_picture_has_no_small_one(rita: User) -> None:
    attachment = checked(rita, samples.pdf(), "a.pdf")
    assert click(rita, attachment, links.to_preview(attachment, rita)).status_code == 404


# -- Who ------------------------------------------------------------------------------------------------------------


def test_the_requester_and_the_desk_open_a_file(rita: User, tomas: User, ana: User, photo: Attachment) -> None:
    assert all(is_open(person, photo) for person in (rita, tomas, ana))


def test_a_colleague_does_not(photo: Attachment, rita: User) -> None:
    assert not is_open(make_person("peter@maple.example", "Peter Lind"), photo)


def test_a_technician_of_another_school_does_not(photo: Attachment) -> None:
    person = make_person("luis@maple.example", "Luis Vega")
    grant = Grant.objects.create(user=person, role=Role.TECHNICIAN, all_queues=True)
    grant.schools.add(School.objects.create(name="North High", short_name="North", code="NOR"))
    assert not is_open(person, photo)


def test_a_file_on_a_note_is_for_those_who_read_notes(rita: User, tomas: User, on_note: Attachment) -> None:
    assert is_open(tomas, on_note)
    assert not is_open(rita, on_note)


def test_its_uploader_loses_a_note_with_the_right_to_read_it(tomas: User, on_note: Attachment) -> None:
    tomas.grants.all().delete()
    assert not is_open(User.objects.get(pk=tomas.pk), on_note)


def test_an_unsent_upload_is_its_uploaders_alone(rita: User, tomas: User, ana: User) -> None:
    attachment = checked(rita, samples.picture())
    assert is_open(rita, attachment)
    assert not is_open(tomas, attachment)
    assert not is_open(ana, attachment)


@pytest.mark.parametrize("state", [state for state in Attachment.State if state != Attachment.State.CLEAN])
def test_only_a_checked_file_opens(rita: User, photo: Attachment, state: str) -> None:
    Attachment.objects.filter(pk=photo.pk).update(state=state)
    assert not is_open(rita, photo)


# -- TEN-09: a link that gets into other hands, or outlives its right --------------------------------------------------


def test_a_link_is_no_use_to_another_person_who_has_the_right(rita: User, tomas: User, photo: Attachment) -> None:
    assert click(tomas, photo, links.to_file(photo, rita)).status_code == 404


def test_a_link_is_no_use_for_another_file(rita: User, photo: Attachment) -> None:
    other = checked(rita, samples.picture())
    signature = urlsplit(links.to_file(photo, rita)).query
    assert click(rita, other, f"/files/{other.pk}/?{signature}").status_code == 404


@pytest.mark.parametrize("query", ["", "?s=", "?s=x", "?s=1:2", "?s=%00", "?s=a:b:c:d", "?x=1"])
def test_without_its_signature_an_address_opens_nothing(rita: User, photo: Attachment, query: str) -> None:
    assert click(rita, photo, f"/files/{photo.pk}/{query}").status_code == 404


def test_a_changed_signature_opens_nothing(rita: User, photo: Attachment) -> None:
    link = links.to_file(photo, rita)
    assert click(rita, photo, link[:-1] + ("A" if link[-1] != "A" else "B")).status_code == 404


def test_a_link_dies_with_the_tickets_openness(tomas: User, photo: Attachment, ticket: Ticket) -> None:
    link = links.to_file(photo, tomas)
    assert click(tomas, photo, link).status_code == 302
    Ticket.objects.filter(pk=ticket.pk).update(is_confidential=True)
    assert click(tomas, photo, link).status_code == 404


def test_a_confidential_file_opens_for_its_requester_and_its_technician(
    rita: User, tomas: User, ana: User, photo: Attachment, ticket: Ticket
) -> None:
    assignments.assign(by=ana, ticket=ticket, to=tomas, seen=1)
    Ticket.objects.filter(pk=ticket.pk).update(is_confidential=True)
    assert is_open(rita, photo)
    assert is_open(tomas, photo)


def test_a_link_dies_with_the_grant(tomas: User, photo: Attachment) -> None:
    link, client = links.to_file(photo, tomas), browser_of(tomas)
    assert click(tomas, photo, link, client=client).status_code == 302
    tomas.grants.all().delete()
    assert click(tomas, photo, link, client=client).status_code == 404


def test_a_link_dies_with_the_person(tomas: User, photo: Attachment) -> None:
    link, client = links.to_file(photo, tomas), browser_of(tomas)
    User.objects.filter(pk=tomas.pk).update(is_active=False)
    answer = click(tomas, photo, link, client=client)
    assert answer.status_code == 404 or answer.headers["Location"].startswith("/sign-in/")


def test_a_link_is_no_use_when_signed_out(rita: User, photo: Attachment) -> None:
    link, client = links.to_file(photo, rita), browser_of(rita)
    client.logout()
    assert click(rita, photo, link, client=client).headers["Location"].startswith("/sign-in/")


def test_an_old_link_opens_nothing_but_offers_its_owner_a_new_one(
    rita: User, tomas: User, photo: Attachment, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = links.to_file(photo, rita)
    with monkeypatch.context() as later:
        later.setattr(links, "LIFE", timedelta(seconds=-1))
        answer = click(rita, photo, link)
        assert click(tomas, photo, link).status_code == 404
        small = click(rita, photo, links.to_preview(photo, rita))
    assert (answer.status_code, small.status_code) == (404, 404)
    assert not answer.has_header("Location")
    again = answer.context["again"]
    assert click(rita, photo, again).status_code == 302


def test_an_old_link_offers_nothing_once_the_right_is_gone(
    tomas: User, photo: Attachment, ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = links.to_file(photo, tomas)
    Ticket.objects.filter(pk=ticket.pk).update(is_confidential=True)
    monkeypatch.setattr(links, "LIFE", timedelta(seconds=-1))
    assert photo.name not in click(tomas, photo, link).content.decode()


def test_a_link_lives_at_most_five_minutes() -> None:
    assert timedelta() < links.LIFE <= timedelta(minutes=5)


@pytest.mark.django_db(transaction=True)
def test_a_link_is_no_use_at_another_districts_host(rita: User, photo: Attachment, sam: User, cedar: District) -> None:
    link = links.to_file(photo, rita)
    with scope.left(), scope.district_scope(cedar):
        client = Client(headers={"host": "cedar.localhost"})
        client.force_login(sam)
        own = links.to_file(photo, sam)
    assert client.get(link).status_code == 404
    assert client.get(own).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_the_district_is_part_of_the_signature(rita: User, photo: Attachment, cedar: District) -> None:
    here = links.to_file(photo, rita).rpartition("=")[2]
    assert links.standing(here, photo.pk, rita) == links.Standing.GOOD
    with scope.left(), scope.district_scope(cedar):
        assert links.standing(here, photo.pk, rita) == links.Standing.FORGED


# -- On pages ---------------------------------------------------------------------------------------------------------


def test_the_ticket_shows_its_files_with_links_of_the_reader(rita: User, photo: Attachment, ticket: Ticket) -> None:
    put_on(first_message(ticket), checked(rita, b"<svg/>", "drawing.jpg"), send(rita, b"words", "fresh.txt"))
    page = browser_of(rita).get(f"/tickets/{ticket.number}/").content.decode()
    assert f"/files/{photo.pk}/?s=" in page
    assert f"/files/{photo.pk}/preview/?s=" in page
    assert "SVG drawings and XML are not taken" in page
    assert "is being checked" in page


def test_a_page_with_files_asks_no_more_of_the_database(rita: User, photo: Attachment, ticket: Ticket) -> None:
    from tests.tickets.front import queries_of

    client = browser_of(rita)
    before = queries_of(client, f"/tickets/{ticket.number}/")
    for _each in range(3):
        put_on(first_message(ticket), checked(rita, samples.picture()))
    assert queries_of(client, f"/tickets/{ticket.number}/") == before


def test_the_rights_are_the_same_without_a_link(rita: User, tomas: User, on_note: Attachment) -> None:
    """What a mail or another page would have to ask."""
    found = Attachment.objects.select_related("message__ticket").get(pk=on_note.pk)
    assert access.may_open(tomas, found)
    assert not access.may_open(rita, found)


def test_every_type_that_is_shown_in_place_is_one_that_we_write() -> None:
    assert {each.media_type for each in types.ALL if each.family == types.Family.IMAGE} >= types.SHOWN


def test_an_unknown_file_is_not_found(rita: User) -> None:
    assert browser_of(rita).get(f"/files/{uuid.uuid4()}/?s=x").status_code == 404
