"""The environment that the product runs in: what the rig knows, over what the caller's own environment says."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

from rig import places, postgres, python

# What a caller may decide: servers of their own, besides S3_*, and a few tastes.
GIVEN = ("BROKER_URL", "DATABASE_ADMIN_URL", "DATABASE_URL", "LOG_LEVEL", "PRODUCT_NAME", "REDIS_URL")


def given() -> dict[str, str]:
    """What the caller decided."""
    return {name: value for name, value in os.environ.items() if value and (name in GIVEN or name.startswith("S3_"))}


def settings_read() -> set[str]:
    """Every variable that the product reads, as the example file lists them."""
    text = (places.ROOT / ".env.example").read_text()
    return set(re.findall(r"^(?:# )?([A-Z][A-Z0-9_]+)=", text, re.MULTILINE))


def environment(values: Mapping[str, str]) -> dict[str, str]:
    """The caller's environment without stray settings, with ours, and with the programs of the environment first."""
    stray = settings_read() | {"DJANGO_SETTINGS_MODULE"}  # a run of the rig decides all of it
    bare = {name: value for name, value in os.environ.items() if name not in stray}
    programs = [str(places.VENV / "bin"), str(postgres.programs(python.packages())), os.environ.get("PATH", os.defpath)]
    own = {
        "PATH": os.pathsep.join(programs),
        "VIRTUAL_ENV": str(places.VENV),
        "PYTHONUNBUFFERED": "1",
        "PYTHONUTF8": "1",
    }
    kept = {name: value for name, value in given().items() if name in ("LOG_LEVEL", "PRODUCT_NAME")}
    return {**bare, **own, **kept, **values}
