"""Schools, buildings and rooms: added and renamed by admins, with each mistake beside its field."""

from collections.abc import Callable

import pytest

from accounts.models import Building, Room, School, User
from tests.accounts.conftest import At, words
from tests.cast import Place, make_place

NEW = {"name": "Washington High School", "short_name": "Washington High", "code": "WHS"}


@pytest.fixture
def anas(ana: User, browser_of: Callable[[User], At]) -> At:
    return browser_of(ana)


def test_a_district_without_schools_says_what_to_do(anas: At) -> None:
    assert "No school yet" in words(anas.get("/places/"))


def test_a_school_is_added_and_listed(anas: At) -> None:
    answer = anas.post("/places/", NEW)
    school = School.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/places/{school.pk}/")
    assert NEW["name"] in words(anas.get("/places/"))


@pytest.mark.parametrize("wrong", [{"name": ""}, {"code": ""}, {"code": "LIN"}, {"code": "x" * 17}, {"name": "a\0b"}])
def test_a_poor_school_is_refused_and_kept(anas: At, lincoln: Place, wrong: dict[str, str]) -> None:
    answer = anas.post("/places/", NEW | wrong)
    assert answer.status_code == 422
    assert "Washington High" in words(answer)
    assert 'aria-invalid="true"' in words(answer)
    assert School.objects.count() == 1


def test_a_school_is_renamed_but_not_switched_off_by_a_forged_field(anas: At, lincoln: Place) -> None:
    anas.post(f"/places/{lincoln.school.pk}/", NEW | {"is_active": "", "id": "77"})
    school = School.objects.get()
    assert (school.pk, school.name, school.is_active) == (lincoln.school.pk, NEW["name"], True)


def test_a_refused_name_does_not_stand_in_the_heading(anas: At, lincoln: Place) -> None:
    page = words(anas.post(f"/places/{lincoln.school.pk}/", NEW | {"code": ""}))
    assert "<h1>Lincoln Middle</h1>" in page
    assert 'value="Washington High School"' in page


def test_a_building_and_a_room_are_added(anas: At, lincoln: Place) -> None:
    assert anas.post(f"/places/{lincoln.school.pk}/buildings/", {"building-name": "Gym"}).status_code == 303
    gym = Building.objects.get(name="Gym")
    assert gym.school == lincoln.school
    assert anas.post(f"/places/buildings/{gym.pk}/rooms/", {"name": "Locker room", "phone": ""}).status_code == 303
    page = words(anas.get(f"/places/{lincoln.school.pk}/"))
    assert "Gym" in page
    assert "Locker room" in page


def test_two_of_a_name_are_refused_where_they_would_be_confused(anas: At, lincoln: Place) -> None:
    building = lincoln.room.building
    answer = anas.post(f"/places/{lincoln.school.pk}/buildings/", {"building-name": building.name})
    assert answer.status_code == 422
    assert "has a building of that name" in words(answer)
    answer = anas.post(f"/places/buildings/{building.pk}/rooms/", {"name": "Room 214"})
    assert answer.status_code == 422
    assert "has a room of that name" in words(answer)
    elsewhere = make_place("Washington High").room
    answer = anas.post(f"/places/rooms/{elsewhere.pk}/", {"name": "Room 215"})
    assert answer.status_code == 303


def test_renaming_to_the_same_name_is_fine(anas: At, lincoln: Place) -> None:
    assert anas.post(f"/places/rooms/{lincoln.room.pk}/", {"name": "Room 214", "phone": "2140"}).status_code == 303
    assert Room.objects.get(pk=lincoln.room.pk).phone == "2140"


def test_a_form_moves_no_room_to_another_building(anas: At, lincoln: Place) -> None:
    other = make_place("Washington High").room.building
    sent = {"name": "Room 9", "building": str(other.pk), "school": str(other.school_id)}
    anas.post(f"/places/rooms/{lincoln.room.pk}/", sent)
    anas.post(f"/places/buildings/{lincoln.room.building_id}/", {"name": "Annex", "school": str(other.school_id)})
    room = Room.objects.select_related("building").get(pk=lincoln.room.pk)
    assert (room.building_id, room.building.school) == (lincoln.room.building_id, lincoln.school)
    assert (room.name, room.building.name) == ("Room 9", "Annex")


@pytest.mark.parametrize("address", ["/places/", "/places/{school}/"])
def test_a_page_of_places_needs_twelve_queries_at_most(
    anas: At, lincoln: Place, django_assert_max_num_queries: Callable[..., object], address: str
) -> None:
    for number in range(20):
        building = lincoln.school.buildings.create(name=f"B{number}")
        Room.objects.bulk_create(Room(building=building, name=f"R{each}") for each in range(5))
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        assert anas.get(address.format(school=lincoln.school.pk)).status_code == 200
