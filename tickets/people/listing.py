"""The list of people: narrowed, in order of name, fifty at a time."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX

from accounts.models import User
from accounts.models.user import UserQuerySet
from tickets.people.forms import NO_ROLE, Search

PAGE = 50


@dataclass(frozen=True)
class Listing:
    """One page of people, and the address of the next one if there is more."""

    people: list[User]
    next_query: str
    is_narrowed: bool


def page(form: Search, *, after: str = "") -> Listing:
    """The people that the form asks for, from the place `after` on; three queries whatever the number."""
    form.is_valid()
    asked = {name: value for name, value in form.cleaned_data.items() if value}
    found = _from(_narrowed(asked), after)
    people = list(found.select_related("school").prefetch_related("grants")[: PAGE + 1])
    more = len(people) > PAGE
    people = people[:PAGE]
    return Listing(people, _next_query(form, people[-1]) if more else "", bool(asked))


def _narrowed(asked: dict[str, Any]) -> UserQuerySet:
    people: UserQuerySet = User.objects.named(str(asked.get("q", "")))
    if school := asked.get("school"):
        people = people.filter(school=school)
    role, state = asked.get("role"), asked.get("state")
    if role == NO_ROLE:
        people = people.filter(grants=None)
    elif role:
        people = people.filter(grants__role=role).distinct()
    if state == "off":
        return people.filter(is_active=False)
    if state:
        people = people.active()
        without = {"password__startswith": UNUSABLE_PASSWORD_PREFIX}
        return people.filter(**without) if state == "invited" else people.exclude(**without)
    return people


def _from(people: UserQuerySet, after: str) -> UserQuerySet:
    """From the place that the last page ended at: `<id>~<name as it is sorted>`."""
    pk, separator, sort_name = after.partition("~")
    if not separator or not pk.isascii() or not pk.isdigit() or len(pk) > 18 or "\0" in sort_name:
        return people
    return people.after(sort_name, int(pk))


def _next_query(form: Search, last: User) -> str:
    kept = [(name, value) for name in form.fields if (value := form.data.get(name))]
    return urlencode([*kept, ("after", f"{last.pk}~{last.sort_name}")])
