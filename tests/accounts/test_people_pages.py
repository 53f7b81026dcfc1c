"""The people pages: finding somebody, letting them in, giving and taking roles, never losing the last admin."""

import re
from collections.abc import Callable
from threading import Event, Thread

import pytest
from django.db import connection, transaction

from accounts import admins, people
from accounts.models import Grant, Invitation, School, User
from accounts.policy import Role
from tenants.isolation import scope
from tenants.models import District
from tests.accounts.conftest import At, words
from tests.cast import Place, make_person, make_place, make_queue
from tickets.models import Event as Told
from tickets.models import Queue
from tickets.people import listing

INVITED = {"email": "kim@maple.example", "given_name": "Kim", "family_name": "Bell", "job": "Nurse"}


@pytest.fixture
def anas(ana: User, browser_of: Callable[[User], At]) -> At:
    return browser_of(ana)


def crowd(number: int) -> None:
    User.objects.bulk_create(
        User(email=f"p{n}@maple.example", given_name=f"Pat {n:03}", family_name="Crowd") for n in range(number)
    )


def names_on(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="/people/\d+/">([^<]+)</a>', page)


def test_the_list_shows_fifty_and_the_next_fifty(anas: At) -> None:
    crowd(120)
    seen, address = [], "/people/"
    while address:
        page = words(anas.get(address))
        seen.append(names_on(page))
        found = re.search(r'href="(\?[^"]*after=[^"]+)"', page)
        address = f"/people/{found[1].replace('&amp;', '&')}" if found else ""
    assert [len(each) for each in seen] == [50, 50, 21]
    everybody = [name for each in seen for name in each]
    assert len(set(everybody)) == 121
    assert everybody == sorted(
        everybody, key=lambda name: " ".join([*name.lower().split()[-1:], *name.lower().split()[:-1]])
    )


@pytest.mark.parametrize("after", ["x", "~", "1~", "-1~a", "1~%00", "9" * 40 + "~a", "'; --", "1~" + "é" * 3000])
def test_a_forged_place_in_the_list_is_no_fault(anas: At, after: str) -> None:
    assert anas.get(f"/people/?after={after}").status_code == 200


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=rita", ["Rita Shah"]),
        ("q=SHAH+rita", ["Rita Shah"]),
        ("q=rita%40maple", ["Rita Shah"]),
        ("q=nobody", []),
        ("q=%25", []),
        ("q=_", []),
        ("role=technician", ["Tomas Reyes"]),
        ("role=none", ["Kim Bell", "Rita Shah"]),
        ("state=off", ["Kim Bell"]),
        ("state=invited", ["Ida New"]),
        ("role=nonsense&q=tomas", ["Tomas Reyes"]),
        ("q=%00rita", ["Ana Ortiz", "Ida New", "Kim Bell", "Rita Shah", "Tomas Reyes"]),
    ],
)
def test_the_list_is_narrowed(anas: At, rita: User, tomas: User, asked: str, found: list[str]) -> None:
    make_person("kim@maple.example", "Kim Bell", is_active=False)
    User.objects.create_user("ida@maple.example", given_name="Ida", family_name="New")
    if asked == "role=none":
        found = sorted([*found, "Ida New"])
    assert sorted(names_on(words(anas.get(f"/people/?{asked}")))) == found


def test_the_list_is_narrowed_to_a_school(anas: At, rita: User, lincoln: Place) -> None:
    assert names_on(words(anas.get(f"/people/?school={lincoln.school.pk}"))) == ["Rita Shah"]


def test_a_search_that_finds_nobody_says_so(anas: At) -> None:
    assert "Nobody like that" in words(anas.get("/people/?q=xyzzy"))


def test_an_invitation_shows_its_link_once_and_says_that_no_mail_goes_out(anas: At) -> None:
    assert "No mail goes out" in words(anas.get("/people/invitations/"))
    answer = anas.post("/people/invitations/", INVITED)
    kim = User.objects.get(email="kim@maple.example")
    assert (answer.status_code, answer["Location"]) == (303, f"/people/{kim.pk}/")
    page = words(anas.get(answer["Location"]))
    assert "no mail goes out" in page
    link = re.search(r'value="(http[^"]+/invitation/[^"]+/)"', page)
    assert link
    assert link[1] not in words(anas.get(answer["Location"]))
    assert At().get(link[1].partition("localhost")[2].lstrip(":0123456789")).status_code == 200


def test_a_link_is_shown_on_no_other_page(anas: At, rita: User) -> None:
    anas.post("/people/invitations/", INVITED)
    assert "/invitation/" not in words(anas.get(f"/people/{rita.pk}/"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": ""}, {"email": "kim"}, {"email": "ANA@maple.example"}, {"given_name": ""}, {"given_name": "x" * 81},
        {"given_name": "a\0b"}, {"school": "999999"}, {"school": "x"}, {"email": "x" * 250 + "@maple.example"},
        {"email": "kim@MAPLİ.example"},
    ],
)  # fmt: skip
def test_a_poor_invitation_is_refused_and_kept(anas: At, wrong: dict[str, str]) -> None:
    answer = anas.post("/people/invitations/", INVITED | wrong)
    assert answer.status_code == 422
    assert 'value="Nurse"' in words(answer)
    assert 'aria-invalid="true"' in words(answer)
    assert User.objects.count() == 1


def test_the_same_invitation_twice_makes_one_person(anas: At) -> None:
    assert [anas.post("/people/invitations/", INVITED).status_code for _ in range(2)] == [303, 422]
    assert User.objects.filter(email="kim@maple.example").count() == 1


FORGED = {
    "is_active": "", "role": "admin", "kind": "guest", "password": "chosen-by-a-stranger", "id": "1", "pk": "1",
    "is_superuser": "on", "is_staff": "on", "grants": "1", "all_schools": "on", "all_queues": "on", "invited_by": "2",
    "last_login": "2020-01-01", "joined_at": "2020-01-01", "district": "2", "title": "Boss", "phone": "1",
}  # fmt: skip


def test_an_invitation_takes_only_what_it_asks_for(anas: At, ana: User) -> None:
    anas.post("/people/invitations/", INVITED | FORGED)
    kim = User.objects.get(email="kim@maple.example")
    assert not kim.grants.exists()
    assert not kim.has_usable_password()
    assert (kim.is_active, kim.kind, kim.title, kim.phone) == (True, "staff", "", "")
    assert Invitation.objects.get(user=kim).invited_by == ana


def test_a_profile_takes_only_what_it_asks_for(rita: User, browser_of: Callable[[User], At], lincoln: Place) -> None:
    other = make_place("Washington High").school
    sent = {"given_name": "Rita", "family_name": "Shah-Lee", "phone": "555 0100", "language": "es"}
    answer = browser_of(rita).post(
        "/account/", sent | FORGED | {"email": "x@maple.example", "school": str(other.pk), "job": "Admin", "phone": "2"}
    )
    assert answer.status_code == 303
    rita.refresh_from_db()
    assert (rita.family_name, rita.phone, rita.language, rita.single_key_shortcuts) == ("Shah-Lee", "2", "es", False)
    assert (rita.email, rita.job, rita.title, rita.kind) == ("rita@maple.example", "Teacher", "", "staff")
    assert rita.school == lincoln.school
    assert rita.is_active
    assert not rita.grants.exists()


@pytest.mark.parametrize(
    "wrong", [{"given_name": ""}, {"language": "tlh"}, {"phone": "5" * 25}, {"family_name": "a\0"}]
)
def test_a_poor_profile_is_refused_and_kept(
    rita: User, browser_of: Callable[[User], At], wrong: dict[str, str]
) -> None:
    sent = {"given_name": "Rita", "family_name": "Kept-Name", "phone": "", "language": "en"} | wrong
    answer = browser_of(rita).post("/account/", sent)
    assert answer.status_code == 422
    if "family_name" not in wrong:
        assert "Kept-Name" in words(answer)
    rita.refresh_from_db()
    assert rita.family_name == "Shah"


# Roles


def grant_form(**more: object) -> dict[str, object]:
    return {"role": "technician", "where": "all", "which": "all"} | more


def test_a_role_is_given_with_its_scope(anas: At, ana: User, rita: User, lincoln: Place) -> None:
    queue = make_queue()
    sent = grant_form(where="some", schools=[lincoln.school.pk], which="some", queues=[queue.pk])
    assert anas.post(f"/people/{rita.pk}/grants/", sent).status_code == 303
    grant = Grant.objects.get(user=rita)
    assert (grant.role, grant.all_schools, grant.all_queues, grant.granted_by) == ("technician", False, False, ana)
    assert grant.school_ids == {lincoln.school.pk}
    assert grant.queue_ids == {queue.pk}
    page = words(anas.get(f"/people/{rita.pk}/"))
    assert lincoln.school.name in page
    assert queue.name in page
    told = Told.objects.get(kind="grant.given")
    assert (told.actor, told.data["person"], told.data["queues"]) == (ana, rita.pk, [queue.pk])


def test_all_and_a_tick_list_means_all(anas: At, rita: User, lincoln: Place) -> None:
    anas.post(f"/people/{rita.pk}/grants/", grant_form(schools=[lincoln.school.pk]))
    grant = Grant.objects.get(user=rita)
    assert grant.all_schools
    assert not grant.school_ids


@pytest.mark.parametrize(
    ("wrong", "beside"),
    [
        ({"role": "superuser"}, "role"),
        ({"role": ""}, "role"),
        ({"where": "some"}, "schools"),
        ({"which": "some"}, "queues"),
        ({"where": "some", "schools": ["999999"]}, "schools"),
        ({"which": "some", "queues": ["x"]}, "queues"),
        ({"where": ""}, "where"),
        ({"role": "admin", "which": "some"}, "role"),
    ],
)
def test_a_poor_role_is_refused_beside_its_field(
    anas: At, rita: User, lincoln: Place, wrong: dict[str, object], beside: str
) -> None:
    answer = anas.post(f"/people/{rita.pk}/grants/", grant_form(**wrong))
    assert answer.status_code == 422
    assert beside in answer.context["form"].errors
    assert not Grant.objects.filter(user=rita).exists()


def test_a_role_is_changed(anas: At, tomas: User, lincoln: Place) -> None:
    grant = tomas.grants.get()
    sent = grant_form(role="lead", where="some", schools=[lincoln.school.pk])
    assert anas.post(f"/people/{tomas.pk}/grants/{grant.pk}/", sent).status_code == 303
    grant = tomas.grants.get()
    assert (grant.role, grant.all_schools) == ("lead", False)
    assert grant.school_ids == {lincoln.school.pk}
    assert 'value="some"' in words(anas.get(f"/people/{tomas.pk}/grants/{grant.pk}/"))


def test_a_role_is_found_only_under_its_person(anas: At, tomas: User, rita: User) -> None:
    grant = tomas.grants.get()
    for address in (f"/people/{rita.pk}/grants/{grant.pk}/", f"/people/{rita.pk}/grants/{grant.pk}/removal/"):
        assert anas.post(address, grant_form()).status_code == 404
    assert tomas.grants.exists()


@pytest.mark.parametrize("number", ["0", "999999", "9" * 19, "9" * 40])
def test_nobody_of_that_number_is_not_found(anas: At, number: str) -> None:
    assert anas.get(f"/people/{number}/").status_code == 404


# The last admin


def last_admin_stays(anas: At, ana: User) -> None:
    ana.refresh_from_db()
    assert ana.is_active
    assert ana.grants.get().role == Role.ADMIN
    assert anas.get("/people/").status_code == 200


def test_the_last_admin_cannot_be_switched_off(anas: At, ana: User) -> None:
    anas.post(f"/people/{ana.pk}/deactivation/")
    assert "last admin" in words(anas.get("/people/"))
    last_admin_stays(anas, ana)


def test_the_last_admin_cannot_lose_the_role(anas: At, ana: User) -> None:
    anas.post(f"/people/{ana.pk}/grants/{ana.grants.get().pk}/removal/")
    last_admin_stays(anas, ana)


def test_the_last_admin_cannot_be_made_something_less(anas: At, ana: User) -> None:
    answer = anas.post(f"/people/{ana.pk}/grants/{ana.grants.get().pk}/", grant_form())
    assert answer.status_code == 422
    last_admin_stays(anas, ana)


@pytest.mark.parametrize("other", ["switched off", "invited"])
def test_an_admin_who_cannot_sign_in_does_not_count(anas: At, ana: User, other: str) -> None:
    second = make_person("olu@maple.example", "Olu Second", Role.ADMIN, is_active=other != "switched off")
    if other == "invited":
        second.set_unusable_password()
        second.save()
    anas.post(f"/people/{ana.pk}/deactivation/")
    last_admin_stays(anas, ana)


def test_one_of_two_admins_may_go(anas: At, ana: User) -> None:
    second = make_person("olu@maple.example", "Olu Second", Role.ADMIN)
    assert anas.post(f"/people/{second.pk}/deactivation/").status_code == 303
    second.refresh_from_db()
    assert not second.is_active
    with pytest.raises(admins.LastAdmin):
        people.deactivate(user=ana)


def test_two_admins_who_remove_each_other_at_once_do_not_both_succeed(
    transactional_db: None, maple: District, in_maple: District, ana: User
) -> None:
    second = make_person("olu@maple.example", "Olu Second", Role.ADMIN)
    first_is_done, second_is_done, refused = Event(), Event(), []

    def remove(victim: User, within: Callable[[], object]) -> None:
        with scope.district_scope(maple):
            try:
                with transaction.atomic():
                    within()
                    people.deactivate(user=victim)
                    first_is_done.set()
                    # The first stays open for a while: without a lock the second would be through by then.
                    if victim == second:
                        assert not second_is_done.wait(1)
            except admins.LastAdmin:
                refused.append(victim)
            finally:
                connection.close()

    threads = [
        Thread(target=remove, args=(second, lambda: None)),
        Thread(target=remove, args=(ana, lambda: first_is_done.wait(10))),
    ]
    for thread in threads:
        thread.start()
    threads[1].join(20)
    second_is_done.set()
    threads[0].join(20)
    assert refused == [ana]
    assert User.objects.filter(is_active=True, grants__role=Role.ADMIN).count() == 1


# Links and standing


def test_a_fresh_link_can_be_made_and_taken_back(anas: At, rita: User) -> None:
    anas.post(f"/people/{rita.pk}/link/")
    page = words(anas.get(f"/people/{rita.pk}/"))
    link = re.search(r'value="http[^"]+(/invitation/[^"]+/)"', page)
    assert link
    assert At().get(link[1]).status_code == 200
    assert anas.post(f"/people/{rita.pk}/link/removal/").status_code == 303
    assert At().get(link[1]).status_code == 404
    assert set(Told.objects.values_list("kind", flat=True)) == {"person.linked", "person.unlinked"}


def test_no_link_is_made_for_somebody_switched_off(anas: At, rita: User) -> None:
    people.deactivate(user=rita)
    anas.post(f"/people/{rita.pk}/link/")
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("doing", ["link/", "link/removal/", "deactivation/", "reactivation/"])
def test_reading_changes_nobody(anas: At, rita: User, doing: str) -> None:
    assert anas.get(f"/people/{rita.pk}/{doing}").status_code == 405


# What a page costs


@pytest.mark.parametrize(
    "address",
    ["/people/", "/people/{rita}/", "/people/invitations/", "/people/{rita}/grants/", "/people/?q=pat&role=lead"],
)
def test_a_people_page_needs_twelve_queries_at_most(
    anas: At, rita: User, lincoln: Place, django_assert_max_num_queries: Callable[..., object], address: str
) -> None:
    crowd(60)
    for number in range(5):
        grant = Grant.objects.create(user=rita, role=Role.LEAD)
        grant.schools.add(School.objects.create(name=f"S{number}", short_name=f"S{number}", code=f"S{number}"))
        Queue.objects.create(name=f"Q{number}").grant_scopes.create(grant=grant)
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        assert anas.get(address.format(rita=rita.pk)).status_code == 200


@pytest.mark.parametrize(
    "address",
    ["/account/", "/account/sessions/", "/account/security/", "/account/password/", "/account/security/passkeys/"],
)
def test_a_page_of_ones_own_needs_twelve_queries_at_most(
    rita: User, browser_of: Callable[[User], At], django_assert_max_num_queries: Callable[..., object], address: str
) -> None:
    client = [browser_of(rita) for _ in range(6)].pop()
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        assert client.get(address).status_code == 200


def test_the_page_size_is_fifty() -> None:
    assert listing.PAGE == 50
