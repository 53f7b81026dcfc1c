"""What a district may be called in a host name, and which hosts it may have."""

import re
import zoneinfo

from django.conf import settings
from django.core.exceptions import ValidationError

# One label of a host name: small letters, digits and single hyphens, a letter first. No double hyphen, so neither
# punycode (xn--) nor a look-alike of it; no underscore, so nothing that PostgreSQL or mail would read its own way.
PATTERN = "^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
SHORTEST, LONGEST = 2, 40
HOST = re.compile(r"(?=.{1,253}\Z)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+\Z")

# Kept for the platform, for mail and DNS customs, and for words that look official.
RESERVED = frozenset(
    (
        "abuse", "account", "accounts", "admin", "administrator", "api", "app", "apps", "assets", "auth",
        "autoconfig", "autodiscover", "backup", "backups", "billing", "blog", "cdn", "chalkdesk", "console",
        "dashboard", "default", "demo-admin", "dev", "dns", "docs", "download", "email", "error", "example",
        "files", "ftp", "ghost", "git", "health", "help", "helpdesk", "hostmaster", "id", "imap", "info",
        "internal", "localhost", "login", "mail", "mailer-daemon", "master", "media", "mx", "news", "no-reply",
        "none", "noreply", "ns", "ns1", "ns2", "null", "oauth", "owner", "pg", "pg-catalog", "pg-temp", "platform",
        "pop", "pop3", "postgres", "postmaster", "private", "proxy", "public", "root", "sandbox", "secure",
        "security", "self", "settings", "sign-in", "sign-up", "signin", "signup", "smtp", "sso", "staff", "stage",
        "staging", "static", "status", "store", "subprocessors", "superuser", "support", "system", "template",
        "tenant", "tenant-blueprint", "test", "tests", "trust", "undefined", "user", "users", "webmail",
        "webmaster", "wpad", "www",
    )
)  # fmt: skip


def refuse_unusable(slug: str) -> None:
    """Raises ValidationError for a slug that is no plain host label or is kept for ourselves."""
    if not re.fullmatch(PATTERN, slug) or slug.endswith("\n") or not SHORTEST <= len(slug) <= LONGEST:
        raise ValidationError(
            f"Use {SHORTEST} to {LONGEST} small letters, digits and single hyphens, beginning with a letter.",
            code="unusable",
        )
    if slug in RESERVED:
        raise ValidationError("This name is kept for the platform.", code="reserved")


def refuse_unusable_host(host: str) -> None:
    """Raises ValidationError for a host that is no DNS name in small letters, or is the platform's own."""
    if not HOST.match(host):
        raise ValidationError("Use a host name in small letters, without port.", code="unusable")
    if host == settings.PLATFORM_HOST.partition(":")[0].lower():
        raise ValidationError("This host is the platform's own.", code="reserved")


def refuse_unknown_zone(name: str) -> None:
    """Raises ValidationError for a time zone that this machine does not know."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError("Choose a time zone by its name, such as America/Chicago.", code="unknown")
