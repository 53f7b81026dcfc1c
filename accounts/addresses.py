"""Addresses of a district's pages for use outside of a request, always on the district's own host."""

from django.conf import settings

from tenants.isolation import scope
from tenants.models import District


def of_page(path: str) -> str:
    """The full address of a page of the district in scope.

    The host is read from the district's record, never from a request: whoever forges a Host header would else choose
    where a link with a token leads.
    """
    host = district().domains.values_list("host", flat=True)[0]
    port = settings.PLATFORM_HOST.partition(":")[2]
    return f"{settings.SCHEME}://{host}{':' + port if port else ''}{path}"


def district() -> District:
    """The district in scope."""
    return District.objects.get(pk=scope.required().district_id or 0)
