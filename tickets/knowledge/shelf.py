"""Finding articles: by words that somebody searches for, and by the sentence that somebody is about to send."""

from functools import reduce
from operator import and_, or_
from typing import Any

from django.contrib.postgres.search import Lexeme, SearchQuery, SearchRank
from django.db.models import F, Q, QuerySet

from accounts.models import User
from helpdesk.text import printable
from tickets.models import Article

LANGUAGE = "english"
AT_ONCE = 50
LIKE_AT_MOST = 3
SOME = 4
WORDS_AT_MOST = 12
SENTENCE_AT_MOST = 300


def all_for(person: User) -> QuerySet[Article]:
    """Articles that the person may read, by title."""
    return Article.objects.visible_to(person).order_by("title", "id").defer("words")


def page(person: User, *, after: str = "") -> tuple[list[Article], str]:
    """One page by title, from behind the article of that slug, and the slug to go on after, if there is more."""
    found = all_for(person).defer("body", "words")
    last = all_for(person).filter(slug=after).first() if after else None
    if last:
        found = found.filter(Q(title__gt=last.title) | Q(title=last.title, pk__gt=last.pk))
    rows = list(found[: AT_ONCE + 1])
    return rows[:AT_ONCE], rows[AT_ONCE - 1].slug if len(rows) > AT_ONCE else ""


def some(person: User) -> list[Article]:
    """A few for the side of the front page: the latest that were looked after."""
    return list(all_for(person).filter(is_published=True).order_by("-updated_at", "-id").defer("body", "words")[:SOME])


def find(person: User, words: str) -> list[Article]:
    """The articles that hold every word, the last one perhaps unfinished; the best fit first, one page of them."""
    return list(_ranked(person, words, and_)[:AT_ONCE])


def like(person: User, sentence: str) -> list[Article]:
    """The few published articles that share the most with a sentence."""
    return list(_ranked(person, sentence[:SENTENCE_AT_MOST], or_).filter(is_published=True)[:LIKE_AT_MOST])


def _ranked(person: User, text: str, join: Any) -> QuerySet[Article]:
    words = _words(text)
    if not words:
        return Article.objects.none()
    lexemes = [Lexeme(word, prefix=word is words[-1] and len(word) > 2) for word in words]
    query = SearchQuery(reduce(join, lexemes), config=LANGUAGE)
    found = all_for(person).filter(words=query).annotate(rank=SearchRank(F("words"), query))
    return found.order_by("-rank", "title", "id").defer("body", "words")


def _words(text: str) -> list[str]:
    """The words of a text, without signs, few enough for one query."""
    spaced = "".join(each if each.isalnum() else " " for each in printable(text).lower())
    return spaced.split()[:WORDS_AT_MOST]
