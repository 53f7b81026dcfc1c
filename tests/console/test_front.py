"""The platform host's front page."""

import pytest
from django.test import Client

from tenants.models import District


@pytest.fixture
def platform() -> Client:
    return Client(headers={"host": "localhost"})


@pytest.mark.usefixtures("maple", "cedar")
def test_a_demo_shows_the_way_to_its_districts(platform: Client) -> None:
    page = platform.get("/").content.decode()
    assert "http://maple.localhost/" in page
    assert "http://cedar.localhost/" in page
    assert "chalk-and-slate-42" in page


def test_elsewhere_it_names_no_district(maple: District, platform: Client, settings: object) -> None:
    settings.SHOW_COMPONENTS = False  # type: ignore[attr-defined]
    page = platform.get("/").content.decode()
    assert "Chalkdesk" in page
    assert maple.name not in page
    assert "chalk-and-slate" not in page
