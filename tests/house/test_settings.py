"""Settings: the example file lists exactly what is read, and a wrong environment is refused in whole sentences."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

from helpdesk.env import Environment, UnusableEnvironment

ROOT = Path(__file__).resolve().parents[2]


def test_the_example_file_names_exactly_the_variables_that_are_read() -> None:
    from helpdesk import settings as module

    listed = re.findall(r"^#? ?([A-Z][A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert sorted(listed) == sorted(set(module.env.asked))
    assert len(listed) == len(set(listed))


def test_all_mistakes_are_told_at_once() -> None:
    env = Environment({"DEBUG": "maybe", "PORT": "-1", "KEY": "short", "URL": "ftp://x"})
    env.flag("DEBUG")
    env.number("PORT", 80)
    env.key("KEY")
    env.url("URL", schemes=("https",))
    env.text("MISSING")
    with pytest.raises(UnusableEnvironment) as refusal:
        env.check()
    assert [line.split()[1] for line in str(refusal.value).splitlines()[1:]] == [
        "DEBUG",
        "PORT",
        "KEY",
        "URL",
        "MISSING",
    ]


def test_a_secret_is_never_part_of_a_mistake() -> None:
    env = Environment({"MASTER_KEY": "c2VjcmV0LXNlY3JldA==", "DATABASE_URL": "mysql://root:hunter2@db/x"})
    env.key("MASTER_KEY")
    env.url("DATABASE_URL", schemes=("postgresql",))
    assert not re.search("hunter2|c2VjcmV0", " ".join(env.mistakes))


@pytest.mark.parametrize("change", [{"SCHEME": "http", "PLATFORM_HOST": "desk.example"}, {"SECRET_KEY": "short"}])
def test_production_refuses_to_start_unsafe(change: dict[str, str]) -> None:
    import os

    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env=os.environ | change,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert next(iter(change)) in done.stderr


def test_debug_is_off_and_no_password_hasher_but_argon2_is_offered() -> None:
    assert settings.DEBUG is False
    assert [import_string(each).algorithm for each in settings.PASSWORD_HASHERS] == ["argon2"]
