"""The four faces of the product, cut from their packages to the letters our languages use; made, never committed."""

import hashlib
import os
import threading
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import fontpkg
from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

# Basic Latin, Latin-1, Latin Extended-A (names from all over Europe), quotes, dashes, currency, arrows, mathematics.
LETTERS = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x180),
    *(0x218, 0x219, 0x21A, 0x21B, 0x1E9E, 0x2C6, 0x2DA, 0x2DC),
    *range(0x2010, 0x2028),
    *(0x202F, 0x2030, 0x2032, 0x2033, 0x2039, 0x203A, 0x2044, 0x20AC, 0x2122),
    *range(0x2190, 0x2194),
    *(0x2212, 0x2248, 0x2260, 0x2264, 0x2265),
]
FEATURES = ["kern", "liga", "calt", "ccmp", "locl", "mark", "mkmk", "tnum", "lnum", "pnum", "frac", "case"]


_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Face:
    """One file to make: of which family, and where on its axes it is frozen."""

    file: str
    family: str
    weight: int
    style: str = "normal"
    size: int | None = None


FACES = (
    Face("source-sans-regular.woff2", "Source Sans 3", 400),
    Face("source-sans-italic.woff2", "Source Sans 3", 400, "italic"),
    Face("source-sans-semibold.woff2", "Source Sans 3", 600),
    Face("source-serif-semibold.woff2", "Source Serif 4", 600, size=30),
)


def make(folder: Path) -> None:
    """Makes every face in `folder` unless it already holds exactly these; safe when two processes do it at once."""
    folder.mkdir(parents=True, exist_ok=True)
    stamp, recipe = folder / ".recipe", _recipe()
    with _one_at_a_time:  # a page asks for all faces at once, and each cut takes seconds
        if stamp.exists() and stamp.read_text() == recipe and all((folder / face.file).exists() for face in FACES):
            return
        for face in FACES:
            _write(folder / face.file, cut(face))
        stamp.write_text(recipe)


def cut(face: Face) -> TTFont:
    """The face with one weight and only our letters. Letters go first: freezing the axes of all glyphs is slow."""
    font = TTFont(fontpkg.path(face.family, face.weight, face.style))
    options = subset.Options(layout_features=FEATURES, hinting=False, notdef_outline=True, name_IDs=[0, 1, 2, 13, 14])
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=LETTERS)
    cutter.subset(font)
    axes = {"wght": face.weight} | ({"opsz": face.size} if face.size else {})
    return instancer.instantiateVariableFont(font, axes, inplace=True)


def _write(path: Path, font: TTFont) -> None:
    font.flavor = "woff2"
    unfinished = path.with_suffix(f".{os.getpid()}")
    font.save(unfinished)
    unfinished.replace(path)


def _recipe() -> str:
    """Changes whenever the outcome could: this file, the fonts, the cutter."""
    packages = ("fontpkg-source-sans-3", "fontpkg-source-serif-4", "fonttools")
    made_of = Path(__file__).read_bytes() + "".join(map(version, packages)).encode()
    return hashlib.sha256(made_of).hexdigest()
