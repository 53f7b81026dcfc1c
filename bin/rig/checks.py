"""bin/format, lint, types and check: each tool with the project's own rules, in the project's own environment."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

from rig import keys, places, product, python, tests
from rig.console import say


def formatting(arguments: list[str]) -> int:
    """Writes the tree's Python in the one format; --check only says what would change."""
    return _tool("ruff", "format", *arguments)


def lint(arguments: list[str]) -> int:
    """Faults of code, floors and templates; --fix mends what can be mended."""
    code = _tool("ruff", "check", *arguments)
    floors = _run(str(places.VENV / "bin" / "lint-imports"), "--no-logo", "--cache-dir", str(places.VAR / "imports"))
    pages = _tool("djlint", "templates", "--lint", "--quiet")
    return code or floors or pages


def types(arguments: list[str]) -> int:
    """Types of the whole tree."""
    roots = ["accounts", "console", "helpdesk", "tenants", "tickets", "bin/rig", "tests", "manage.py"]
    return _tool("mypy", *(arguments or roots))


def check(arguments: list[str]) -> int:
    """All of it, in the order that fails soonest; what CI runs."""
    steps: dict[str, Callable[[], int]] = {
        "Format": lambda: formatting(["--check"]),
        "Lint, floors, templates": lambda: lint([]),
        "Types": lambda: types([]),
        "Tests": lambda: tests.main(arguments),
    }
    results = {}
    for name, step in steps.items():
        say(f"\n-- {name} " + "-" * (100 - len(name)))
        results[name] = step()
    say()
    for name, result in results.items():
        say(f"{name:<30}{'good' if result == 0 else 'NOT GOOD'}")
    return max(results.values())


def _tool(module: str, *arguments: str) -> int:
    return _run("-m", module, *arguments)


def _run(*arguments: str) -> int:
    """Runs a tool with the environment's Python; the product's settings are there for those that read them."""
    python.ensure()
    env = product.environment(_settings())
    return subprocess.run([str(python.interpreter()), *arguments], env=env, cwd=places.ROOT, check=False).returncode


def _settings() -> dict[str, str]:
    """Enough for the settings to load: nothing here is ever connected to."""
    nowhere = "postgresql://nobody@127.0.0.1:9/nothing"
    return {
        **tests.settings(keys.fresh(), places.VAR),
        "DATABASE_URL": nowhere,
        "REDIS_URL": "redis://127.0.0.1:9/0",
        "S3_ENDPOINT_URL": "http://127.0.0.1:9",
        "S3_ACCESS_KEY_ID": "nobody",
        "S3_SECRET_ACCESS_KEY": "nothing",
    }
