"""Files with plain forms, without script: the same door, the same limits, and nothing typed or chosen is lost."""

import io
import tracemalloc
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from pytest_django import Settings

from accounts.models import User
from helpdesk import storage
from tests.cast import Place
from tests.tickets import attachment_samples as samples
from tests.tickets.attachment_bench import checked, do_duties, first_message, is_stored, send, store, stored
from tests.tickets.front import browser_of, report
from tickets.attachments import claims, keys, uploads
from tickets.attachments.handler import Capped
from tickets.models import Attachment, Message, Queue, Ticket

__all__ = ["store"]

State = Attachment.State


@pytest.fixture
def client(queue: Queue, rita: User) -> Client:
    return browser_of(rita)


def file(data: bytes | None = None, name: str = "board.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, samples.picture() if data is None else data, content_type="image/jpeg")


def ask(client: Client, *files: SimpleUploadedFile, **given: Any) -> Any:
    return client.post("/tickets/", report(**given) | {"attachments": list(files)})


def text_of(answer: Any) -> str:
    return str(answer.content, "utf-8")


def test_a_photo_comes_with_a_report(client: Client) -> None:
    assert ask(client, file(), file(b"words", "log.txt")).status_code == 303
    attachments = list(first_message(Ticket.objects.get()).attachments.order_by("name"))
    assert [(each.name, each.state) for each in attachments] == [
        ("board.jpg", State.QUARANTINED),
        ("log.txt", State.QUARANTINED),
    ]
    assert stored(keys.upload(attachments[1].pk)) == b"words"
    do_duties()
    assert Attachment.objects.filter(state=State.CLEAN).count() == 2


def test_a_photo_comes_with_a_letter(client: Client, ticket: Ticket) -> None:
    given = {"form_key": str(uuid.uuid4()), "body": "See", "attachments": [file()]}
    assert client.post(f"/tickets/{ticket.number}/messages/", given).status_code == 303
    assert Message.objects.latest("pk").attachments.count() == 1


def test_a_photo_comes_with_a_technicians_answer(ticket: Ticket, tomas: User) -> None:
    given = {"form_key": str(uuid.uuid4()), "kind": "public", "body": "See", "seen": "1", "attachments": [file()]}
    answer = browser_of(tomas).post(f"/tickets/{ticket.number}/messages/", given)
    assert answer.status_code == 303, text_of(answer)[:2000]
    assert Message.objects.latest("pk").attachments.get().uploaded_by == tomas


def test_thirty_megabytes_get_a_message_and_the_words_stay(client: Client) -> None:
    answer = ask(client, file(b"x" * (30 * storage.MIB), "film.mov"), body="The board is dark")
    page = text_of(answer)
    assert answer.status_code == 422
    assert "“film.mov” is 30.0\xa0MB; the largest file is 25.0\xa0MB. It was not added." in page
    assert "The board is dark" in page
    assert (Ticket.objects.count(), Attachment.objects.count()) == (0, 0)
    assert not list(storage.under(keys.prefix()))


def test_a_file_of_exactly_the_limit_is_taken(client: Client, settings: Settings) -> None:
    settings.ATTACHMENT_MAX_BYTES = 5000
    assert ask(client, file(b"x" * 5000, "a.txt")).status_code == 303
    assert ask(client, file(b"x" * 5001, "a.txt")).status_code == 422
    assert Attachment.objects.count() == 1


def test_a_good_file_beside_a_bad_one_stays_chosen(client: Client, settings: Settings) -> None:
    settings.ATTACHMENT_MAX_BYTES = 5000
    answer = ask(client, file(b"x" * 9000, "large.txt"), file(b"words", "small.txt"))
    kept = Attachment.objects.get()
    assert answer.status_code == 422
    assert f'name="attachment" value="{kept.pk}" checked' in text_of(answer)
    assert ask(client, attachment=[str(kept.pk)]).status_code == 303
    assert list(first_message(Ticket.objects.get()).attachments.all()) == [kept]


def test_a_file_stays_chosen_when_something_else_is_wrong(client: Client) -> None:
    answer = ask(client, file(), body="")
    kept = Attachment.objects.get()
    assert answer.status_code == 422
    assert f'name="attachment" value="{kept.pk}" checked' in text_of(answer)
    assert "board.jpg" in text_of(answer)


def test_uploads_of_script_and_plain_files_go_together(client: Client, rita: User) -> None:
    before = send(rita, b"words", "log.txt")
    assert ask(client, file(), attachment=[str(before.pk)]).status_code == 303
    assert first_message(Ticket.objects.get()).attachments.count() == 2


def test_an_upload_whose_arrival_was_never_told_is_looked_for(client: Client, rita: User) -> None:
    promise = uploads.promise(by=rita, name="log.txt", size=5)
    storage.put(keys.upload(promise.attachment.pk), io.BytesIO(b"words"), content_type="x/y")
    assert ask(client, attachment=[str(promise.attachment.pk)]).status_code == 303
    assert first_message(Ticket.objects.get()).attachments.get().state == State.QUARANTINED


def test_a_promise_that_never_came_is_told(client: Client, rita: User) -> None:
    promise = uploads.promise(by=rita, name="log.txt", size=5)
    answer = ask(client, attachment=[str(promise.attachment.pk)])
    assert (answer.status_code, "“log.txt” did not arrive" in text_of(answer)) == (422, True)


def test_a_refused_upload_says_why_and_is_not_shown_again(client: Client, rita: User) -> None:
    refused = checked(rita, b"<svg/>", "photo.jpg")
    answer = ask(client, attachment=[str(refused.pk)])
    assert (answer.status_code, "SVG drawings" in text_of(answer)) == (422, True)
    assert f'value="{refused.pk}"' not in text_of(answer)


def test_ids_of_others_and_nonsense_are_refused_alike(client: Client, tomas: User) -> None:
    foreign = send(tomas, b"words", "secret.txt")
    for each in (str(foreign.pk), str(uuid.uuid4()), "nonsense", "' OR 1=1 --"):
        answer = ask(client, attachment=[each])
        assert answer.status_code == 422
        assert "One of the files cannot be used here" in text_of(answer)
        assert "secret.txt" not in text_of(answer)
    assert not Ticket.objects.exists()


def test_too_many_files_are_told(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims, "MOST", 2)
    answer = ask(client, *[file(b"words", f"{number}.txt") for number in range(3)])
    assert (answer.status_code, "At most 2" in text_of(answer) or "at most 2" in text_of(answer)) == (422, True)


def test_a_form_with_hundreds_of_files_is_turned_away(client: Client) -> None:
    answer = ask(client, *[file(b"words", f"{number}.txt") for number in range(100)])
    assert answer.status_code in (400, 413)
    assert not Attachment.objects.exists()


def test_an_empty_file_is_told(client: Client) -> None:
    answer = ask(client, file(b"", "nothing.txt"))
    assert (answer.status_code, "“nothing.txt” is empty" in text_of(answer)) == (422, True)


def test_the_same_form_sent_twice_makes_one_ticket(client: Client) -> None:
    given = report() | {"attachments": [file()]}
    first = client.post("/tickets/", given)
    second = client.post("/tickets/", given | {"attachments": [file()]})
    assert (first.headers["Location"], Ticket.objects.count()) == (second.headers["Location"], 1)
    assert first_message(Ticket.objects.get()).attachments.count() == 1


def test_a_form_of_script_sent_twice_makes_one_ticket(client: Client, rita: User) -> None:
    given = report(attachment=[str(send(rita, b"words", "log.txt").pk)])
    first, second = (client.post("/tickets/", given) for _twice in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert (first.headers["Location"], Ticket.objects.count()) == (second.headers["Location"], 1)


@pytest.mark.parametrize("who", ["rita", "tomas"])
def test_a_letter_of_script_sent_twice_is_one_letter(
    request: pytest.FixtureRequest, ticket: Ticket, tomas: User, who: str
) -> None:
    person: User = request.getfixturevalue(who)
    upload = send(person, b"words", "log.txt")
    given = {"form_key": str(uuid.uuid4()), "kind": "public", "body": "See", "attachment": [str(upload.pk)]}
    if person == tomas:
        given["seen"] = "1"
    client = browser_of(person)
    answers = [client.post(f"/tickets/{ticket.number}/messages/", given).status_code for _twice in range(2)]
    assert (answers, ticket.messages.count()) == ([303, 303], 2)


def test_a_store_that_is_down_keeps_the_words(client: Client, settings: Settings) -> None:
    working = settings.S3_ENDPOINT_URL
    settings.S3_ENDPOINT_URL = "http://127.0.0.1:9"
    answer = ask(client, file(), body="The board is dark")
    settings.S3_ENDPOINT_URL = working
    assert (answer.status_code, "could not be stored just now" in text_of(answer)) == (422, True)
    assert "The board is dark" in text_of(answer)


def test_a_strange_name_is_shown_as_words(client: Client) -> None:
    answer = ask(client, file(b"words", "<img src=x onerror=alert(1)>.txt"), body="")
    assert "<img src=x" not in text_of(answer)
    assert Attachment.objects.get().name == "_img src=x onerror=alert(1)_.txt"


def test_an_answer_that_crossed_with_another_keeps_its_files(ticket: Ticket, tomas: User, rita: User) -> None:
    from tickets.desk import replies

    replies.add(by=rita, ticket=ticket, body="One more thing")
    given = {"form_key": str(uuid.uuid4()), "kind": "public", "body": "See", "seen": "1", "attachments": [file()]}
    answer = browser_of(tomas).post(f"/tickets/{ticket.number}/messages/", given)
    assert answer.status_code == 409
    kept = Attachment.objects.get()
    assert f'name="attachment" value="{kept.pk}" checked' in text_of(answer)
    assert is_stored(keys.upload(kept.pk))


# -- In little memory and disk ----------------------------------------------------------------------------------------


class Slow(io.RawIOBase):
    """A multipart body of any length, made as it is read."""

    def __init__(self, size: int) -> None:
        self.parts = self._parts(size)
        self.rest = b""

    def _parts(self, size: int) -> Iterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="body"\r\n\r\nKept\r\n'
        yield b'--b\r\nContent-Disposition: form-data; name="attachments"; filename="a.mov"\r\n\r\n'
        for _each in range(size // 65536):
            yield b"\1" * 65536
        yield b"\r\n--b--\r\n"

    def read(self, size: int = -1) -> bytes:
        while len(self.rest) < size and (more := next(self.parts, b"")):
            self.rest += more
        found, self.rest = self.rest[:size], self.rest[size:]
        return found


def test_a_large_form_is_read_in_little_memory(rita: User) -> None:
    size = 60 * storage.MIB
    sent: dict[str, Any] = {"wsgi.input": Slow(size), "CONTENT_LENGTH": str(size + 1000)}
    sent["CONTENT_TYPE"] = "multipart/form-data; boundary=b"
    request = RequestFactory().generic("POST", "/", **sent)
    request.user = rita
    tracemalloc.start()
    found: Any = request.FILES["attachments"]
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (request.POST["body"], found.size) == ("Kept", size)
    assert peak < 8 * storage.MIB


def test_nothing_is_kept_of_people_who_are_not_signed_in() -> None:
    handler = Capped()
    handler.new_file("attachments", "a.txt", "text/plain", 5)
    handler.receive_data_chunk(b"words", 0)
    assert handler.kept == 0


def test_a_file_within_the_limit_passes_to_the_store_in_little_memory(rita: User, lincoln: Place) -> None:
    class Ones(io.RawIOBase):
        left = 20 * storage.MIB

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            size = min(len(buffer), self.left)
            buffer[:size] = b"1" * size
            self.left -= size
            return size

    tracemalloc.start()
    uploads.receive(by=rita, name="a.txt", size=20 * storage.MIB, file=io.BufferedReader(Ones()))
    do_duties()
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert Attachment.objects.get().state == State.CLEAN
    assert peak < 48 * storage.MIB
