"""What people type is shown as they typed it, and never runs."""

import html
import re
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from types import FrameType
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from helpdesk import text

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "![x](javascript:alert(1))",
    "<javascript:alert(1)>",
    "[a]: javascript:alert(1)\n\n[a]",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<annotation-xml encoding='text/html'><script>alert(1)</script>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<details open ontoggle=alert(1)>",
    "<form action=javascript:alert(1)><button>x</button></form>",
    "<base href=https://evil.example/>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<p style='background:url(javascript:alert(1))'>x</p>",
    "<p hx-get='/queue/' hx-trigger=load>x</p>",
    'https://x.example/"onmouseover=alert(1)',
    "https://x.example/'onmouseover='alert(1)",
    "https://<script>alert(1)</script>",
    "javascript://x.example/%0aalert(1)",
    "http://x.example/`${alert(1)}`",
    "{{ settings.SECRET_KEY }}{% load x %}",
    "\x00<\x00script>alert(1)</script>",
    "java\tscript:alert(1)",
    "```<script>\nalert(1)\n</script>```",
    "\u202ehttps://elpmaxe.live\u202c",
]
TAGS = frozenset(
    [
        *("a", "b", "br", "code", "dd", "del", "dl", "dt", "em", "hr", "i", "pre", "s", "strong", "sub", "sup"),
        *("tbody", "td", "th", "thead", "tr", "p", "ul", "ol", "li", "h2", "h3", "h4", "blockquote", "table"),
    ]
)


class Reader(HTMLParser):
    """Refuses whatever a browser could run."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, tag
        for name, value in attrs:
            assert name in {"href", "rel", "title", "dir", "start", "scope"}, name
            if name == "href":
                scheme = re.match(r"\s*([a-z][a-z0-9+.-]*):", value or "", re.IGNORECASE)
                assert scheme is None or scheme[1].lower() in {"http", "https", "mailto"}, value


def assert_harmless(out: str) -> None:
    reader = Reader()
    reader.feed(out)
    reader.close()


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("render", [text.plain, text.markdown, text.clean])
def test_nothing_that_was_typed_can_run(render: Callable[[str], str], attack: str) -> None:
    assert_harmless(render(attack))


@given(st.text(alphabet=st.sampled_from("<>&\"'/ \n=ahimgsrcvptye:()[]`*_!-\x00"), max_size=200))
def test_no_mixture_of_signs_can_run(typed: str) -> None:
    assert_harmless(text.plain(typed))
    assert_harmless(text.markdown(typed))


@given(st.text(max_size=300))
def test_plain_text_comes_back_as_it_was_typed(typed: str) -> None:
    shown = html.unescape(re.sub(r"<[^>]*>", "", text.plain(typed).replace("<br>", "\n")))
    assert shown.split() == text.printable(typed).split()


@given(st.one_of(st.text(max_size=200), st.lists(st.sampled_from(ATTACKS), max_size=5).map("".join)))
@example("<p>a<p>b<table><p>c")
def test_cleaning_twice_changes_nothing(typed: str) -> None:
    assert text.clean(text.clean(typed)) == text.clean(typed)


def test_empty_lines_part_paragraphs_and_line_ends_break_lines() -> None:
    assert text.plain("One\r\ntwo\n \n\nthree") == '<p dir="auto">One<br>two</p>\n<p dir="auto">three</p>'


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("see https://maple.example/a?b=1&c=2.", "https://maple.example/a?b=1&c=2"),
        ("(https://maple.example/a_(b))", "https://maple.example/a_(b)"),
        ("HTTPS://maple.example/!", "HTTPS://maple.example/"),
        ("mailto:rita@maple.example, please", "mailto:rita@maple.example"),
    ],
)
def test_an_address_becomes_a_link_without_the_sentence_around_it(typed: str, address: str) -> None:
    assert re.findall(r'href="([^"]*)"', text.plain(typed)) == [html.escape(address)]


@pytest.mark.parametrize(
    "typed",
    [
        "https://bank.example@evil.example/",
        "https://",
        "http://[::1",
        "mailto:nobody",
        "ftp://maple.example",
        "https:/x",
    ],
)
def test_an_address_that_deceives_or_leads_nowhere_stays_text(typed: str) -> None:
    assert "<a " not in text.plain(typed)


def test_every_link_tells_the_other_side_nothing() -> None:
    for out in (text.plain("https://maple.example"), text.markdown("[a](https://maple.example)")):
        assert 'rel="nofollow noopener noreferrer ugc"' in out


def test_control_characters_and_turned_reading_order_are_removed() -> None:
    assert text.printable("a\x00b\x1b[31m\u202ec\td\r\ne") == "ab[31mc\td\ne"


def test_a_subject_is_one_line() -> None:
    assert text.one_line(" Projector\r\n is\x00 dark\u2028 ") == "Projector is dark"


@pytest.mark.parametrize(
    ("typed", "expected"), [("", False), (" \n\u200b\u2800"[:3], False), ("👍", True), ("لا", True)]
)
def test_words_are_what_a_person_can_see(typed: str, expected: bool) -> None:
    assert text.has_words(typed) is expected


def test_markdown_keeps_what_articles_need() -> None:
    out = text.markdown("## Title\n\n1. one\n2. *two*\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n`code`")
    for part in ('<h2 dir="auto">', '<ol dir="auto">', "<em>", "<td>", "<code>"):
        assert part in out


REPEATED = [
    *("a", "<", "[", "*a ", "**", "_a", "~~a", "`", "`a``b", "> ", "- ", "|", ")", "&amp;", "<a ", "](", "![a]("),
    *("https://", "https://a.example/) ", "mailto:a@b.", "a@b.", "\n \n", " \n", "\\[", "[a]: x\n", "| a |\n|---|\n"),
]


def lines_run(render: Callable[[str], object], typed: str) -> int:
    """How many lines of Python the rendering ran: the same on every machine, unlike its time."""
    count = 0

    def trace(frame: FrameType, event: str, arg: object) -> Callable[..., Any]:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        render(typed)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("render", [text.plain, text.markdown])
@pytest.mark.parametrize("sign", REPEATED)
def test_twice_the_text_is_twice_the_work(render: Callable[[str], object], sign: str) -> None:
    render(sign)
    once, twice = (lines_run(render, "https://a.example/" + sign * (size // len(sign))) for size in (3_000, 6_000))
    assert twice <= 2.6 * once + 100


@pytest.mark.parametrize("sign", REPEATED)
def test_200_kb_of_anything_are_rendered(sign: str) -> None:
    typed = sign * (200_000 // len(sign))
    assert_harmless(text.plain(typed))
    assert_harmless(text.markdown(typed))
