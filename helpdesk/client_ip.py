"""The address a request came from; a header is believed only from the proxy that the settings name."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def of(request: HttpRequest) -> str:
    """The caller's address. Whoever could choose it by a header could guess passwords without end."""
    peer = _address(request.META.get("REMOTE_ADDR", ""))
    if settings.CLIENT_IP_HEADER and peer in settings.TRUSTED_PROXIES:
        return _address(request.headers.get(settings.CLIENT_IP_HEADER, "")) or peer
    return peer or "0.0.0.0"  # noqa: S104 - a socket without address, not a place to listen


def _address(text: str) -> str:
    """The address in its one plain form, or nothing for any other text."""
    try:
        address = ipaddress.ip_address(text.strip())
    except ValueError:
        return ""
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)
