"""Text that people typed, made safe to show: plain words with links, Markdown of articles, HTML of strangers."""

import re
import unicodedata
from functools import cache
from urllib.parse import urlsplit

import nh3
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt

# Control characters other than tab and line feed, and the marks that can turn the reading order of what follows.
# Isolates (U+2066 to U+2069) stay: they end with the paragraph, and well-behaved programs write them.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ufeff\ufff9-\ufffb]")
_LINE_ENDS = re.compile("\r\n?|\u2028|\u0085")
_PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")
_SPACES = re.compile(r"(\s+)")
_STARTS = ("https://", "http://", "mailto:")
_LONGEST_LINK = 2000
_REL = "nofollow noopener noreferrer ugc"

_BLOCKS = frozenset(["p", "ul", "ol", "li", "h2", "h3", "h4", "blockquote", "table"])
_WORDS = frozenset(
    [
        *("a", "b", "br", "code", "dd", "del", "dl", "dt", "em", "hr", "i", "pre", "s", "strong", "sub", "sup"),
        *("tbody", "td", "th", "thead", "tr"),
    ]
)


def printable(text: str) -> str:
    """The text with one kind of line end and without control characters or marks that turn the reading order."""
    return _UNPRINTABLE.sub("", _LINE_ENDS.sub("\n", text))


def one_line(text: str) -> str:
    """The text on one line, for subjects and names."""
    return " ".join(printable(text).split())


def has_words(text: str) -> bool:
    """Whether a person can see anything of it: spaces, marks and invisible letters alone say nothing."""
    return any(unicodedata.category(letter)[0] in "LNPS" for letter in text)


def plain(body: str) -> SafeString:
    """Typed text as paragraphs with line breaks and links; every paragraph finds its own reading direction."""
    paragraphs = _PARAGRAPHS.split(printable(body).strip())
    return format_html_join("\n", '<p dir="auto">{}</p>', ((_lines(part),) for part in paragraphs if part))


def markdown(text: str) -> SafeString:
    """An article's Markdown as HTML; raw HTML in it stays text, and the outcome is cleaned like a stranger's."""
    return clean(_renderer().render(printable(text)))


def clean(html: str) -> SafeString:
    """HTML reduced to harmless tags and links. Without svg, math, style and raw-text tags, so that parsing it twice
    gives the same tree (the known mutation attacks need one of them)."""
    return SafeString(
        nh3.clean(
            html,
            tags={*_BLOCKS, *_WORDS},
            attributes={"a": {"href", "title"}, "ol": {"start"}, "th": {"scope"}},
            set_tag_attribute_values={tag: {"dir": "auto"} for tag in _BLOCKS},
            clean_content_tags={"script", "style"},
            url_schemes={"http", "https", "mailto"},
            link_rel=_REL,
        )
    )


@cache
def _renderer() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "typographer": False}).enable(["table", "strikethrough"])


def _lines(paragraph: str) -> SafeString:
    return SafeString("<br>".join(_linked(line) for line in paragraph.split("\n")))


def _linked(line: str) -> str:
    if not any(start in line.lower() for start in _STARTS):
        return escape(line)
    return "".join(_word(word) for word in _SPACES.split(line))


def _word(word: str) -> str:
    """One run without spaces, with at most one link in it, so the work grows with the length and no faster."""
    start = min((at for at in map(word.lower().find, _STARTS) if at >= 0), default=-1)
    if start < 0 or len(word) > _LONGEST_LINK:
        return escape(word)
    before, rest = word[:start], word[start:]
    target = _without_tail(re.split(r'[<>"“”]', rest, maxsplit=1)[0])
    if not _is_safe(target):
        return escape(word)
    link = format_html('<a href="{}" rel="{}">{}</a>', target, _REL, target)
    return escape(before) + link + escape(rest[len(target) :])


def _without_tail(address: str) -> str:
    """The address without the punctuation of the sentence it stands in; a closing bracket stays if it was opened."""
    while address and address[-1] in ".,;:!?'’)]*_":
        if address[-1] == ")" and address.count("(") >= address.count(")"):
            break
        address = address[:-1]
    return address


def _is_safe(address: str) -> bool:
    """Whether it leads where it seems to lead: a host or a mailbox, no password part that disguises the host."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return False
    if parts.scheme == "mailto":
        return "@" in parts.path
    return bool(host) and "@" not in parts.netloc
