"""Static files that are made: the cut fonts, the one style sheet, the hashed names."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from fontTools.ttLib import TTFont
from pytest_django.fixtures import Settings

from helpdesk import assets, fonts, stylesheet

SHEETS = assets.SHEETS


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fonts")
    fonts.make(folder)
    return folder


@pytest.mark.parametrize("face", fonts.FACES, ids=lambda face: face.file)
def test_a_face_is_small_and_has_the_letters_of_our_languages(made: Path, face: fonts.Face) -> None:
    path = made / face.file
    assert path.read_bytes()[:4] == b"wOF2"
    assert path.stat().st_size < 32_000
    letters = TTFont(path).getBestCmap()
    assert all(ord(letter) in letters for letter in "aZ09ñÑáéíóúü¿¡ŁźŽ“”‘’–…€")


def test_faces_are_frozen_at_their_weight(made: Path) -> None:
    for face in fonts.FACES:
        font = TTFont(made / face.file)
        assert "fvar" not in font
        assert font["OS/2"].usWeightClass == face.weight


def test_faces_are_made_once(made: Path) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in made.iterdir()}
    fonts.make(made)
    assert {path.name: path.stat().st_mtime_ns for path in made.iterdir()} == before


def test_the_sheet_is_bundled_in_order_with_every_part_in_its_layer() -> None:
    entry, sheet = (SHEETS / stylesheet.ENTRY).read_text(), stylesheet.bundle(SHEETS)
    layers = [found["layer"] for found in stylesheet.IMPORT.finditer(entry)]
    assert "@import" not in sheet
    assert re.findall(r"^@layer (\w+) \{", sheet, re.MULTILINE) == layers
    assert sheet.startswith("@layer reset, base, layout, components, pages, utilities;")


def test_every_sheet_in_the_folder_is_imported() -> None:
    entry = (SHEETS / stylesheet.ENTRY).read_text()
    imported = {found["path"] for found in stylesheet.IMPORT.finditer(entry)}
    assert {str(path.relative_to(SHEETS)) for path in SHEETS.rglob("*.css")} - {stylesheet.ENTRY} == imported


def test_addresses_in_the_bundle_count_from_its_own_folder() -> None:
    assert 'url("../fonts/source-sans-regular.woff2")' in stylesheet.bundle(SHEETS)


def test_an_import_that_would_be_lost_stops_the_build(tmp_path: Path) -> None:
    (tmp_path / stylesheet.ENTRY).write_text('@import "other.css";')
    with pytest.raises(stylesheet.StrayImport):
        stylesheet.bundle(tmp_path)


def test_the_sheets_use_no_ids_no_important_and_only_known_tokens() -> None:
    sheet = stylesheet.bundle(SHEETS)
    assert "!important" not in sheet
    assert not re.search(r"(^|[\s,>}])#[a-z][\w-]*\s*[{,.:\[]", sheet)
    known = set(re.findall(r"(--[\w-]+)\s*:", sheet))
    assert {name for name in re.findall(r"var\((--[\w-]+)\)", sheet) if name not in known} == set()


def test_the_made_sheet_hides_the_one_with_imports() -> None:
    found = finders.find(assets.SHEET)
    assert isinstance(found, str)
    assert Path(found).is_relative_to(assets.MADE)


def test_collected_files_are_hashed_and_modules_import_each_other_by_hashed_names(
    tmp_path: Path, settings: Settings
) -> None:
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "helpdesk.assets.Storage"}}
    settings.STATIC_ROOT, settings.DEBUG = str(tmp_path), False
    call_command("collectstatic", interactive=False, verbosity=0)
    (house,) = (tmp_path / "js").glob("house.????????????.js")
    assert re.search(r'import\s*"\./keys\.[0-9a-f]{12}\.js"', house.read_text())
    (sheet,) = (tmp_path / "css").glob("chalkdesk.????????????.css")
    font = re.search(r'url\("(\.\./fonts/source-sans-regular\.[0-9a-f]{12}\.woff2)"\)', sheet.read_text())
    assert font is not None
    assert (sheet.parent / font[1]).exists()
