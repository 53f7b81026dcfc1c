"""Browsers without a browser: a client that speaks to one district's host."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from tenants.models import District
from tests.cast import PASSWORD

MAPLE = "maple.localhost"
CEDAR = "cedar.localhost"


class At(Client):
    """A client whose every request goes to one host."""

    def __init__(self, host: str = MAPLE, **kwargs: Any) -> None:
        super().__init__(headers={"host": host}, **kwargs)

    def sign_in(self, email: str, password: str = PASSWORD, **data: str) -> Any:
        return self.post("/sign-in/", {"login": email, "password": password, **data})

    def is_signed_in(self) -> bool:
        return bool(self.get("/account/").status_code == 200)


@pytest.fixture
def anybody(maple: District) -> At:
    """Somebody at Maple's door."""
    return At()


@pytest.fixture
def browser_of(in_maple: None) -> Callable[[User], At]:
    """Makes a client that is signed in as the person, through the door."""

    def make(user: User) -> At:
        client = At()
        answer = client.sign_in(user.email)
        assert answer.status_code == 303, answer.content
        return client

    return make


def words(answer: Any) -> str:
    """The page of an answer."""
    return str(answer.content.decode())


def without_token(page: str) -> str:
    """A page but for its anti-forgery token, which differs at every reading."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"|X-CSRFToken": "[^"]+"', "", page)
