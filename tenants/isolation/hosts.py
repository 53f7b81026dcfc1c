"""From a host name to its district, remembered for a minute; unknown hosts are remembered too."""

import logging
from datetime import datetime
from typing import Any

from django.core.cache import caches
from django.http.request import split_domain_port
from redis.exceptions import RedisError

from tenants import slugs
from tenants.isolation import names
from tenants.models import District

log = logging.getLogger(__name__)
SECONDS = 60
UNKNOWN = "unknown"
FIELDS = ("id", "slug", "name", "short_prefix", "state", "time_zone", "created_at")

Facts = list[Any]  # the values of FIELDS, in words that JSON knows


def name_of(host: str) -> str:
    """The bare name of a Host header: small letters, no port, no closing dot; empty if it is no host at all."""
    return split_domain_port(host)[0]


def district_of(name: str) -> District | None:
    """The district that answers on a host, in whatever state it is, or None."""
    if not slugs.HOST.match(name):
        return None
    facts = _remembered(name)
    if facts is None:
        facts = _looked_up(name)
        _remember(name, facts)
    return None if isinstance(facts, str) else _district(facts)


def forget(*hosts: str) -> None:
    """Drops what is remembered of hosts: after a district was made, moved, suspended or removed."""
    try:
        caches[names.PLATFORM].delete_many([_key(host) for host in hosts])
    except RedisError:
        log.warning("The cache is away: hosts may answer as before for %d s", SECONDS)


def _key(name: str) -> str:
    return f"host:{name}"


def _looked_up(name: str) -> Facts | str:
    row = District.objects.filter(domains__host=name).values_list(*FIELDS).first()
    return [*row[:-1], row[-1].isoformat()] if row else UNKNOWN


def _district(facts: Facts) -> District:
    *values, created_at = facts
    return District.from_db(names.PLATFORM, FIELDS, [*values, datetime.fromisoformat(created_at)])


# Without its cache the platform is slower, not down.
def _remembered(name: str) -> Facts | str | None:
    try:
        facts: Facts | str | None = caches[names.PLATFORM].get(_key(name))
    except RedisError:
        return None
    return facts


def _remember(name: str, facts: Facts | str) -> None:
    try:
        caches[names.PLATFORM].set(_key(name), facts, SECONDS)
    except RedisError:
        log.warning("The cache is away: hosts are looked up in the database")
