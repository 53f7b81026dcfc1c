"""The desk's page of a ticket: its facts, its timeline, the composer and the forms that move it on."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tickets.asking import person_of, see_other
from tickets.desk import forms, replies, rights, states, timeline, turns
from tickets.desk.locking import Refused
from tickets.desk.timeline import Show
from tickets.models import Device, Message, Stale, Ticket
from tickets.notify import inbox, live

SHOWN = ("requester__school", "reported_by", "assignee", "queue", "school", "room", "device__person", "device__room")
MOST_OTHERS = 6
OVER = (Ticket.State.CLOSED, Ticket.State.CANCELLED, Ticket.State.MERGED)


def find(request: HttpRequest, number: int) -> Any:
    """The ticket with everything its page says about it, for those who may see it; 404 for everybody else."""
    tickets: Any = Ticket.objects
    found = (
        tickets.visible_to(person_of(request))
        .select_related(*SHOWN)
        .annotate(
            talk_count=timeline.count("talk"),
            note_count=timeline.count("notes"),
            event_count=timeline.count("events"),
            newest_event=timeline.newest_event(),
            last_word=turns.last_word(),
            state_since=turns.state_since(),
        )
        .filter(number=number)
        .first()
    )
    if found is None:
        raise Http404
    return found


def show(request: HttpRequest, ticket: Any, *, status: int = 200, told: Any = None, **returned: Any) -> HttpResponse:
    """The page; parts of it for htmx. `returned` are forms that came back, `told` what others did meanwhile."""
    poll = {
        "token": live.watch(live.ticket_topic(ticket.number)).sign(),
        "mark": live.mark(live.ticket_topic(ticket.number)),
    }
    user = person_of(request)
    inbox.open_ticket(request, ticket)
    context = {
        "ticket": ticket,
        "poll": poll,
        "turn": turns.of(ticket),
        "told": told,
        # Script follows the redirect of a form that was saved to this very part of the page; the focus goes there, so
        # that the next key is a command again.
        "is_saved": request.method == "GET" and _part(request) == "#page",
        "is_asking": rights.is_asking(user, ticket),
        "others": _others(ticket, request),
        "rooms": list(ticket.requester.rooms.all()),
        "device_facts": device_facts(ticket.device) if ticket.device else [],
        **_timeline(request, ticket),
        **_forms(request, ticket, returned),
    } | returned
    return render(request, f"tickets/desk/ticket.html{_part(request)}", context, status=status)


def _part(request: Any) -> str:
    if not request.htmx or request.htmx.history_restore_request:
        return ""
    return "#news" if request.htmx.target == "thread" else "#page"


def _timeline(request: HttpRequest, ticket: Any) -> dict[str, Any]:
    notes = rights.reads_notes(person_of(request), ticket)
    wanted = request.GET.get("show", "")
    chosen = Show(wanted) if wanted in Show.values and (notes or wanted != Show.NOTES) else Show.ALL
    counts = {Show.TALK: ticket.talk_count, Show.NOTES: ticket.note_count, Show.EVENTS: ticket.event_count}
    return {
        "timeline": timeline.of(
            ticket, reader=person_of(request), notes=notes, show=chosen, before=request.GET.get("before", "")
        ),
        "tabs": [(each, counts.get(each)) for each in Show if notes or each != Show.NOTES],
        "chosen": chosen,
        "reads_notes": notes,
    }


def _forms(request: HttpRequest, ticket: Any, returned: dict[str, Any]) -> dict[str, Any]:
    """What the person may do here: a form for each right, none where there is none."""
    user = person_of(request)
    steps = states.allowed(ticket, user)
    may_change, may_assign = rights.may_change(user, ticket), rights.may_assign(user, ticket) and ticket.is_in_work
    can_resolve = any(step.to == Ticket.State.RESOLVED for step in steps)
    return {
        "composer": returned.get("composer") or composer(request, ticket),
        "may_reply": _may_reply(request, ticket),
        "may_note": rights.may_note(user, ticket),
        "move": forms.Move(ticket=ticket, steps=steps) if steps else None,
        "resolution": forms.Resolution(ticket=ticket) if can_resolve else None,
        "claim": forms.Change(ticket=ticket, name="claim") if may_assign and ticket.assignee_id != user.pk else None,
        "may_assign": may_assign,
        "judgement": forms.Judgement(ticket=ticket) if may_change else None,
        "override": forms.Override(ticket=ticket) if may_change else None,
    }


def _may_reply(request: HttpRequest, ticket: Ticket) -> bool:
    """Whether a public reply can still be sent; notes can be kept on a finished ticket too."""
    late = ticket.state == Ticket.State.RESOLVED and not states.can_reopen(ticket, timezone.now())
    return rights.may_reply(person_of(request), ticket) and ticket.state not in OVER and not late


def composer(request: HttpRequest, ticket: Any) -> forms.Composer | None:
    """The form to write with, filled in if it was sent, as far as the person may write at all."""
    user, may_reply = person_of(request), _may_reply(request, ticket)
    if not may_reply and not rights.may_note(user, ticket):
        return None
    sent = (request.POST, request.FILES) if "body" in request.POST else ()
    steps = states.allowed(ticket, user)
    return forms.Composer(*sent, uploader=user, ticket=ticket, steps=steps, may_reply=may_reply)


def _others(ticket: Ticket, request: HttpRequest) -> list[Ticket]:
    """The requester's other open tickets, as far as the reader may see them."""
    tickets: Any = Ticket.objects.visible_to(person_of(request))
    found = tickets.of_requester(ticket.requester).in_work().exclude(pk=ticket.pk).order_by("-id")
    return list(found[: MOST_OTHERS + 1])


def device_facts(device: Device) -> list[tuple[str, Any, bool]]:
    """What is known of a device: name, value, and whether it is a code to be read letter by letter."""
    checked_in = device.last_check_in_at and _("%(time)s ago") % {
        "time": turns.span(timezone.now() - device.last_check_in_at)
    }
    facts = [
        (_("Tag"), device.asset_tag, True),
        (_("Serial"), device.serial, True),
        (_("Kind"), device.get_kind_display(), False),
        (_("System"), device.os, False),
        (_("Assigned to"), device.person and device.person.name, False),
        (_("Room"), device.room and device.room.name, False),
        (_("Last check-in"), checked_in, False),
    ]
    return [fact for fact in facts if fact[1]]


def write(request: HttpRequest, ticket: Any) -> HttpResponse:
    """Sends a reply or keeps a note; on a conflict the text stays and a second press sends it."""
    form, user = composer(request, ticket), person_of(request)
    if form is None:
        raise Http404
    if earlier := ticket.messages.filter(form_key=form.key(), author=user).first():
        return _to(ticket, earlier)
    if not form.is_valid():
        return show(request, ticket, status=422, composer=form)
    try:
        message = replies.add(by=user, ticket=ticket, **form.words())
    except Stale:
        fresh = find(request, ticket.number)
        told = meanwhile(request, fresh, form)
        form.offer(fresh, states.allowed(fresh, user))
        return show(request, fresh, status=409, told=told, composer=forms.again(form, fresh), is_stale=True)
    except Refused as refusal:
        form.refuse(refusal)
        return show(request, ticket, status=422, composer=form)
    return _to(ticket, message)


def _to(ticket: Ticket, message: Message) -> HttpResponse:
    return see_other(f"{address(ticket)}#message-{message.pk}")


def meanwhile(request: HttpRequest, ticket: Any, form: forms.Change) -> list[timeline.Told]:
    """What happened since the form was shown."""
    user = person_of(request)
    notes = rights.reads_notes(user, ticket)
    since = form.cleaned_data.get("since") or ticket.newest_event or 0
    return timeline.meanwhile(ticket, since=since, reader=user, notes=notes)


def address(ticket: Ticket) -> str:
    return reverse("tickets:ticket", args=[ticket.number])
