"""The template tags that every page is made of."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django import forms
from django.template import Context, Template
from django.utils import timezone

from helpdesk.components import RITA, TOMAS, State
from helpdesk.templatetags import ui

NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)  # a Wednesday


class Form(forms.Form):
    what = forms.CharField(label="What is wrong?", help_text="Say it as you would to a colleague.")
    more = forms.CharField(required=False, widget=forms.Textarea)
    school = forms.ChoiceField(choices=[("l", "Lincoln")], widget=forms.RadioSelect)
    tell = forms.BooleanField(required=False)


def render(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


def test_an_icon_is_drawn_into_the_page_and_hidden_from_readers() -> None:
    drawn = render('{% icon "search" size="small" %}')
    assert drawn.startswith('<svg class="icon"')
    assert 'aria-hidden="true"' in drawn
    assert 'data-size="small"' in drawn
    assert "<circle" in drawn
    assert "style=" not in drawn


def test_only_an_icon_that_points_turns_with_the_direction_of_writing() -> None:
    assert "data-flips" in ui.icon("chevron-right")
    assert "data-flips" not in ui.icon("search")


def test_an_avatar_shows_initials_and_nobody_is_a_dash() -> None:
    assert ">RS</span>" in render("{% avatar person %}", person=RITA)
    assert "data-staff" in render("{% avatar person staff=True %}", person=TOMAS)
    assert "data-nobody" in render("{% avatar person %}", person=None)


@pytest.mark.parametrize("state", list(State))
def test_a_state_is_a_word_with_a_known_glyph(state: State) -> None:
    drawn = ui.state(state)
    assert f">{state.label}</span>" in drawn
    assert re.search(r'data-type="(new|open|waiting|scheduled|approval|resolved|closed)"', drawn)


@pytest.mark.parametrize(("level", "pale"), [(1, 0), (2, 1), (3, 2), (4, 3)])
def test_a_priority_is_a_word_and_as_many_bars_as_it_is_high(level: int, pale: int) -> None:
    drawn = render("{% priority level %}", level=level)
    assert drawn.count('class="off"') == pale
    assert ["Critical", "High", "Normal", "Low"][level - 1] in drawn


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (timedelta(seconds=20), "Just now"),
        (timedelta(minutes=5), "5 min ago"),
        (timedelta(hours=3), "Today, 9:00 AM"),
        (timedelta(days=1), "Yesterday, 12:00 PM"),
        (timedelta(days=-1), "Tomorrow, 12:00 PM"),
        (timedelta(days=5), "Friday, 12:00 PM"),
        (timedelta(days=41), "8 October"),
        (timedelta(days=400), "14 Oct 2025"),
    ],
)
def test_a_moment_is_said_as_a_person_would(before: timedelta, words: str) -> None:
    with timezone.override(UTC):
        said = ui.ago(NOON - before, now=NOON)
    assert f">{words}</time>" in said
    assert f'datetime="{(NOON - before).isoformat(timespec="seconds")}"' in said


def test_no_moment_says_nothing() -> None:
    assert ui.ago(None) == ""


def test_a_field_ties_hint_and_error_to_its_control_and_keeps_what_was_typed() -> None:
    form = Form({"what": "", "more": "<b>lamp</b>"})
    drawn = ui.field(form["what"])
    described = re.search(r'aria-describedby="([^"]+)"', drawn)
    assert described is not None
    assert all(f'id="{each}"' in drawn for each in described[1].split())
    assert len(described[1].split()) == 2
    assert 'aria-invalid="true"' in drawn
    assert '<label for="id_what"' in drawn
    assert "&lt;b&gt;lamp&lt;/b&gt;</textarea>" in ui.field(form["more"])


def test_a_field_that_may_stay_empty_says_so() -> None:
    assert "optional" in ui.field(Form()["more"])
    assert "optional" not in ui.field(Form()["what"])


def test_choices_are_a_group_with_a_legend() -> None:
    drawn = ui.field(Form()["school"])
    assert "<legend" in drawn
    assert '<label class="radio-card" for="id_school_0">' in drawn


def test_a_tick_box_stands_inside_its_label() -> None:
    assert re.search(r'<label class="choice" for="id_tell"><input type="checkbox"', ui.field(Form()["tell"]))


def test_a_quiet_field_keeps_its_label_for_readers_and_takes_attributes() -> None:
    drawn = ui.field(Form()["more"], quiet=True, rows="3", hx_post="/x/")
    assert 'class="sr">More' in drawn
    assert 'rows="3"' in drawn
    assert 'hx-post="/x/"' in drawn


def test_a_form_that_came_back_sums_up_its_mistakes_first() -> None:
    form = Form({"what": ""})
    drawn = render('{% include "components/error_summary.html" %}', form=form)
    assert "2 things to mend" in drawn
    assert 'href="#id_what"' in drawn
    assert "autofocus" in drawn
    assert render('{% include "components/error_summary.html" %}', form=Form()).strip() == ""


def test_keys_stand_on_their_own_caps() -> None:
    assert ui.kbd("Ctrl Enter") == "<kbd>Ctrl</kbd><kbd>Enter</kbd>"
