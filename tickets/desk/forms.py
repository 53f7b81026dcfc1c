"""The forms of the desk: writing on a ticket and moving it on. Each carries the version its writer saw."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from tickets.attachments.forms import WithFiles
from tickets.desk import states
from tickets.desk.priorities import LONGEST_REASON
from tickets.intake.forms import Once
from tickets.intake.words import Words
from tickets.models import Message, Queue, Ticket

PUBLIC, NOTE = "public", "note"
_STALE = {"required": _("This form is too old. Look at the page again, then send.")}
_STALE |= {"invalid": _STALE["required"]}


class Change(Once):
    """A change of a ticket as it was shown: `seen` is its version then, `since` the newest event on the page."""

    verb: Any = _("Save")
    is_titled = False  # whether the heading above it already says what its one field asks

    seen = forms.IntegerField(widget=forms.HiddenInput, error_messages=_STALE)
    since = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, ticket: Any, name: str, **options: Any) -> None:
        shown = {"seen": ticket.version, "since": getattr(ticket, "newest_event", None)}
        options |= {"initial": shown | options.get("initial", {}), "auto_id": f"{name}-%s"}
        super().__init__(*args, **options)


class Composer(WithFiles, Change):
    """A public reply or an internal note, and the state that it may set with it."""

    kind = forms.ChoiceField(choices=[(PUBLIC, _("Public")), (NOTE, _("Note"))], initial=PUBLIC, required=False)
    body = Words(label=_("Message"), longest=Message.LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    then = forms.ChoiceField(label=_("and set"), required=False)

    def __init__(self, *args: Any, ticket: Ticket, steps: list[states.Step], may_reply: bool, **options: Any) -> None:
        super().__init__(*args, ticket=ticket, name="composer", **options)
        self.offer(ticket, steps)
        if not may_reply:
            self.initial["kind"] = NOTE

    def offer(self, ticket: Ticket, steps: list[states.Step]) -> None:
        """Offers the states that can be set from here; a visit needs a date, which the form of states asks for."""
        then: Any = self.fields["then"]
        keep = _("Keep “%(state)s”") % {"state": ticket.get_state_display()}
        offered = [step.to for step in steps if step.needs != states.Needs.DATE]
        then.choices = [("", keep), *((to.value, label_of(to, ticket)) for to in offered)]

    def chosen(self) -> str:
        """The kind of message that is chosen now, sent or not."""
        return NOTE if (self["kind"].value() or self.initial.get("kind")) == NOTE else PUBLIC

    @property
    def offers_steps(self) -> bool:
        then: Any = self.fields["then"]
        return len(then.choices) > 1

    def body_control(self) -> SafeString:
        described = "composer-to composer-body_error" if self["body"].errors else "composer-to"
        attrs: Any = {"class": "composer-text", "placeholder": _("Write here"), "aria-describedby": described}
        return self["body"].as_widget(attrs=attrs)

    def then_control(self) -> SafeString:
        return self["then"].as_widget(attrs={"class": "input"})

    def words(self) -> dict[str, Any]:
        """The cleaned form as the keywords of `replies.add`."""
        given = self.cleaned_data
        return {
            "body": given["body"],
            "kind": Message.Kind.INTERNAL if given["kind"] == NOTE else Message.Kind.PUBLIC,
            "seen": given["seen"],
            "form_key": given["form_key"],
            "attachments": given["attachments"],
            "then": given["then"] or None,
        }


class Move(Change):
    """Another state, with the words or the day that it takes."""

    verb = _("Set the state")

    to = forms.ChoiceField(label=_("Set it to"), widget=forms.RadioSelect)
    text = Words(
        label=_("What for?"),
        help_text=_("Waiting on the requester, they read it; in any other state only staff do."),
        longest=Message.LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    wake_at = forms.DateTimeField(
        label=_("Day and time of the visit"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": _("Choose a day and a time.")},
    )

    def __init__(self, *args: Any, ticket: Ticket, steps: list[states.Step], **options: Any) -> None:
        super().__init__(*args, ticket=ticket, name="move", **options)
        to: Any = self.fields["to"]
        to.choices = [(step.to.value, label_of(step.to, ticket)) for step in steps if step.to != Ticket.State.RESOLVED]
        self.initial.setdefault("to", to.choices[0][0] if to.choices else "")


class Resolution(Change):
    """How it was solved, in words that the requester reads."""

    verb = _("Resolve")

    text = Words(
        label=_("How was it solved?"),
        longest=Message.LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write how it was solved; the requester will read it.")},
    )

    def __init__(self, *args: Any, ticket: Ticket, **options: Any) -> None:
        super().__init__(*args, ticket=ticket, name="resolution", **options)


class Person(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Somebody of the desk, by name and job."""

    def label_from_instance(self, person: User) -> str:
        return f"{person.name}, {person.job}" if person.job else person.name


class Assignment(Change):
    """Who works on it."""

    verb = _("Give it to them")
    is_titled = True

    assignee = Person(
        label=_("Person"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Nobody"),
        widget=forms.Select(attrs={"autofocus": True}),
    )

    def __init__(self, *args: Any, ticket: Ticket, people: QuerySet[User], **options: Any) -> None:
        super().__init__(*args, ticket=ticket, name="assignment", initial={"assignee": ticket.assignee_id}, **options)
        field: Any = self.fields["assignee"]
        field.queryset = people


class Transfer(Change):
    """The queue it waits in."""

    verb = _("Move it")
    is_titled = True

    queue = forms.ModelChoiceField(label=_("Queue"), queryset=Queue.objects.none(), empty_label=None)

    def __init__(self, *args: Any, ticket: Ticket, **options: Any) -> None:
        super().__init__(*args, ticket=ticket, name="transfer", initial={"queue": ticket.queue_id}, **options)
        field: Any = self.fields["queue"]
        field.queryset = Queue.objects.filter(is_active=True)


class Judgement(Change):
    """Impact and urgency, from which the priority follows."""

    verb = _("Set the priority")

    impact = forms.TypedChoiceField(label=_("Who is held up?"), coerce=int, choices=Ticket.Impact)
    urgency = forms.TypedChoiceField(label=_("How badly?"), coerce=int, choices=Ticket.Urgency)

    def __init__(self, *args: Any, ticket: Ticket, **options: Any) -> None:
        initial = {"impact": ticket.impact, "urgency": ticket.urgency}
        super().__init__(*args, ticket=ticket, name="judgement", initial=initial, **options)


class Override(Change):
    """A priority against the table, with the reason."""

    verb = _("Set it so")

    priority = forms.TypedChoiceField(label=_("Priority"), coerce=int, choices=Ticket.Priority)
    reason = Words(
        label=_("Reason"),
        longest=LONGEST_REASON,
        error_messages={"required": _("Say why; the reason is shown beside the priority.")},
    )

    def __init__(self, *args: Any, ticket: Ticket, **options: Any) -> None:
        initial = {"priority": ticket.priority, "reason": ticket.priority_reason}
        super().__init__(*args, ticket=ticket, name="override", initial=initial, **options)


def label_of(state: Ticket.State, ticket: Ticket) -> str:
    """A state as the desk speaks of it on this ticket: waiting is always for somebody."""
    if state == Ticket.State.WAITING_REQUESTER:
        return _("Waiting on %(who)s") % {"who": ticket.requester.given_name}
    return str(state.label)


def again[Form: Change](form: Form, ticket: Any) -> Form:
    """The form with the ticket counted as seen as it is now, so that a second press sends; what was typed stays."""
    data: Any = form.data
    data = data.copy()
    data["seen"], data["since"] = str(ticket.version), str(ticket.newest_event or "")
    form.data = data
    return form
