"""Articles: who may read which, and that words find them."""

import pytest
from django.test import Client

from accounts.models import User
from tests.tickets.front import browser_of, make_article
from tickets.knowledge import shelf
from tickets.models import Article

Audience = Article.Audience


@pytest.fixture
def client(rita: User) -> Client:
    return browser_of(rita)


def titles(found: object) -> list[str]:
    return [article.title for article in found]  # type: ignore[attr-defined]


def test_everybody_reads_what_is_for_them(client: Client, rita: User, tomas: User) -> None:
    make_article(tomas, "For staff")
    make_article(tomas, "For all", audience=Audience.EVERYONE)
    hidden = [
        make_article(tomas, "For technicians", audience=Audience.TECHNICIANS),
        make_article(tomas, "A draft", is_published=False),
    ]
    assert titles(shelf.all_for(rita)) == ["For all", "For staff"]
    for article in hidden:
        assert client.get(f"/knowledge/{article.slug}/").status_code == 404
        assert browser_of(tomas).get(f"/knowledge/{article.slug}/").status_code == 200


@pytest.mark.parametrize("words", ["projectors", "PROJECTOR signal", "proj", "hdmi input", "no signal!"])
def test_words_find_an_article_in_any_form(rita: User, tomas: User, words: str) -> None:
    make_article(tomas, "Projector says no signal", body="Choose the right HDMI input.")
    make_article(tomas, "Printer is out of toner")
    assert titles(shelf.find(rita, words)) == ["Projector says no signal"]


def test_the_title_weighs_more_than_the_text(rita: User, tomas: User) -> None:
    make_article(tomas, "A list of rooms", body="Every room has a projector.")
    make_article(tomas, "Projector lamps")
    assert titles(shelf.find(rita, "projector")) == ["Projector lamps", "A list of rooms"]


@pytest.mark.parametrize("words", ["the", "!!! ---", "xyzzy", "a'); DROP TABLE", "\x00", "🙂", "&|!:*<->"])
def test_words_that_fit_nothing_are_told(client: Client, tomas: User, words: str) -> None:
    make_article(tomas, "Projector says no signal")
    answer = client.get("/knowledge/", {"q": words})
    assert answer.status_code == 200


def test_many_articles_go_on_page_by_page_without_a_gap(rita: User, tomas: User) -> None:
    made = [make_article(tomas, f"Article {number:03}").title for number in range(shelf.AT_ONCE + 3)]
    first, more = shelf.page(rita)
    second, end = shelf.page(rita, after=more)
    assert titles([*first, *second]) == made
    assert end == ""


@pytest.mark.parametrize("after", ["no-such", "\x00", "é"])
def test_a_place_that_is_none_is_the_beginning(client: Client, tomas: User, after: str) -> None:
    make_article(tomas, "Projector says no signal")
    assert "Projector says no signal" in client.get("/knowledge/", {"after": after}).content.decode()


def test_nothing_found_offers_to_ask(client: Client, tomas: User) -> None:
    make_article(tomas, "Projector says no signal")
    body = client.get("/knowledge/", {"q": "xyzzy"}).content.decode()
    assert "Nothing fits that" in body
    assert 'href="/report/"' in body


def test_what_is_being_typed_is_compared_with_published_articles_alone(tomas: User) -> None:
    make_article(tomas, "Projector draft", is_published=False)
    make_article(tomas, "Projector says no signal")
    assert titles(shelf.like(tomas, "my projector is broken")) == ["Projector says no signal"]


def test_an_articles_markup_is_drawn_and_its_script_is_not(client: Client, tomas: User) -> None:
    article = make_article(tomas, "Steps", body="1. Press **Input**\n\n<script>alert(1)</script>")
    body = client.get(f"/knowledge/{article.slug}/").content.decode()
    assert "<strong>Input</strong>" in body
    assert "<script>alert" not in body
