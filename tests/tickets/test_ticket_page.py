"""The desk's page of a ticket: what it tells, to whom, and what its forms do."""

import uuid
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Grant, User
from accounts.policy import Role
from tests.cast import Place, make_person, make_ticket
from tests.districts import FACTS
from tests.tickets.desk_pages import at_most, browser_of, fields, text_of
from tickets.desk import assignments, priorities, replies, states
from tickets.models import Device, Message, Queue, Ticket

MOST_QUERIES = 12
State = Ticket.State
HTMX = {"HX-Request": "true", "HX-Target": "ticket"}


@pytest.fixture
def desk(tomas: User) -> Client:
    return browser_of(tomas)


@pytest.fixture
def taken(ticket: Ticket, tomas: User) -> Ticket:
    return assignments.assign(by=tomas, ticket=ticket, to=tomas, seen=ticket.version)


def url(ticket: Ticket, noun: str = "") -> str:
    return f"/tickets/{ticket.number}/{noun}{'/' if noun else ''}"


def page(client: Client, ticket: Ticket, query: str = "") -> str:
    answer = client.get(url(ticket) + query)
    assert answer.status_code == 200
    return text_of(answer)


def send(client: Client, ticket: Ticket, noun: str, *, htmx: bool = False, **given: Any) -> Any:
    headers = HTMX if htmx else {}
    return client.post(url(ticket, noun), fields(ticket, **given), headers=headers)


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


# -- What the page tells -----------------------------------------------------------------------------------------------


def test_the_head_is_one_row_of_labelled_facts(desk: Client, taken: Ticket, tomas: User) -> None:
    priorities.override(by=tomas, ticket=taken, priority=1, reason="Testing window", seen=2)
    found = page(desk, taken)
    head = found[found.index('id="head"') : found.index("</header>", found.index('id="head"'))]
    for words in ("In progress", "Critical", "Testing window", "Tomas Reyes", "Central IT", "Waiting 1 min for us"):
        assert words in head, words


def test_public_messages_and_notes_differ_in_words_icon_and_mark(desk: Client, taken: Ticket, tomas: User) -> None:
    replies.add(by=tomas, ticket=taken, body="I am on my way.")
    replies.add(by=tomas, ticket=taken, body="It is the switcher.", kind="internal")
    found = page(desk, taken)
    public, note = found.index("I am on my way."), found.index("It is the switcher.")
    assert "Public reply to Rita" in found[:public]
    sticky = found[public:note]
    assert 'data-kind="note" aria-label="Internal note by Tomas Reyes, staff only"' in sticky
    assert "Internal note, staff only" in sticky
    assert "<svg" in sticky


def test_events_between_two_messages_are_one_line(desk: Client, taken: Ticket, tomas: User, ana: User) -> None:
    priorities.judge(by=ana, ticket=taken, impact=3, urgency=1, seen=2)
    replies.add(by=tomas, ticket=fresh(taken), body="I am on my way.")
    found = page(desk, taken)
    assert "2 events</b> <bdi>You took it. Ana Ortiz set the priority to Critical" in found
    assert found.index("2 events") < found.index("I am on my way.")


@pytest.mark.parametrize(
    ("show", "shown", "hidden"),
    [
        ("talk", ["The projector", "I am on my way."], ["It is the switcher.", "took it"]),
        ("notes", ["It is the switcher."], ["I am on my way.", "took it"]),
        ("events", ["took it"], ["I am on my way.", "It is the switcher."]),
        ("nonsense", ["I am on my way.", "It is the switcher.", "took it"], []),
    ],
)
def test_the_timeline_can_be_filtered_by_links(
    desk: Client, taken: Ticket, tomas: User, show: str, shown: list[str], hidden: list[str]
) -> None:
    replies.add(by=tomas, ticket=taken, body="I am on my way.")
    replies.add(by=tomas, ticket=taken, body="It is the switcher.", kind="internal")
    thread = page(desk, taken, f"?show={show}").split('id="thread"')[1].split('id="composer"')[0]
    assert all(words in thread for words in shown)
    assert not any(words in thread for words in hidden)


def test_a_long_thread_shows_the_latest_and_leads_to_earlier_ones(desk: Client, taken: Ticket, tomas: User) -> None:
    start = timezone.now()
    for place in range(60):
        replies.add(by=tomas, ticket=taken, body=f"Word {place:03}.", at=start + timedelta(seconds=place // 3))
    first = desk.get(url(taken))
    latest, earlier = text_of(first), first.context["timeline"].earlier
    before = text_of(desk.get(url(taken), {"before": earlier}))
    everything = [f"Word {place:03}." for place in range(60)]
    assert [words for words in everything if words in latest] == everything[10:]
    assert [words for words in everything if words in before] == everything[:10]
    assert "The projector shows nothing" in before


@pytest.mark.parametrize("count", [4, 60])
def test_the_page_asks_the_database_as_often_for_a_long_thread(
    desk: Client, taken: Ticket, tomas: User, rita: User, lincoln: Place, count: int
) -> None:
    device = Device.objects.create(asset_tag="MU-1", kind="laptop", model="Dell", person=rita, room=lincoln.room)
    Ticket.objects.filter(pk=taken.pk).update(device=device)
    for place in range(count):
        kind = "internal" if place % 3 else "public"
        replies.add(by=(tomas if place % 3 else rita), ticket=taken, body=f"Word {place}.", kind=kind)
    with at_most(MOST_QUERIES):
        page(desk, taken)


def test_device_facts_say_where_they_come_from_and_how_old_they_are(desk: Client, taken: Ticket, rita: User) -> None:
    at = timezone.now() - timedelta(minutes=20)
    device = Device.objects.create(
        asset_tag="MU-20417",
        serial="5CD2",
        kind="chromebook",
        model="Dell 3110",
        person=rita,
        source="FileWave",
        fetched_at=at,
    )
    Ticket.objects.filter(pk=taken.pk).update(device=device)
    found = page(desk, taken)
    for words in ("MU-20417", "5CD2", "FileWave", "20 min ago", "Rita Shah"):
        assert words in found


def test_the_card_of_the_requester_lists_only_tickets_the_reader_may_see(
    desk: Client, ticket: Ticket, rita: User, lincoln: Place
) -> None:
    make_ticket(rita, "Printer jams", room=lincoln.room)
    secret = make_ticket(rita, "About my health")
    Ticket.objects.filter(pk=secret.pk).update(is_confidential=True)
    found = page(desk, ticket)
    assert "Printer jams" in found
    assert "About my health" not in found


def test_nothing_that_was_typed_runs(desk: Client, queue: Queue, rita: User, tomas: User) -> None:
    ticket = make_ticket(
        rita, "<script>alert(1)</script>", subject="<img src=x onerror=alert(1)>", place_note="<b onclick=x>"
    )
    replies.add(by=tomas, ticket=ticket, body="<svg onload=alert(1)> see https://maple.example/a")
    found = page(desk, ticket)
    for typed in ("<script>alert", "<img src=x", "<b onclick", "<svg onload"):
        assert typed not in found
    assert '<a href="https://maple.example/a" rel="nofollow noopener noreferrer ugc">' in found


# -- Who may look ------------------------------------------------------------------------------------------------------


def test_the_requester_gets_another_page_without_a_byte_of_notes(taken: Ticket, tomas: User, rita: User) -> None:
    replies.add(by=tomas, ticket=taken, body="CANARY-NOTE", kind="internal")
    browser = browser_of(rita)
    for query in ("", "?show=notes", "?show=", "?as=desk"):
        found = page(browser, taken, query)
        assert "CANARY-NOTE" not in found
        assert "ticket-head" not in found
    looked_again = browser.get(url(taken), headers={"HX-Request": "true", "HX-Target": "thread"})
    assert "CANARY-NOTE" not in text_of(looked_again)


def test_one_of_the_desk_without_the_right_reads_no_note(
    taken: Ticket, tomas: User, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No role is so today; the page asks the policy all the same, and the policy is one table."""
    from accounts import policy

    replies.add(by=tomas, ticket=taken, body="CANARY-NOTE", kind="internal")
    reader = make_person("aud@maple.example", "Ada Udit", Role.AUDITOR)
    assert "CANARY-NOTE" in page(browser_of(reader), taken)
    blind = policy.ROLES[Role.AUDITOR] - {policy.Permission.NOTE_READ}
    monkeypatch.setitem(policy.ROLES, Role.AUDITOR, blind)
    for query in ("", "?show=notes"):
        found = page(browser_of(reader), taken, query)
        assert "CANARY-NOTE" not in found
        assert 'id="show-notes"' not in found


def test_an_auditor_reads_and_has_no_form(taken: Ticket) -> None:
    reader = make_person("aud@maple.example", "Ada Udit", Role.AUDITOR)
    found = page(browser_of(reader), taken)
    assert 'id="composer"' not in found
    assert 'popovertarget="pop-' not in found
    for noun in ("assignment", "queue", "state", "priority", "resolution"):
        assert browser_of(reader).get(url(taken, noun)).status_code == 404
    assert send(browser_of(reader), taken, "messages", kind="public", body="x").status_code == 404


def test_a_school_contact_writes_but_moves_nothing(taken: Ticket, lincoln: Place) -> None:
    contact = make_person("con@maple.example", "Con Tact")
    grant = Grant.objects.create(user=contact, role=Role.SCHOOL_CONTACT, all_queues=True)
    grant.schools.add(lincoln.school)
    found = page(browser_of(contact), taken)
    assert 'id="composer"' in found
    assert 'name="then"' not in found
    assert browser_of(contact).get(url(taken, "state")).status_code == 404


@pytest.mark.parametrize("noun", ["", "messages", "assignment", "queue", "state", "priority", "resolution"])
def test_whoever_may_not_see_it_gets_404_everywhere(taken: Ticket, noun: str) -> None:
    stranger = browser_of(make_person("omar@maple.example", "Omar Haddad"))
    assert stranger.post(url(taken, noun), fields(taken)).status_code in ((404, 405) if not noun else (404,))
    if noun != "messages":
        assert stranger.get(url(taken, noun)).status_code == 404


def test_a_technician_can_meet_their_own_request_as_its_requester(queue: Queue, tomas: User, ana: User) -> None:
    own = make_ticket(tomas, "My own laptop")
    states.resolve(by=ana, ticket=own, text="New battery.", seen=1)
    assert "see it as its requester" in page(browser_of(tomas), own)
    assert "Does it work now?" in page(browser_of(tomas), own, "?as=requester")


# -- Writing -----------------------------------------------------------------------------------------------------------


def test_a_public_reply_is_sent_once_however_often_the_form_comes(desk: Client, taken: Ticket) -> None:
    key = str(uuid.uuid4())
    answers = [send(desk, taken, "messages", kind="public", body="I am on my way.", form_key=key) for _ in range(2)]
    [message] = taken.messages.filter(body="I am on my way.")
    assert [answer.status_code for answer in answers] == [303, 303]
    assert {answer.headers["Location"] for answer in answers} == {f"{url(taken)}#message-{message.pk}"}
    assert message.kind == Message.Kind.PUBLIC


def test_a_note_is_kept_as_a_note(desk: Client, taken: Ticket) -> None:
    send(desk, taken, "messages", kind="note", body="It is the switcher.")
    assert taken.messages.latest("id").kind == Message.Kind.INTERNAL


@pytest.mark.parametrize("to", [State.WAITING_REQUESTER, State.RESOLVED])
def test_a_reply_can_set_the_state_with_it(desk: Client, taken: Ticket, to: State) -> None:
    send(desk, taken, "messages", kind="public", body="Which room?", then=to)
    assert fresh(taken).state == to


def test_a_note_cannot_ask_the_requester(desk: Client, taken: Ticket) -> None:
    answer = send(desk, taken, "messages", kind="note", body="Which room?", then=State.WAITING_REQUESTER)
    assert answer.status_code == 422
    assert "send it as a public reply" in text_of(answer)
    assert "Which room?" in text_of(answer)
    assert fresh(taken).state == State.OPEN


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("", "Write something first"),
        (" \n ", "Write something first"),
        ("x" * 20_001, "too long"),
        ("a\x00b", "unprintable"),
    ],
)
def test_a_bad_message_comes_back_with_a_word_beside_it(desk: Client, taken: Ticket, body: str, words: str) -> None:
    answer = send(desk, taken, "messages", kind="public", body=body)
    found = text_of(answer)
    assert answer.status_code == 422
    assert words in found
    assert 'aria-invalid="true"' in found
    assert 'aria-describedby="composer-to composer-body_error"' in found
    assert taken.messages.count() == 1


def test_emoji_and_right_to_left_text_come_back_as_they_were_written(desk: Client, taken: Ticket) -> None:
    send(desk, taken, "messages", kind="public", body="👩🏽‍🏫 الشاشة لا تعمل")
    assert '<p dir="auto">👩🏽‍🏫 الشاشة لا تعمل</p>' in page(desk, taken)


@pytest.mark.parametrize("htmx", [False, True])
def test_a_conflict_keeps_the_text_tells_who_did_what_and_sends_at_the_second_press(
    desk: Client, taken: Ticket, ana: User, htmx: bool
) -> None:
    shown = desk.get(url(taken)).context["composer"]
    replies.add(by=ana, ticket=taken, body="I called her.", kind="internal")
    typed = {"kind": "public", "body": "I am on my way.", "since": shown["since"].value()}
    answer = send(desk, taken, "messages", htmx=htmx, **typed)
    found = text_of(answer)
    assert answer.status_code == 409
    assert ("<html" in found) is not htmx
    assert "<bdi>Ana Ortiz</bdi> wrote an internal note" in found
    assert "I am on my way.</textarea>" in found
    assert "I called her." in found
    assert not taken.messages.filter(body="I am on my way.").exists()
    again = answer.context["composer"]
    second = typed | {name: again[name].value() for name in ("seen", "since", "form_key")}
    assert desk.post(url(taken, "messages"), second).status_code == 303
    assert taken.messages.filter(body="I am on my way.").count() == 1


def test_a_reply_by_the_requester_alone_is_told_in_the_conflict(desk: Client, taken: Ticket, rita: User) -> None:
    since = desk.get(url(taken)).context["composer"]["since"].value()
    replies.add(by=rita, ticket=taken, body="Never mind.")
    answer = send(desk, taken, "messages", kind="public", body="I am on my way.", since=since)
    assert "<bdi>Rita Shah</bdi> wrote" in text_of(answer)


def test_a_closed_ticket_takes_notes_only(desk: Client, taken: Ticket, tomas: User, rita: User) -> None:
    done = states.resolve(by=tomas, ticket=taken, text="New lamp.", seen=2)
    states.confirm(by=rita, ticket=done)
    found = page(desk, taken)
    assert 'value="note" checked' in found
    assert 'value="public"' not in found


# -- Moving on ---------------------------------------------------------------------------------------------------------


def test_take_it_is_one_press(desk: Client, ticket: Ticket, tomas: User) -> None:
    assert 'name="assignee" value="me"' in page(desk, ticket)
    answer = send(desk, ticket, "assignment", assignee="me")
    assert answer.headers["Location"] == url(ticket)
    assert fresh(ticket).assignee == tomas
    assert 'name="assignee" value="me"' not in page(desk, ticket)


def test_it_can_be_given_to_others_of_the_desk_and_to_nobody_else(
    desk: Client, ticket: Ticket, ana: User, rita: User
) -> None:
    offered = text_of(desk.get(url(ticket, "assignment")))
    assert "Ana Ortiz" in offered
    assert "Rita Shah" not in offered
    send(desk, ticket, "assignment", assignee=ana.pk)
    assert fresh(ticket).assignee == ana
    assert send(desk, fresh(ticket), "assignment", assignee=rita.pk).status_code == 422
    send(desk, fresh(ticket), "assignment", assignee="")
    assert fresh(ticket).assignee is None


def test_whoever_is_second_to_take_it_is_told_who_was_first(desk: Client, ticket: Ticket, ana: User) -> None:
    since = desk.get(url(ticket)).context["claim"]["since"].value()
    assignments.assign(by=ana, ticket=ticket, to=ana, seen=1)
    answer = send(desk, ticket, "assignment", assignee="me", since=since)
    assert answer.status_code == 409
    assert "<bdi>Ana Ortiz</bdi> took it" in text_of(answer)
    assert fresh(ticket).assignee == ana


def test_a_visit_needs_its_day(desk: Client, taken: Ticket) -> None:
    missing = send(desk, taken, "state", to=State.SCHEDULED)
    assert missing.status_code == 422
    assert "Choose a day and time" in text_of(missing)
    day = timezone.localtime(timezone=ZoneInfo(FACTS["maple"]["time_zone"])) + timedelta(days=1)
    send(desk, taken, "state", to=State.SCHEDULED, wake_at=day.strftime("%Y-%m-%dT%H:%M"))
    assert fresh(taken).state == State.SCHEDULED
    assert fresh(taken).wake_at == day.replace(second=0, microsecond=0)


def test_waiting_for_the_requester_takes_words_that_they_read(desk: Client, taken: Ticket) -> None:
    assert send(desk, taken, "state", to=State.WAITING_REQUESTER).status_code == 422
    send(desk, taken, "state", to=State.WAITING_REQUESTER, text="Which room?")
    assert fresh(taken).state == State.WAITING_REQUESTER
    assert taken.messages.latest("id").kind == Message.Kind.PUBLIC


def test_a_state_that_is_not_offered_is_refused(desk: Client, taken: Ticket) -> None:
    assert send(desk, taken, "state", to=State.CLOSED).status_code == 422
    assert fresh(taken).state == State.OPEN


def test_resolving_takes_words_and_tells_the_requester(desk: Client, taken: Ticket) -> None:
    assert send(desk, taken, "resolution", text=" ").status_code == 422
    assert send(desk, taken, "resolution", text="New lamp.").status_code == 303
    assert fresh(taken).resolution_text == "New lamp."
    assert "New lamp." in page(desk, taken)


def test_the_priority_follows_the_table_or_a_reason(desk: Client, taken: Ticket) -> None:
    send(desk, taken, "priority", impact=3, urgency=1)
    assert (fresh(taken).priority, fresh(taken).priority_source) == (1, "matrix")
    assert send(desk, fresh(taken), "priority", priority=4, reason=" ").status_code == 422
    send(desk, fresh(taken), "priority", priority=4, reason="She is on leave.")
    assert (fresh(taken).priority, fresh(taken).priority_reason) == (4, "She is on leave.")


def test_it_moves_to_another_queue(desk: Client, taken: Ticket) -> None:
    other = Queue.objects.create(name="Lincoln campus")
    send(desk, taken, "queue", queue=other.pk)
    assert fresh(taken).queue == other


@pytest.mark.parametrize(
    ("noun", "given"),
    [("state", {"to": State.SCHEDULED}), ("resolution", {"text": ""}), ("priority", {"priority": 1, "reason": ""})],
)
def test_a_form_that_comes_back_stands_on_the_page_it_was_sent_from(
    desk: Client, taken: Ticket, noun: str, given: dict[str, Any]
) -> None:
    alone = text_of(send(desk, taken, noun, **given))
    assert "<html" in alone
    assert 'id="ticket"' not in alone
    part = send(desk, taken, noun, htmx=True, **given)
    assert part.status_code == 422
    assert "<html" not in text_of(part)
    assert 'class="card returned"' in text_of(part)
    assert 'aria-invalid="true"' in text_of(part)


@pytest.mark.parametrize("noun", ["assignment", "queue", "state", "priority", "priority/?override", "resolution"])
def test_every_form_has_a_page_of_its_own(desk: Client, taken: Ticket, noun: str) -> None:
    answer = desk.get(f"/tickets/{taken.number}/{noun.removesuffix('/')}" + ("" if "?" in noun else "/"))
    assert answer.status_code == 200
    assert "csrfmiddlewaretoken" in text_of(answer)


def test_a_stale_form_says_so(desk: Client, taken: Ticket) -> None:
    answer = desk.post(url(taken, "messages"), {"kind": "public", "body": "I am on my way."})
    assert answer.status_code == 422
    assert "This form is too old" in text_of(answer)
    assert "I am on my way.</textarea>" in text_of(answer)


def test_looking_again_brings_the_timeline_and_the_head(desk: Client, taken: Ticket) -> None:
    found = text_of(desk.get(url(taken), headers={"HX-Request": "true", "HX-Target": "thread"}))
    assert "<html" not in found
    assert 'id="thread"' in found
    assert 'id="head" hx-swap-oob="true"' in found
    assert 'id="composer"' not in found
