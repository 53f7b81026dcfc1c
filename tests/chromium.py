"""Pytest plugin: Playwright drives the Chromium that bin/test found."""

import os
from typing import Any

import pytest


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Playwright's own browser, unless bin/test names another. A browser that does not start fails the test."""
    path = os.environ.get("CHROMIUM")
    return browser_type_launch_args | ({"executable_path": path} if path else {})
