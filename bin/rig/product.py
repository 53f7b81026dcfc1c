"""The environment that the product runs in: what the rig knows, over what the caller's own environment says."""

from __future__ import annotations

import os
from collections.abc import Mapping

from rig import places, postgres, python

# What the product reads (helpdesk/settings.py): a run of the rig decides all of it, so nothing stray may leak in.
OURS = (
    *("DEBUG", "LOG_LEVEL", "MASTER_KEY", "PLATFORM_HOST", "PRODUCT_NAME", "SCHEME", "SECRET_KEY"),
    *("BROKER_URL", "DATABASE_ADMIN_URL", "DATABASE_URL", "REDIS_URL", "SHOW_COMPONENTS", "STATIC_ROOT"),
    *("S3_ACCESS_KEY_ID", "S3_BUCKET", "S3_ENDPOINT_URL", "S3_PUBLIC_URL", "S3_REGION", "S3_SECRET_ACCESS_KEY"),
)
# Those of them that a caller may decide.
GIVEN = ("BROKER_URL", "DATABASE_ADMIN_URL", "DATABASE_URL", "LOG_LEVEL", "PRODUCT_NAME", "REDIS_URL")


def given() -> dict[str, str]:
    """What the caller decided: servers of their own, the product's name."""
    return {name: value for name, value in os.environ.items() if value and (name in GIVEN or name.startswith("S3_"))}


def environment(values: Mapping[str, str]) -> dict[str, str]:
    """The caller's environment without stray settings, with ours, and with the programs of the environment first."""
    bare = {name: value for name, value in os.environ.items() if name not in (*OURS, "DJANGO_SETTINGS_MODULE")}
    programs = [str(places.VENV / "bin"), str(postgres.programs(python.packages())), os.environ.get("PATH", os.defpath)]
    own = {
        "PATH": os.pathsep.join(programs),
        "VIRTUAL_ENV": str(places.VENV),
        "PYTHONUNBUFFERED": "1",
        "PYTHONUTF8": "1",
    }
    kept = {name: value for name, value in given().items() if name in ("LOG_LEVEL", "PRODUCT_NAME")}
    return {**bare, **own, **kept, **values}
