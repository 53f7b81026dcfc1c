"""The object store, by its real protocol: what we write and read, and what a signed address allows and no more."""

import io
import tracemalloc
import uuid
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest
from pytest_django import Settings

from helpdesk import storage

TYPE = "application/octet-stream"


@pytest.fixture
def key() -> Iterator[str]:
    name = f"test/{uuid.uuid4()}"
    yield name
    storage.delete(name)


def test_what_is_put_can_be_read_in_blocks(key: str) -> None:
    storage.put(key, io.BytesIO(b"x" * (storage.BLOCK + 1)), content_type="text/plain")
    with storage.open(key) as blocks:
        assert [len(block) for block in blocks] == [storage.BLOCK, 1]


def test_its_head_tells_size_and_type(key: str) -> None:
    storage.put(key, io.BytesIO(b"hello"), content_type="text/plain")
    found = storage.head(key)
    assert (found.size, found.content_type) == (5, "text/plain")


def test_what_is_not_there_is_missing(key: str) -> None:
    with pytest.raises(storage.Missing):
        storage.head(key)
    with pytest.raises(storage.Missing), storage.open(key):
        pass


def test_deleting_twice_is_no_error(key: str) -> None:
    storage.put(key, io.BytesIO(b"hello"), content_type=TYPE)
    storage.delete(key, key)
    with pytest.raises(storage.Missing):
        storage.head(key)


def test_keys_are_found_by_their_beginning(key: str) -> None:
    storage.put(key, io.BytesIO(b"hello"), content_type=TYPE)
    assert [found for found, _changed in storage.under(key)] == [key]


def test_a_wrong_secret_is_refused_for_good(key: str, settings: Settings) -> None:
    settings.S3_SECRET_ACCESS_KEY = "not-the-secret"
    with pytest.raises(storage.StorageError) as refusal:
        storage.put(key, io.BytesIO(b"hello"), content_type=TYPE)
    assert refusal.value.permanent


def test_a_store_that_is_down_may_come_back(key: str, settings: Settings) -> None:
    settings.S3_ENDPOINT_URL = "http://127.0.0.1:9"  # the port of discard, where nobody listens
    with pytest.raises(storage.StorageError) as refusal:
        storage.head(key)
    assert not refusal.value.permanent


def test_a_signed_upload_takes_exactly_the_promised_bytes(key: str) -> None:
    url = storage.presign_put(key, content_type=TYPE, size=5, seconds=60)
    assert httpx.put(url, content=b"hello", headers={"Content-Type": TYPE}).status_code == 200
    assert storage.head(key).size == 5


@pytest.mark.parametrize(
    ("body", "content_type"),
    [(b"hello!", TYPE), (b"hell", TYPE), (b"hello", "text/html")],
    ids=["more", "less", "type"],
)
def test_a_signed_upload_takes_nothing_else(key: str, body: bytes, content_type: str) -> None:
    url = storage.presign_put(key, content_type=TYPE, size=5, seconds=60)
    assert httpx.put(url, content=body, headers={"Content-Type": content_type}).status_code == 403
    with pytest.raises(storage.Missing):
        storage.head(key)


def test_a_signed_upload_is_for_one_key(key: str) -> None:
    url = storage.presign_put(key, content_type=TYPE, size=5, seconds=60)
    other = url.replace(key, f"{key}-other")
    assert httpx.put(other, content=b"hello", headers={"Content-Type": TYPE}).status_code == 403


def test_a_signed_upload_cannot_be_read_back(key: str) -> None:
    storage.put(key, io.BytesIO(b"hello"), content_type=TYPE)
    url = storage.presign_put(key, content_type=TYPE, size=5, seconds=60)
    assert httpx.get(url).status_code == 403


def test_a_browser_of_another_origin_may_upload(key: str) -> None:
    url = storage.presign_put(key, content_type=TYPE, size=5, seconds=60)
    asking = {
        "Origin": "http://maple.localhost:8000",
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "content-type",
    }
    answer = httpx.options(url, headers=asking)
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] in ("*", asking["Origin"])
    assert "PUT" in answer.headers["Access-Control-Allow-Methods"]


def test_a_signed_link_gives_the_type_and_name_that_we_say(key: str) -> None:
    storage.put(key, io.BytesIO(b"<script>"), content_type="text/html")
    said = storage.disposition("señal “x”.txt")
    answer = httpx.get(storage.presign_get(key, disposition=said, content_type=TYPE, seconds=60))
    assert answer.headers["Content-Type"] == TYPE
    assert answer.headers["Content-Disposition"] == said


def test_a_signed_link_cannot_be_turned_into_a_page(key: str) -> None:
    storage.put(key, io.BytesIO(b"<script>"), content_type=TYPE)
    url = storage.presign_get(key, disposition="attachment", content_type=TYPE, seconds=60)
    for changed in (url.replace("octet-stream", "xhtml%2Bxml"), url.replace("=attachment", "=inline")):
        assert changed != url
        assert httpx.get(changed).status_code == 403


def test_addresses_for_browsers_name_the_public_host(key: str, settings: Settings) -> None:
    settings.S3_PUBLIC_URL = "https://files.example"
    url = storage.presign_get(key, disposition="attachment", content_type=TYPE, seconds=60)
    assert urlsplit(url)[:2] == ("https", "files.example")


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("photo.jpg", "attachment; filename=\"photo.jpg\"; filename*=UTF-8''photo.jpg"),
        ("a b.txt", "attachment; filename=\"a b.txt\"; filename*=UTF-8''a%20b.txt"),
        ('q"\\%.txt', "attachment; filename=\"q___.txt\"; filename*=UTF-8''q%22%5C%25.txt"),
        ("ñ.txt", "attachment; filename=\"_.txt\"; filename*=UTF-8''%C3%B1.txt"),
    ],
)
def test_a_name_travels_in_both_forms(name: str, header: str) -> None:
    assert storage.disposition(name) == header


def test_large_objects_pass_in_little_memory(key: str) -> None:
    class Zeros(io.RawIOBase):
        """24 MiB of nothing, made as they are read."""

        left = 24 * storage.MIB

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
            size = min(len(buffer), self.left)
            self.left -= size
            return size

    tracemalloc.start()
    storage.put(key, io.BufferedReader(Zeros()), content_type=TYPE)  # type: ignore[type-var]
    with storage.open(key) as blocks:
        total = sum(len(block) for block in blocks)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert total == 24 * storage.MIB
    assert peak < 64 * storage.MIB
