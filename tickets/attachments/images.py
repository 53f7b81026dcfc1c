"""Pictures: decoded under a limit, turned upright, written anew without metadata, and made small for pages."""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pi_heif
from django.utils.translation import gettext_noop as _
from PIL import Image, ImageCms, ImageOps, ImageSequence, UnidentifiedImageError

from tickets.attachments import types
from tickets.attachments.types import FileType, Refusal

MOST_PIXELS = 50_000_000
PREVIEW_SIDE = 1280
QUALITY = 88
FILMS = (types.GIF, types.WEBP)
PREVIEW_QUALITY = 80

_FORMATS = {types.JPEG: "JPEG", types.PNG: "PNG", types.GIF: "GIF", types.WEBP: "WEBP", types.HEIC: "HEIF"}
_MODES = {"JPEG": {"L", "RGB"}, "PNG": {"1", "L", "LA", "P", "RGB", "RGBA"}, "WEBP": {"RGB", "RGBA"}}

_TOO_MANY_PIXELS = _("The picture has more than 50 million points. Send it smaller, or as a screenshot.")
_DAMAGED = _("The picture is damaged. Open it, save it again and send the new file.")

# The formats are named at each opening, so this adds HEIC there and nowhere else.
pi_heif.register_heif_opener(thumbnails=False)


@dataclass(frozen=True)
class Picture:
    """What was written: the type may differ from the one that came, because no Chromebook shows HEIC."""

    kind: FileType
    width: int
    height: int


def rewrite(source: Path, kind: FileType, *, to: Path, preview: Path) -> Picture:
    """Writes the picture and its preview without metadata; raises Refusal for one that is too large or damaged."""
    try:
        with Image.open(source, formats=[_FORMATS[kind]]) as image:
            frames = getattr(image, "n_frames", 1) if kind in FILMS else 1
            _check_size(image, frames)
            if frames > 1:
                return _rewrite_film(image, kind, to=to, preview=preview)
            return _rewrite_still(image, kind, to=to, preview=preview)
    except Image.DecompressionBombError as error:  # Pillow's own limit, far above ours, is asked first
        raise Refusal(_TOO_MANY_PIXELS) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise Refusal(_DAMAGED) from error


def _check_size(image: Image.Image, frames: int) -> None:
    """From the header, before any point is decoded; a film counts all its frames."""
    if image.width * image.height * frames > MOST_PIXELS:
        raise Refusal(_TOO_MANY_PIXELS)


def _rewrite_still(image: Image.Image, kind: FileType, *, to: Path, preview: Path) -> Picture:
    kept = types.JPEG if kind == types.HEIC else kind
    upright = _bare(ImageOps.exif_transpose(image))
    with to.open("wb") as file:
        _save(upright, _FORMATS[kept], file, QUALITY)
    _write_preview(upright, preview)
    return Picture(kept, upright.width, upright.height)


def _rewrite_film(image: Image.Image, kind: FileType, *, to: Path, preview: Path) -> Picture:
    frames, times = [], []
    for frame in ImageSequence.Iterator(image):
        times.append(frame.info.get("duration", 100))
        frames.append(_bare(frame.convert("RGBA")))
    loop = image.info.get("loop", 0)
    frames[0].save(to, _FORMATS[kind], save_all=True, append_images=frames[1:], duration=times, loop=loop)
    _write_preview(frames[0], preview)
    return Picture(kind, image.width, image.height)


def _bare(image: Image.Image) -> Image.Image:
    """The points alone, in common colours: no EXIF with its places and names, no comment, no colour profile."""
    plain = _common_colours(image)
    if plain.mode == "P" and "transparency" in plain.info:
        plain = plain.convert("RGBA")
    plain.load()
    plain.info = {}
    plain.getexif().clear()
    return plain


def _common_colours(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in ("RGB", "RGBA", "CMYK", "L"):
        return image
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    try:
        found = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        turned = ImageCms.profileToProfile(image, found, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image  # a broken profile; the picture without it is the better half
    return turned or image


def _write_preview(image: Image.Image, to: Path) -> None:
    """WebP, at most PREVIEW_SIDE on its longer side."""
    small = image.copy() if image.mode in ("RGB", "RGBA") else image.convert("RGBA" if "A" in image.mode else "RGB")
    small.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
    with to.open("wb") as file:
        _save(small, "WEBP", file, PREVIEW_QUALITY)


def _save(image: Image.Image, name: str, file: IO[bytes], quality: int) -> None:
    fit = image if image.mode in _MODES.get(name, {image.mode}) else image.convert("RGB" if name == "JPEG" else "RGBA")
    options = {"JPEG": {"quality": quality, "optimize": True}, "WEBP": {"quality": quality}}.get(name, {})
    fit.save(file, name, **options)
