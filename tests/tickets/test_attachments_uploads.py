"""Bringing files and putting them on a message: limits, arrival, removal, and whose upload may go where."""

import uuid

import httpx
import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.models import User
from helpdesk import storage
from tenants.isolation import scope
from tenants.models import District
from tests.tickets import attachment_samples as samples
from tests.tickets.attachment_bench import (
    checked,
    do_duties,
    events_of,
    first_message,
    is_stored,
    put_on,
    send,
    store,
    stored,
)
from tests.tickets.front import browser_of
from tickets.attachments import claims, keys, uploads
from tickets.desk import replies
from tickets.desk.locking import Refused
from tickets.models import Attachment, Message, Ticket
from tickets.spine.events import Kind

State = Attachment.State

__all__ = ["store"]


def test_a_key_holds_the_district_and_a_random_id_but_no_name(rita: User, maple: District) -> None:
    promise = uploads.promise(by=rita, name="../../evil.sh", size=5)
    assert f"/t/{maple.pk}/att/{promise.attachment.pk}?" in promise.url
    assert promise.attachment.pk.version == 4
    assert "evil" not in promise.url


def test_the_limit_is_checked_before_anything_is_signed(rita: User, settings: Settings) -> None:
    most = settings.ATTACHMENT_MAX_BYTES
    assert uploads.promise(by=rita, name="a.mov", size=most).url
    with pytest.raises(Refused, match=r"“b.mov” is 25.0.MB; the largest file is 25.0.MB"):
        uploads.promise(by=rita, name="b.mov", size=most + 1)
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize("size", [0, -1])
def test_nothing_is_no_file(rita: User, size: int) -> None:
    with pytest.raises(Refused, match="empty"):
        uploads.promise(by=rita, name="a.txt", size=size)


def test_a_person_has_only_so_many_unsent_uploads(rita: User, tomas: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_UNSENT", 2)
    for _each in range(2):
        uploads.promise(by=rita, name="a.txt", size=1)
    with pytest.raises(Refused, match="wait to be sent"):
        uploads.promise(by=rita, name="a.txt", size=1)
    assert uploads.promise(by=tomas, name="a.txt", size=1).url


def test_an_arrival_said_twice_happens_once(rita: User) -> None:
    attachment = send(rita, b"hello", "a.txt")
    again = uploads.arrive(by=rita, attachment_id=attachment.pk)
    assert again.state == State.QUARANTINED
    assert len(events_of(attachment, Kind.UPLOADED)) == 1
    do_duties()
    assert uploads.arrive(by=rita, attachment_id=attachment.pk).state == State.CLEAN
    assert len(events_of(attachment, Kind.UPLOADED)) == 1


def test_an_arrival_without_bytes_stays_a_promise(rita: User) -> None:
    attachment = uploads.promise(by=rita, name="a.txt", size=5).attachment
    with pytest.raises(uploads.NotThere, match=r"“a.txt” did not arrive"):
        uploads.arrive(by=rita, attachment_id=attachment.pk)
    attachment.refresh_from_db()
    assert attachment.state == State.UPLOADING


def test_bytes_of_another_length_are_thrown_away(
    rita: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    """The signature refuses them; this is for a store that does not hold to it."""
    attachment = uploads.promise(by=rita, name="a.txt", size=5).attachment
    url = storage.presign_put(keys.upload(attachment.pk), content_type=uploads.UNKNOWN_TYPE, size=6, seconds=60)
    assert httpx.put(url, content=b"hello!", headers={"Content-Type": uploads.UNKNOWN_TYPE}).status_code == 200
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(Refused, match="did not arrive whole"):
        uploads.arrive(by=rita, attachment_id=attachment.pk)
    assert not Attachment.objects.exists()
    assert not is_stored(keys.upload(attachment.pk))


def test_a_removed_upload_is_gone_from_the_store_too(
    rita: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    attachment = checked(rita, samples.picture())
    with django_capture_on_commit_callbacks(execute=True):
        uploads.remove(by=rita, attachment_id=attachment.pk)
    assert not any(is_stored(key) for key in keys.of(attachment.pk))


def test_files_go_with_a_reply(rita: User, ticket: Ticket) -> None:
    clean, waiting = checked(rita, samples.picture()), send(rita, b"hello", "a.txt")
    message = replies.add(by=rita, ticket=ticket, body="See", attachments=[clean.pk, waiting.pk])
    assert set(message.attachments.all()) == {clean, waiting}


def test_a_photo_may_speak_for_itself(rita: User, ticket: Ticket) -> None:
    message = replies.add(by=rita, ticket=ticket, body="", attachments=[send(rita, b"hello", "a.txt").pk])
    assert message.attachments.count() == 1


def attach(by: User, ticket: Ticket, *ids: uuid.UUID) -> Message:
    return replies.add(by=by, ticket=ticket, body="See", attachments=ids)


def test_nobody_sends_what_another_uploaded(rita: User, tomas: User, ticket: Ticket) -> None:
    foreign = send(tomas, b"hello", "a.txt")
    with pytest.raises(claims.NotYours, match="cannot be used") as refusal:
        attach(rita, ticket, foreign.pk)
    assert refusal.value.field == "attachments"
    foreign.refresh_from_db()
    assert foreign.message is None
    assert ticket.messages.count() == 1


def test_a_guessed_id_gets_the_same_words_as_a_foreign_one(rita: User, tomas: User, ticket: Ticket) -> None:
    foreign = send(tomas, b"hello", "a.txt")
    said = set()
    for each in (foreign.pk, uuid.uuid4()):
        with pytest.raises(claims.NotYours) as refusal:
            attach(rita, ticket, each)
        said.add(str(refusal.value))
    assert len(said) == 1


def test_a_file_goes_on_one_message_only(rita: User, ticket: Ticket) -> None:
    attachment = send(rita, b"hello", "a.txt")
    attach(rita, ticket, attachment.pk)
    with pytest.raises(claims.NotYours):
        attach(rita, ticket, attachment.pk)


def test_a_refused_file_is_not_sent_and_says_why(rita: User, ticket: Ticket) -> None:
    attachment = checked(rita, b"<svg/>", "photo.jpg")
    with pytest.raises(claims.NotYours, match=r"“photo.jpg” was not taken\. .*SVG"):
        attach(rita, ticket, attachment.pk)


def test_a_file_that_is_still_on_its_way_is_not_sent(rita: User, ticket: Ticket) -> None:
    promise = uploads.promise(by=rita, name="a.txt", size=5)
    with pytest.raises(claims.NotYours, match="has not arrived yet"):
        attach(rita, ticket, promise.attachment.pk)


def test_one_bad_file_keeps_all_from_being_sent(rita: User, ticket: Ticket) -> None:
    good = send(rita, b"hello", "a.txt")
    with pytest.raises(claims.NotYours):
        attach(rita, ticket, good.pk, uuid.uuid4())
    good.refresh_from_db()
    assert good.message is None


def test_a_message_takes_ten_files(rita: User, ticket: Ticket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims, "MOST", 1)
    both = [send(rita, b"hello", name).pk for name in ("a.txt", "b.txt")]
    with pytest.raises(claims.NotYours, match="at most 1"):
        attach(rita, ticket, *both)


# -- By the addresses that script calls -------------------------------------------------------------------------------


def test_script_is_told_where_to_send_and_whom_to_tell(rita: User) -> None:
    told = browser_of(rita).post("/uploads/", {"name": "a.txt", "size": "5"}).json()
    assert httpx.put(told["url"], content=b"hello", headers={"Content-Type": told["type"]}).status_code == 200
    for _twice in range(2):
        assert browser_of(rita).post(told["arrival"]).status_code == 204
    assert stored(keys.upload(uuid.UUID(told["id"]))) == b"hello"
    assert len(events_of(Attachment.objects.get(), Kind.UPLOADED)) == 1
    assert browser_of(rita).post(told["removal"]).status_code == 204
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    "given", [{"size": "26214401"}, {"size": "0"}, {"size": "x"}, {}, {"size": "-5"}, {"size": "1e3"}]
)
def test_script_is_told_what_is_wrong(rita: User, given: dict[str, str]) -> None:
    answer = browser_of(rita).post("/uploads/", {"name": "a.txt"} | given)
    assert answer.status_code == 422
    assert answer.json()["error"]
    assert not Attachment.objects.exists()


def test_uploads_of_others_do_not_exist(rita: User, tomas: User) -> None:
    promise = uploads.promise(by=tomas, name="a.txt", size=5)
    for path in ("", "removal/"):
        assert browser_of(rita).post(f"/uploads/{promise.attachment.pk}/{path}").status_code == 404
    assert Attachment.objects.filter(pk=promise.attachment.pk).exists()


def test_what_was_sent_cannot_be_taken_back(rita: User, ticket: Ticket) -> None:
    attachment = checked(rita, samples.picture())
    put_on(first_message(ticket), attachment)
    assert browser_of(rita).post(f"/uploads/{attachment.pk}/removal/").status_code == 404
    assert is_stored(keys.file(attachment.pk))


def test_only_signed_in_people_upload(rita: User) -> None:
    stranger = browser_of(rita)
    stranger.logout()
    assert stranger.post("/uploads/", {"name": "a", "size": "1"}).status_code == 302
    assert not Attachment.objects.exists()


def test_looking_at_an_address_of_uploads_changes_nothing(rita: User) -> None:
    assert browser_of(rita).get("/uploads/").status_code == 405


@pytest.mark.django_db(transaction=True)
def test_an_upload_of_cedar_does_not_exist_at_maple(rita: User, ticket: Ticket, sam: User, cedar: District) -> None:
    with scope.district_scope(cedar):
        foreign = uploads.promise(by=sam, name="a.txt", size=5).attachment
    assert browser_of(rita).post(f"/uploads/{foreign.pk}/").status_code == 404
    with pytest.raises(claims.NotYours):
        attach(rita, ticket, foreign.pk)
