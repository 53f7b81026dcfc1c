"""The check: what becomes of an upload between its arrival and the first time somebody may open it."""

import hashlib
import io
import tracemalloc
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from PIL import Image
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.models import User
from helpdesk import storage
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
from tickets.attachments import check, images, keys, scanning, types, uploads
from tickets.models import Attachment, Duty, Ticket
from tickets.spine import duties
from tickets.spine.events import Kind

State = Attachment.State

__all__ = ["store"]


def opened(attachment: Attachment, key: str = "") -> Image.Image:
    return Image.open(io.BytesIO(stored(key or keys.file(attachment.pk))))


def test_an_upload_waits_in_quarantine_until_it_was_checked(rita: User) -> None:
    attachment = send(rita, samples.picture())
    assert attachment.state == State.QUARANTINED
    assert not is_stored(keys.file(attachment.pk))
    do_duties()
    attachment.refresh_from_db()
    assert attachment.state == State.CLEAN
    assert attachment.checked_at is not None
    assert events_of(attachment, Kind.CHECKED) == [
        {"attachment": str(attachment.pk), "state": "clean", "scanned": False}
    ]


@pytest.mark.parametrize(
    ("data", "name", "media_type"),
    [
        (samples.picture("PNG"), "board.jpg", "image/png"),
        (samples.pdf(), "bill.pdf", "application/pdf"),
        (b"plain words", "notes.txt", "text/plain"),
        (samples.archive(), "letter.docx", types.DOCX.media_type),
        (samples.video(), "board.mp4", "video/mp4"),
        (samples.film(), "dance.gif", "image/gif"),
        (samples.picture("WEBP"), "board.webp", "image/webp"),
    ],
)
def test_the_type_on_record_is_that_of_the_bytes(rita: User, data: bytes, name: str, media_type: str) -> None:
    attachment = checked(rita, data, name)
    assert (attachment.state, attachment.media_type) == (State.CLEAN, media_type)
    kept = stored(keys.file(attachment.pk))
    assert attachment.size == len(kept)
    assert attachment.sha256 == hashlib.sha256(kept).hexdigest()


def test_a_drawing_named_as_a_photo_is_refused(rita: User) -> None:
    attachment = checked(rita, b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "photo.jpg")
    assert attachment.state == State.REFUSED
    assert "SVG" in attachment.refusal
    assert not is_stored(keys.file(attachment.pk))
    assert events_of(attachment, Kind.CHECKED)[0]["state"] == "refused"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_loses_place_and_phone(rita: User, kind: str) -> None:
    data = samples.picture(kind)
    assert samples.SECRET_PLACE in data
    attachment = checked(rita, data)
    for key in (keys.file(attachment.pk), keys.preview(attachment.pk)):
        assert samples.SECRET_PLACE not in stored(key)
        assert not dict(opened(attachment, key).getexif())


def test_a_comment_and_a_text_chunk_go_too(rita: User) -> None:
    assert samples.SECRET_PLACE not in stored(
        keys.file(checked(rita, samples.picture(comment=samples.SECRET_PLACE)).pk)
    )


def test_a_photo_is_turned_upright(rita: User) -> None:
    attachment = checked(rita, samples.picture(size=(60, 40), orientation=6))
    assert (attachment.width, attachment.height) == (40, 60)
    red, _green, blue = opened(attachment).convert("RGB").getpixel((20, 10))  # type: ignore[misc]
    assert red > 200 > blue


def test_a_photo_of_an_iphone_becomes_one_that_every_browser_shows(rita: User) -> None:
    attachment = checked(rita, samples.HEIC, "IMG_0042.HEIC")
    assert (attachment.state, attachment.media_type, attachment.name) == (State.CLEAN, "image/jpeg", "IMG_0042.jpg")
    assert opened(attachment).format == "JPEG"
    assert not dict(opened(attachment).getexif())


def test_a_large_photo_gets_a_small_one_beside_it(rita: User) -> None:
    attachment = checked(rita, samples.picture(size=(2000, 1000)))
    assert opened(attachment).size == (2000, 1000)
    assert opened(attachment, keys.preview(attachment.pk)).size == (images.PREVIEW_SIDE, 640)


def test_a_film_keeps_its_frames(rita: User) -> None:
    assert getattr(opened(checked(rita, samples.film(frames=4), "a.gif")), "n_frames", 1) == 4


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "LA", "I;16"])
def test_a_picture_of_any_colours_is_taken(rita: User, mode: str) -> None:
    file = io.BytesIO()
    Image.new(mode, (20, 20)).save(file, "PNG")
    assert checked(rita, file.getvalue(), "a.png").state == State.CLEAN


def test_a_printers_picture_is_taken(rita: User) -> None:
    file = io.BytesIO()
    Image.new("CMYK", (20, 20)).save(file, "JPEG")
    assert checked(rita, file.getvalue()).state == State.CLEAN


def test_what_hides_behind_a_picture_is_gone(rita: User) -> None:
    hidden = samples.archive({"Evil.class": b"\xca\xfe\xba\xbe"})
    for data, name in ((samples.picture("GIF") + hidden, "a.gif"), (samples.picture() + b"<script>", "a.jpg")):
        attachment = checked(rita, data, name)
        assert attachment.state == State.CLEAN
        assert hidden not in stored(keys.file(attachment.pk))
        assert b"<script>" not in stored(keys.file(attachment.pk))


def test_a_flood_of_points_is_refused_before_it_is_decoded(rita: User) -> None:
    tracemalloc.start()
    attachment = checked(rita, samples.flood(), "flood.png")
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (attachment.state, "50 million" in attachment.refusal) == (State.REFUSED, True)
    assert peak < 32 * storage.MIB


def test_a_flood_of_frames_is_refused(rita: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "MOST_PIXELS", 3 * 30 * 20)
    assert checked(rita, samples.film(frames=3), "a.gif").state == State.CLEAN
    assert checked(rita, samples.film(frames=4), "b.gif").state == State.REFUSED


@pytest.mark.parametrize("cut", [30, 200, -20])
def test_a_damaged_picture_is_refused(rita: User, cut: int) -> None:
    attachment = checked(rita, samples.picture(size=(300, 300))[:cut])
    assert (attachment.state, "damaged" in attachment.refusal) == (State.REFUSED, True)


def bomb() -> bytes:
    """101 MiB of zeros in a hundred kilobytes."""
    return samples.archive(samples.WORD | {"word/big.xml": b"\0" * (101 * storage.MIB)})


def lying() -> bytes:
    """An entry that says it is shorter than it is."""
    data = bytearray(samples.archive(samples.WORD | {"word/media.bin": b"A" * 5000}))
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    return bytes(data)


def overlapping() -> bytes:
    """Two entries that share their bytes."""
    data = bytearray(samples.archive(samples.WORD | {"word/a.bin": b"A" * 500, "word/b.bin": b"B" * 500}))
    with zipfile.ZipFile(io.BytesIO(data)) as made:
        first = made.getinfo("word/a.bin").header_offset
    at = data.rfind(b"PK\x01\x02")
    data[at + 42 : at + 46] = (first + 4).to_bytes(4, "little")
    return bytes(data)


def locked() -> bytes:
    data = bytearray(samples.archive())
    at = data.rfind(b"PK\x01\x02")
    data[at + 8] |= 1
    return bytes(data)


def link() -> bytes:
    file = io.BytesIO(samples.archive())
    with zipfile.ZipFile(file, "a") as made:
        entry = zipfile.ZipInfo("word/link")
        entry.external_attr = 0o120777 << 16
        made.writestr(entry, "/etc/passwd")
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (bomb(), "unpacks"),
        (samples.archive(samples.WORD | {f"word/{number}": b"" for number in range(1000)}), "unpacks"),
        (lying(), "damaged"),
        (overlapping(), "unpacks"),
        (locked(), "password"),
        (link(), "places"),
        (samples.archive(samples.WORD | {"../../evil.sh": b"x"}), "places"),
        (samples.archive(samples.WORD | {"/etc/passwd": b"x"}), "places"),
        (samples.archive(samples.WORD | {"word/vbaProject.bin": b"x"}), "macros"),
        (samples.archive()[:-30], "damaged"),
        (
            samples.archive(samples.WORD | {"word/media.bin": samples.noise(3000)}).replace(
                samples.noise(3000)[:50], b"x" * 50
            ),
            "damaged",
        ),
    ],
    ids=["bomb", "entries", "lying", "overlap", "locked", "link", "slip", "absolute", "macros", "cut", "sum"],
)
def test_a_document_that_is_more_than_a_document_is_refused(rita: User, data: bytes, words: str) -> None:
    attachment = checked(rita, data, "letter.docx")
    assert attachment.state == State.REFUSED, attachment.name
    assert words in attachment.refusal


def test_a_bomb_is_read_in_little_memory(rita: User) -> None:
    data = bomb()
    tracemalloc.start()
    assert checked(rita, data, "bomb.docx").state == State.REFUSED
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 16 * storage.MIB


def test_a_video_loses_its_place_and_nothing_else_moves(rita: User) -> None:
    data = samples.video()
    attachment = checked(rita, data, "board.mp4")
    kept = stored(keys.file(attachment.pk))
    assert samples.SECRET_PLACE not in kept
    assert (len(kept), kept[-72:]) == (len(data), data[-72:])


@pytest.mark.parametrize(
    "data",
    [
        samples.video()[:-10],
        samples.video(end=b"\0\0\0\1mdat\xff\xff\xff\xff\xff\xff\xff\xff"),
        samples.box(b"ftyp", b"isom\0\0\0\0"),
        samples.box(b"ftyp", b"isom\0\0\0\0") + (b"\xff\xff\xff\xffmoov" * 3000),
        samples.box(b"ftyp", b"isom\0\0\0\0") + b"".join((8 * (4000 - n)).to_bytes(4) + b"moov" for n in range(4000)),
    ],
    ids=["cut", "huge", "empty", "lying", "deep"],
)
def test_a_damaged_video_is_refused(rita: User, data: bytes) -> None:
    assert checked(rita, data, "board.mp4").state == State.REFUSED


def test_text_that_turns_into_something_else_is_refused(rita: User) -> None:
    attachment = checked(rita, b"a line of words\n" * 5000 + b"\0\1\2\3", "log.txt")
    assert (attachment.state, "not a text" in attachment.refusal) == (State.REFUSED, True)


def test_a_script_of_words_gets_a_name_that_runs_nowhere(rita: User) -> None:
    assert checked(rita, b"del /q *.*", "tidy.bat").name == "tidy.bat.txt"


def test_an_upload_changed_after_its_arrival_is_refused(rita: User) -> None:
    attachment = send(rita, samples.picture())
    storage.put(keys.upload(attachment.pk), io.BytesIO(samples.picture("PNG", (90, 90))), content_type="x/y")
    do_duties()
    attachment.refresh_from_db()
    assert attachment.state == State.REFUSED


def test_what_is_served_cannot_be_reached_by_the_uploaders_address(rita: User) -> None:
    attachment = checked(rita, samples.pdf(), "bill.pdf")
    storage.put(keys.upload(attachment.pk), io.BytesIO(b"<script>"), content_type="text/html")
    assert stored(keys.file(attachment.pk)) == samples.pdf()


def test_the_quarantine_is_emptied_after_the_commit(
    rita: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    attachment = send(rita, samples.picture())
    with django_capture_on_commit_callbacks(execute=True):
        do_duties()
    assert not is_stored(keys.upload(attachment.pk))
    assert is_stored(keys.file(attachment.pk))


def test_the_event_names_the_ticket_of_a_file_that_was_sent(rita: User, ticket: Ticket) -> None:
    attachment = send(rita, samples.picture())
    put_on(first_message(ticket), attachment)
    do_duties()
    assert ticket.events.filter(kind=Kind.CHECKED).count() == 1


def test_checking_twice_changes_nothing(rita: User) -> None:
    attachment = checked(rita, samples.picture())
    duty = Duty.objects.get(consumer="attachments.check")
    assert check.check(duty.event) is None
    check.settle(attachment, check.Finding(refusal="no"))
    attachment.refresh_from_db()
    assert attachment.state == State.CLEAN
    assert len(events_of(attachment, Kind.CHECKED)) == 1


def test_a_worker_killed_in_the_middle_leaves_the_duty_to_the_next(rita: User) -> None:
    attachment = send(rita, samples.picture())
    duty = Duty.objects.get(consumer="attachments.check")
    assert duties.claim(duty, lease=timedelta(minutes=2))  # ... and the worker is gone
    check.check(duty.event)  # even after its work, as long as it had not committed
    assert do_duties() == 0
    Duty.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert do_duties() == 1
    attachment.refresh_from_db()
    assert attachment.state == State.CLEAN


def test_a_store_that_is_down_postpones_the_check(rita: User, settings: Settings) -> None:
    attachment = send(rita, samples.picture())
    working = settings.S3_ENDPOINT_URL
    settings.S3_ENDPOINT_URL = "http://127.0.0.1:9"
    assert do_duties() == 0
    settings.S3_ENDPOINT_URL = working
    attachment.refresh_from_db()
    assert attachment.state == State.QUARANTINED
    Duty.objects.update(not_before=None)
    assert do_duties() == 1


def test_an_upload_taken_back_during_its_check_leaves_nothing(
    rita: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    attachment = send(rita, samples.picture())
    effect = check.check(Duty.objects.get(consumer="attachments.check").event)
    assert effect is not None
    assert is_stored(keys.file(attachment.pk))
    uploads.remove(by=rita, attachment_id=attachment.pk)
    with django_capture_on_commit_callbacks(execute=True):
        effect()
    assert not any(is_stored(key) for key in keys.of(attachment.pk))


class Eager:
    """A scanner that knows one word."""

    def scan(self, path: Path) -> scanning.Verdict:
        return scanning.Verdict(looked=True, found="Test" if b"EICAR" in path.read_bytes() else "")


def test_a_scanner_has_its_place(rita: User, settings: Settings) -> None:
    settings.ATTACHMENT_SCANNER = f"{__name__}.Eager"
    harmful, harmless = checked(rita, b"EICAR", "a.txt"), checked(rita, b"hello", "b.txt")
    assert (harmful.state, "scanner" in harmful.refusal) == (State.REFUSED, True)
    assert harmless.state == State.CLEAN
    assert events_of(harmless, Kind.CHECKED)[0]["scanned"] is True
