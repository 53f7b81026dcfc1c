"""What a file is, told by its bytes: the list of types, everything that is refused, and the names files are given."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tickets import attachment_samples as samples
from tickets.attachments import names, sniffing, types
from tickets.attachments.types import FileType, Refusal

TAKEN = {
    "jpeg": (samples.picture(), types.JPEG),
    "png": (samples.picture("PNG"), types.PNG),
    "gif": (samples.picture("GIF"), types.GIF),
    "webp": (samples.picture("WEBP"), types.WEBP),
    "heic": (samples.HEIC, types.HEIC),
    "mp4": (samples.video(), types.MP4),
    "mov": (samples.video(b"qt  "), types.MOV),
    "pdf": (samples.pdf(), types.PDF),
    "text": (b"The projector\r\nshows nothing\n", types.TEXT),
    "spanish text": ("¿Qué pasa?".encode(), types.TEXT),
    "old text": ("Señor, ¿qué pasa?".encode("cp1252"), types.TEXT),
    "utf-16 text": ("Event log".encode("utf-16"), types.TEXT),
    "csv": (b"name,room\nRita,214\n", types.TEXT),
    "a log that quotes a page": (b"10:02 answer was <html><body>502</body></html>", types.TEXT),
    "docx": (samples.archive(), types.DOCX),
    "xlsx": (samples.archive({"[Content_Types].xml": b"x", "xl/workbook.xml": b"x"}), types.XLSX),
    "pptx": (samples.archive({"[Content_Types].xml": b"x", "ppt/presentation.xml": b"x"}), types.PPTX),
    "odt": (samples.opendocument(), types.ODT),
    "ods": (samples.opendocument("spreadsheet"), types.ODS),
}
REFUSED = {
    "nothing": (b"", "empty"),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "SVG"),
    "svg behind a declaration": (b'<?xml version="1.0"?><svg/>', "XML"),
    "svg behind spaces": (b"\n\n   \t<svg onload=alert(1)>", "SVG"),
    "svg in utf-16": ("<svg/>".encode("utf-16"), "SVG"),
    "svg in utf-16 without its mark": ("<svg/>".encode("utf-16-le"), "SVG"),
    "html": (b"<!DOCTYPE html><script>alert(1)</script>", "Web pages"),
    "html after a mark": (b"\xef\xbb\xbf<html>", "Web pages"),
    "html after a comment": (b"<!-- hello --><body onload=alert(1)>", "Web pages"),
    "a script tag": (b"<script>alert(1)</script>", "Web pages"),
    "an odd tag": (b"<x onclick=alert(1)>", "Web pages"),
    "php": (b"<?php system('id');", "Web pages"),
    "xhtml": (b'<html xmlns="http://www.w3.org/1999/xhtml"/>', "Web pages"),
    "a windows program": (b"MZ\x90\x00" + b"\0" * 60, "Programs"),
    "a linux program": (b"\x7fELF" + b"\0" * 60, "Programs"),
    "a java class": (b"\xca\xfe\xba\xbe\0\0\0\x34", "Programs"),
    "a shell script": (b"#!/bin/sh\nrm -rf /\n", "Programs"),
    "a shortcut": (b"L\0\0\0\x01\x14\x02\0" + b"\0" * 40, "Programs"),
    "a zip file": (samples.archive({"a.txt": b"hi"}), "Archives"),
    "an empty zip file": (samples.archive({}), "Archives"),
    "a jar": (samples.archive({"META-INF/MANIFEST.MF": b"x", "A.class": b"\xca\xfe\xba\xbe"}), "Archives"),
    "gzip": (b"\x1f\x8b\x08\0\0\0\0\0", "Archives"),
    "old office": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 40, "Old"),
    "a bitmap": (b"BM\x36\0\0\0\0\0\0\0", "not taken"),
    "tiff": (b"II*\0\x08\0\0\0", "not taken"),
    "noise": (samples.noise(500), "not taken"),
    "avif": (b"\0\0\0\x20ftypavif\0\0\0\0", "not taken"),
}


def sniffed(data: bytes) -> FileType:
    return sniffing.sniff(io.BytesIO(data))


@pytest.mark.parametrize("name", TAKEN)
def test_a_type_on_the_list_is_known_by_its_bytes(name: str) -> None:
    data, kind = TAKEN[name]
    assert sniffed(data) == kind


@pytest.mark.parametrize("name", REFUSED)
def test_everything_else_is_refused_with_a_reason(name: str) -> None:
    data, words = REFUSED[name]
    with pytest.raises(Refusal, match=words):
        sniffed(data)


@given(st.binary(max_size=3000))
def test_bytes_of_any_kind_get_an_answer(data: bytes) -> None:
    try:
        kind: FileType | None = sniffed(data)
    except Refusal:
        kind = None
    assert kind is None or kind in types.ALL


@given(st.sampled_from([b"PK\x03\x04", b"PK\x03\x04" + samples.archive()[4:200]]), st.binary(max_size=500))
def test_broken_archives_get_an_answer(start: bytes, rest: bytes) -> None:
    with pytest.raises(Refusal):
        sniffed(start + rest)


NAMES = {
    "photo.jpg": "photo.jpg",
    "": "file",
    "...": "file",
    " . ": "file",
    ".htaccess": "htaccess",
    "../../etc/passwd": "passwd",
    "..\\..\\boot.ini": "boot.ini",
    "C:\\Users\\Rita\\board.png": "board.png",
    "a/b/": "file",
    "ev\u200bil\u200d.ph\u200bp": "evil.php",
    "\ufeff.htaccess": "htaccess",
    "invoice\u202egnp.exe": "invoicegnp.exe",
    "one\r\nSet-Cookie: a=b.txt": "one Set-Cookie_ a=b.txt",
    "nul\x00byte.txt": "nulbyte.txt",
    "tab\tand  spaces .txt": "tab and spaces.txt",
    "CON": "_CON",
    "con.txt": "_con.txt",
    "LPT1.log": "_LPT1.log",
    "COM¹.log": "_COM¹.log",
    'a"b<c>|d?.txt': "a_b_c__d_.txt",
    "foto pequeña.jpg": "foto pequeña.jpg",
    "n\u0303.jpg": "ñ.jpg",
    "写真.heic": "写真.heic",
    "📷.jpg": "📷.jpg",
    "trailing.": "trailing",
    "trailing.txt   ": "trailing.txt",
    "100%.txt": "100_.txt",
    "x" * 300 + ".jpg": "x" * 116 + ".jpg",
    "x" * 300: "x" * 120,
}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_made_harmless(name: str) -> None:
    assert names.clean(name) == NAMES[name]


@given(st.text(max_size=400))
def test_a_clean_name_is_short_visible_and_stays_the_same(name: str) -> None:
    clean = names.clean(name)
    assert clean
    assert len(clean) <= names.LONGEST + 1
    assert clean.isprintable()
    assert not set(clean) & set('<>:"|?*%\\/')
    assert not clean.startswith(".")
    assert names.clean(clean) == clean


@pytest.mark.parametrize(
    ("name", "kind", "fitting"),
    [
        ("photo.JPG", types.JPEG, "photo.JPG"),
        ("photo.jpg", types.PNG, "photo.png"),
        ("IMG_0001.HEIC", types.JPEG, "IMG_0001.jpg"),
        ("run.bat", types.TEXT, "run.bat.txt"),
        ("page.html", types.TEXT, "page.html.txt"),
        ("server.log", types.TEXT, "server.log"),
        ("noextension", types.PDF, "noextension.pdf"),
        ("v1.2 final", types.PDF, "v1.2 final.pdf"),
        ("macro.docm", types.DOCX, "macro.docm.docx"),
    ],
)
def test_a_name_gets_the_extension_of_what_the_file_is(name: str, kind: FileType, fitting: str) -> None:
    assert names.fitting(name, kind) == fitting
