"""Two districts use the same key and never meet."""

import pytest
from django.core.cache import cache, caches

from tenants.isolation import cachekeys, names, scope
from tenants.isolation.scope import ScopeError
from tenants.models import District


def test_the_same_key_in_two_districts_is_two_entries(maple: District, cedar: District) -> None:
    with scope.district_scope(maple):
        cache.set("rate", "maple's")
    with scope.district_scope(cedar):
        assert cache.get("rate") is None
        cache.set("rate", "cedar's")
    with scope.district_scope(maple):
        assert cache.get("rate") == "maple's"


def test_a_key_says_whose_it_is(in_maple: District) -> None:
    assert cachekeys.district_key("rate", "", 1).startswith(f"t:{in_maple.pk}:")


def test_without_a_district_there_is_no_cache(maple: District) -> None:
    with pytest.raises(ScopeError):
        cache.get("rate")


def test_the_owner_of_all_schemas_has_no_cache(maple: District) -> None:
    with scope.owner_scope(names.BLUEPRINT_SCHEMA), pytest.raises(ScopeError, match="owner"):
        cache.get("rate")


def test_the_platforms_entries_are_the_same_everywhere(maple: District) -> None:
    caches[names.PLATFORM].set("news", "1")
    with scope.district_scope(maple):
        assert caches[names.PLATFORM].get("news") == "1"
        assert cache.get("news") is None
