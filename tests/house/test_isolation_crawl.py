"""A stranger with every id of Maple, on every address: nothing is found, and no planted word is seen."""

import pytest
from django.test import Client

from accounts.models import User
from tenants.isolation import scope
from tenants.models import District
from tests.cast import make_person, make_place
from tests.house import addresses, world

DISTRICT = addresses.of("helpdesk.urls_district")
WITH_IDS = [each for each in DISTRICT if each.converters]
WITHOUT_IDS = [each for each in DISTRICT if not each.converters]


@pytest.fixture
def planted(maple: District) -> world.World:
    return world.plant(maple)


def test_sam_of_cedar_finds_nothing_of_maple_by_any_id(planted: world.World, cedar: District, sam: User) -> None:
    client, tried = world.sign_in(sam, cedar), set()
    for address in WITH_IDS:
        for path in planted.paths(address):
            answers = world.ask(client, path, "cedar.localhost")
            tried.add(address)
            for answer in answers:
                assert answer.response.status_code in (404, 405), str(answer)
                assert world.CANARY.encode() not in answer.body.replace(path.encode(), b""), str(answer)
            assert 404 in {each.response.status_code for each in answers}, f"{path}: nothing said it does not exist"
    assert tried == set(WITH_IDS), "an address was not tried"


def test_sams_own_pages_hold_no_word_of_maple(planted: world.World, cedar: District, sam: User) -> None:
    client = world.sign_in(sam, cedar)
    for address in WITHOUT_IDS:
        answer = world.Answer("GET", f"/{address.route}", client.get(f"/{address.route}", HTTP_HOST="cedar.localhost"))
        assert answer.response.status_code < 500, str(answer)
        assert world.CANARY.encode() not in answer.body, str(answer)


def test_sams_session_is_nobody_on_maples_host(planted: world.World, cedar: District, sam: User) -> None:
    client = world.sign_in(sam, cedar)
    for address in DISTRICT:
        if getattr(address.view, "access", "") == "public":
            continue
        for path in planted.paths(address):
            for answer in world.ask(client, path, "maple.localhost"):
                assert answer.response.status_code in (302, 404, 405), str(answer)
                assert world.CANARY.encode() not in answer.body.replace(path.encode(), b""), str(answer)


def test_a_stranger_without_a_session_is_sent_to_the_sign_in_page(planted: world.World, maple: District) -> None:
    client = Client()
    for address in DISTRICT:
        if getattr(address.view, "access", "") == "public":
            continue
        for path in planted.paths(address):
            for answer in world.ask(client, path, "maple.localhost"):
                assert answer.response.status_code in (302, 404, 405), str(answer)
                assert world.CANARY.encode() not in answer.body.replace(path.encode(), b""), str(answer)


# What colleagues share: published articles, and the mark that says no more than “look again”.
SHARED_WITH_COLLEAGUES = {"tickets:article", "tickets:news"}


def test_a_colleague_without_rights_sees_nothing_of_other_peoples_tickets(
    planted: world.World, maple: District
) -> None:
    with scope.district_scope(maple):
        place = make_place("Carver High")
        peter = make_person("peter@maple.example", "Peter Lind", school=place.school)
    client = world.sign_in(peter, maple)
    for address in WITH_IDS:
        if address.name in SHARED_WITH_COLLEAGUES:
            continue
        for path in planted.paths(address):
            for answer in world.ask(client, path, "maple.localhost"):
                assert world.CANARY.encode() not in answer.body.replace(path.encode(), b""), str(answer)
                assert answer.response.status_code in (302, 303, 404, 405), str(answer)
