"""The pages of failure: plain, in the chosen theme, telling nothing of what went wrong."""

from collections.abc import Callable

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from helpdesk import failures, log, theme

SECRET = "hunter2"


def ask() -> HttpRequest:
    request = RequestFactory().get(f"/{SECRET}")
    request.COOKIES[theme.COOKIE] = "dark"
    return request


@pytest.mark.parametrize(
    ("view", "status"),
    [
        (failures.bad_request, 400),
        (failures.forbidden, 403),
        (failures.csrf, 403),
        (failures.not_found, 404),
    ],
)
def test_a_failure_is_a_plain_page_that_repeats_nothing(view: Callable[..., HttpResponse], status: int) -> None:
    response = view(ask(), ValueError(SECRET))
    words = response.content.decode()
    assert response.status_code == status
    assert 'data-theme="dark"' in words
    assert 'href="/"' in words
    assert SECRET not in words
    assert "<script" not in words


def test_a_broken_page_shows_the_id_that_the_log_carries() -> None:
    with log.request("4f3c"):
        response = failures.server_error(ask())
    assert response.status_code == 500
    assert "4f3c" in response.content.decode()
