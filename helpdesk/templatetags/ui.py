"""The small parts every page is made of, as template tags: icon, avatar, state, priority, ago, field, kbd."""

from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django import forms, template
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from lucide.templatetags.lucide import lucide

register = template.Library()

# The glyph of a state tells its type by shape; several types share one shape because they mean the same to a reader.
GLYPHS = {
    "new": "new",
    "open": "open",
    "waiting_requester": "waiting",
    "waiting_other": "waiting",
    "scheduled": "scheduled",
    "pending_approval": "approval",
    "resolved": "resolved",
}
POINTING = ("-left", "-right", "log-out", "reply", "send")


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """An icon of the lucide set, drawn into the page; it is decoration, so the words beside it carry the meaning."""
    return _icon(name, size)


@cache
def _icon(name: str, size: str) -> SafeString:
    drawing = lucide(name, size=None)
    inside = mark_safe(drawing[drawing.index(">") + 1 :])  # noqa: S308  # a drawing of the package, nobody's input
    sized = format_html(' data-size="{}"', size) if size else ""
    flips = mark_safe(" data-flips") if name.endswith(POINTING) else ""
    return format_html('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"{}{}>{}', sized, flips, inside)


@register.inclusion_tag("components/avatar.html")
def avatar(person: Any, staff: bool = False, size: str = "", here: bool = False) -> dict[str, object]:
    """Initials on paper; nobody is a dashed ring. The name stands beside it, so readers skip the picture.

    `staff` is said by the page, never looked up here: a list of fifty people would ask fifty times.
    """
    return {"initials": person.initials if person else "", "staff": staff, "size": size, "here": here}


@register.simple_tag
def state(ticket: Any, boxed: bool = False) -> SafeString:
    """The state of a ticket as a word with a glyph; takes a ticket or a member of its State."""
    kind = getattr(ticket, "state", ticket)
    label = ticket.get_state_display() if hasattr(ticket, "state") else getattr(ticket, "label", ticket)
    box = mark_safe(" data-boxed") if boxed else ""
    glyph = GLYPHS.get(str(kind), "closed")
    return format_html('<span class="state" data-type="{}"{}>{}</span>', glyph, box, label)


@register.inclusion_tag("components/priority.html")
def priority(ticket: Any, boxed: bool = False) -> dict[str, object]:
    """The priority as bars and a word; takes a ticket or a level from 1 to 4."""
    level = ticket if isinstance(ticket, int) else ticket.priority
    names = {1: _("Critical"), 2: _("High"), 3: _("Normal"), 4: _("Low")}
    return {"level": level, "label": names[int(level)], "boxed": boxed}


@register.simple_tag
def ago(moment: datetime | None, inside: bool = False, now: datetime | None = None) -> SafeString | str:
    """When something happened, as a person would say it, over the exact time; `inside=True` within a sentence."""
    if moment is None:
        return ""
    here = timezone.localtime(moment)
    exact = date_format(here, "l, j F Y, g:i A")
    words = _words(here, timezone.localtime(now))
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        here.isoformat(timespec="seconds"),
        exact,
        words if inside else capfirst(words),
    )


def _words(here: datetime, now: datetime) -> str:
    passed = now - here
    clock = date_format(here, "g:i A")
    if timedelta() <= passed < timedelta(minutes=1):
        return _("just now")
    if timedelta() <= passed < timedelta(hours=1):
        minutes = int(passed.total_seconds() // 60)
        return ngettext("%(count)d min ago", "%(count)d min ago", minutes) % {"count": minutes}
    days = (now.date() - here.date()).days
    if days in (0, 1, -1):
        day = {0: _("today"), 1: _("yesterday"), -1: _("tomorrow")}[days]
        return _("%(day)s, %(clock)s") % {"day": day, "clock": clock}
    if 1 < days < 7:
        return _("%(day)s, %(clock)s") % {"day": date_format(here, "l"), "clock": clock}
    if abs(days) < 180:
        return date_format(here, "j F")
    return date_format(here, "j M Y")


@register.simple_tag
def field(bound: forms.BoundField, quiet: bool = False, **attrs: str) -> SafeString:
    """A form field whole: label, hint, error and control, wired for readers.

    `quiet=True` keeps the label for readers only; other keywords become attributes of the control (`rows=3`).
    """
    kind = _kind(bound.field.widget)
    return render_to_string(
        "components/field.html",
        {
            "field": bound,
            "label": bound.label,
            "kind": kind,
            "quiet": quiet,
            "optional": not bound.field.required and kind != "choice",
            "control": "" if kind == "group" else bound.as_widget(attrs=_control_attrs(kind, attrs)),
        },
    )


def _kind(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput):
        return "choice"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "group"
    return "file" if isinstance(widget, forms.FileInput) else "text"


def _control_attrs(kind: str, attrs: dict[str, str]) -> dict[str, str | bool]:
    named: dict[str, str | bool] = {name.replace("_", "-"): value for name, value in attrs.items()}
    return named if kind == "choice" else {"class": "input", **named}


@register.simple_tag
def kbd(keys: str) -> SafeString:
    """One or more keys, each on its own cap: `{% kbd "Ctrl Enter" %}`."""
    return format_html_join("", "<kbd>{}</kbd>", ((key,) for key in keys.split()))
