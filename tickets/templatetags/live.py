"""The tag that makes a page live."""

from django import template

from tickets.notify import live

register = template.Library()


@register.inclusion_tag("tickets/notify/live.html")
def live_poll(topic: str = live.DESK) -> dict[str, str]:
    """Watches a topic: fires `desk-changed` on the body whenever something happened there."""
    return {"token": live.watch(topic).sign(), "mark": live.mark(topic)}
