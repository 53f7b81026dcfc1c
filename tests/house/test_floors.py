"""The floors of the house: imports run downwards only, and no file circle exists."""

import re
import subprocess
import sys
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ["console", "tickets", "accounts", "tenants", "helpdesk"]


def test_imports_run_downwards_only() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_no_file_imports_itself_by_a_circle() -> None:
    graph = grimp.build_graph(*FLOORS, exclude_type_checking_imports=True, cache_dir=None)
    circles = [
        (importer, imported)
        for importer in graph.modules
        for imported in graph.find_modules_directly_imported_by(importer)
        if not _is_package_front(importer, imported) and graph.chain_exists(importer=imported, imported=importer)
    ]
    assert circles == []


def _is_package_front(importer: str, imported: str) -> bool:
    """A package's front page names its modules; its modules may name each other through it."""
    return importer.startswith(f"{imported}.") or imported.startswith(f"{importer}.")


def test_no_model_points_upwards() -> None:
    from django.apps import apps

    height = {name: number for number, name in enumerate(reversed(FLOORS))}
    upward = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in apps.get_models()
        if model._meta.app_label in height
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and field.related_model and hasattr(field.related_model, "_meta")
        if height.get(field.related_model._meta.app_label, -1) > height[model._meta.app_label]
    ]
    assert upward == []


def test_no_raw_sql_is_put_together_from_strings() -> None:
    formatted = re.compile(r"\.(?:execute|raw|extra)\(\s*(?:f[\"']|[^)\n]*(?:%\s*\(|\.format\())")
    # Schema and role names cannot be parameters; tenants.isolation builds them from numbers alone.
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for floor in FLOORS
        for path in (ROOT / floor).rglob("*.py")
        if not path.is_relative_to(ROOT / "tenants" / "isolation")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if formatted.search(line)
    ]
    assert found == []
