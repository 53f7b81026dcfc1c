"""Files that the tests of attachments send: honest ones, damaged ones, and wolves in sheep's clothing."""

import base64
import io
import random
import struct
import zipfile
import zlib

from PIL import Image

# A red rectangle of 64 by 48 from a telephone, with a place in its metadata (no encoder for it is among our packages).
HEIC = base64.b85decode(
    r"0000SW^{RQXk}?*00000ZE0pPXk}?*ZE0a<0005LZDn*}000000000XXk=`10000000000aA{+700000000000000000000G-+&a"
    r"V*mgE07O6l0ssL300001;s5~v00000000;O0ssI200H^{0RR9100000YybcNIB98aW&i*H00062000$fZf0cy000000RRAKc4ILB"
    r"0000LX>Mj^0ssI300IC2MR;ju000004sdC7Z2$lO00031008}IaB^?}007--aAR)(004Gqc4I>U18@KU0FVFx0000U@BsY%`1k+-"
    r"4+CHT0RR|40Sp2E{{wIU00RJ!0009300RIXx&lC90096hLID8-Z~y=U0FVFx0{{R603M(qfd!W8<fgf}2xu@M00096AOHXZ03l)k"
    r"0RRR>0l{;?i2wiq6Ju{|a&BX6cmM$a4FCp!0000KX>)L8000000000$0000$0000eV{Bn?0000$000010000m000010000000002"
    r"|NsB+000020000GaA|mH000000|*ER0000OX>e^}0000000001009Mo0s{qv0000QX>w&|000000000EV`Ot<00IC3009610E}&9"
    r"VRQfh02C+zuLKzQ%5m5K^C2IffVg4O5$6B^00u>PX=VTbO-%qQ0000800IFI00IC200sa6049hf00aO40096104x9i002;EZ*FA("
    r"00IC300IC200K?`0000200jU500RI307?J=0000004V?f0096105kvq0096100RI3009"
)
GPS = 0x8825
ORIENTATION = 0x0112
SECRET_PLACE = b"SECRET-PLACE-41.88"


def exif(*, orientation: int = 1) -> Image.Exif:
    """Metadata as a telephone writes it: the phone, the way it was held, the place."""
    made = Image.Exif()
    made[0x010F] = SECRET_PLACE.decode()
    made[ORIENTATION] = orientation
    place = made.get_ifd(GPS)
    place[1], place[2] = "N", (41.0, 52.0, 3.0)
    return made


def picture(
    kind: str = "JPEG", size: tuple[int, int] = (60, 40), *, orientation: int = 1, mode: str = "RGB", **options: object
) -> bytes:
    """A picture whose left half is red and whose right half is blue."""
    image = Image.new(mode, size, "blue")
    image.paste(Image.new(mode, (size[0] // 2, size[1]), "red"), (0, 0))
    file = io.BytesIO()
    extra: dict[str, object] = {} if kind == "GIF" else {"exif": exif(orientation=orientation)}
    image.save(file, kind, **extra | options)
    return file.getvalue()


def film(kind: str = "GIF", frames: int = 3, size: tuple[int, int] = (30, 20)) -> bytes:
    images = [Image.new("RGB", size, (80 * place % 255, 0, 0)) for place in range(frames)]
    file = io.BytesIO()
    images[0].save(file, kind, save_all=True, append_images=images[1:], duration=50)
    return file.getvalue()


def flood(width: int = 60_000, height: int = 60_000) -> bytes:
    """A PNG of a few bytes that says it is 3.6 thousand million points."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    body = zlib.compress(b"\0" * 10_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def pdf() -> bytes:
    return b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


WORD = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>"}


def archive(parts: dict[str, bytes] | None = None, **more: bytes) -> bytes:
    """A zip file; a Word document unless told otherwise."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, body in ((WORD if parts is None else parts) | more).items():
            made.writestr(name, body)
    return file.getvalue()


def opendocument(kind: str = "text") -> bytes:
    return archive({"mimetype": f"application/vnd.oasis.opendocument.{kind}".encode(), "content.xml": b"<x/>"})


def box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", 8 + len(body)) + kind + body


def video(brand: bytes = b"isom", *, end: bytes = b"") -> bytes:
    """An MP4 without a picture, but with a place where telephones write it."""
    personal = box(b"udta", box(b"\xa9xyz", SECRET_PLACE)) + box(b"meta", SECRET_PLACE)
    moov = box(b"moov", box(b"mvhd", b"\1" * 100) + box(b"trak", box(b"tkhd", b"\2" * 20) + personal) + personal)
    return box(b"ftyp", brand + b"\0\0\2\0") + moov + box(b"mdat", b"\3" * 64) + end


def noise(size: int) -> bytes:
    return random.Random(size).randbytes(size)
