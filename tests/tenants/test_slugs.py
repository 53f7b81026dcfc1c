"""Names that DNS, PostgreSQL, mail or people would read as something else are refused before any schema is made."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from tenants import slugs
from tenants.isolation import provision
from tenants.models import District

BAD = (
    "", "a", "public", "pg_temp", "pg_catalog", "pg-temp", "www", "admin", "api", "mail", "console", "platform",
    "help", "information_schema", "login", "sso", "status", "trust", "support", "billing", "postmaster", "root",
    "null", "localhost", "static", "a--b", "xn--maple-9za", "xn--80ak6aa92e", "-maple", "maple-", "maple.",
    ".maple", "ma.ple", "ma_ple", "ma ple", "Maple", "MAPLE", "1maple", "9", "maple\n", "\nmaple", "maple\t",
    "maple\x00", "mäple", "mаple", "ｍaple", "maple🍁", "maple;drop", "maple'", 'maple"', "maple%", "maple$",
    "maple/cedar", "maple\\", "..", "../maple", "maple@x", "maple:80", "a" * 41, "a" * 63, "a" * 64, "a" * 255,
    "tenant-blueprint", "d_1", "ma--ple--", "template_1",
)  # fmt: skip


@pytest.mark.parametrize("slug", BAD, ids=ascii)
def test_a_slug_that_could_be_misread_is_refused(slug: str) -> None:
    with pytest.raises(ValidationError):
        slugs.refuse_unusable(slug)


@pytest.mark.parametrize("slug", ["maple", "cedar", "st-paul", "district-211", "a1", "a" * 40])
def test_a_plain_slug_is_accepted(slug: str) -> None:
    slugs.refuse_unusable(slug)


@pytest.mark.parametrize("slug", ["public", "pg_temp", "Maple", "a--b", "a" * 64])
def test_a_refused_slug_leaves_no_row(maple: District, slug: str) -> None:
    with pytest.raises(ValidationError):
        provision.provision(slug=slug, name="X", host="x.localhost", short_prefix="XX", time_zone="America/Denver")
    assert not District.objects.filter(name="X").exists()


def test_the_database_refuses_what_slipped_past_the_form(maple: District) -> None:
    for slug in ("Maple", "a--b", "pg_temp", "maple\n"):
        with pytest.raises(IntegrityError), transaction.atomic(using="platform"):
            District.objects.create(slug=slug, name="X", short_prefix="XX", time_zone="America/Denver")


@pytest.mark.parametrize(
    "host", ["localhost", "x", "Help.example", "a..b", "a.b:80", "a_b.c", "a.b\n", "-a.b", "a.b-", ""]
)
def test_a_host_that_is_no_dns_name_or_the_platforms_own_is_refused(host: str) -> None:
    with pytest.raises(ValidationError):
        slugs.refuse_unusable_host(host)


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc/passwd", "america/chicago"])
def test_an_unknown_time_zone_is_refused(zone: str) -> None:
    with pytest.raises(ValidationError):
        slugs.refuse_unknown_zone(zone)
