"""Light or dark by choice: the cookie, the way back, and words that mean neither."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from helpdesk import theme


def choose(**posted: str) -> HttpResponse:
    return theme.choose(RequestFactory().post("/theme/", posted, headers={"host": "maple.localhost"}))


@pytest.mark.parametrize("word", theme.THEMES)
def test_a_choice_is_kept_and_goes_back_to_its_page(word: str) -> None:
    response = choose(theme=word, next="/queue/?view=open")
    assert response.status_code == 303
    assert response["Location"] == "/queue/?view=open"
    assert response.cookies[theme.COOKIE].value == word
    assert response.cookies[theme.COOKIE]["httponly"]


def test_any_other_word_goes_back_to_the_system() -> None:
    response = choose(theme="sepia")
    assert response.cookies[theme.COOKIE].value == ""
    assert response.cookies[theme.COOKIE]["max-age"] == 0


@pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_the_way_back_never_leaves_the_house(away: str) -> None:
    assert choose(theme="dark", next=away)["Location"] == "/"


def test_a_forged_cookie_is_no_theme() -> None:
    request = RequestFactory().get("/")
    request.COOKIES[theme.COOKIE] = '"><script>'
    assert theme.chosen(request) == ""


def test_a_choice_is_only_ever_posted() -> None:
    assert theme.choose(RequestFactory().get("/theme/")).status_code == 405
