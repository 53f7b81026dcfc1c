"""Links to files in templates, signed for the person who looks at the page."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from tickets.attachments import links
from tickets.models import Attachment

register = template.Library()

ICONS = (("image/", "image"), ("video/", "video"), ("text/", "file-text"), ("application/", "file-text"))


@register.simple_tag(takes_context=True)
def file_url(context: dict[str, Any], attachment: Attachment) -> str:
    return links.to_file(attachment, context["request"].user)


@register.simple_tag(takes_context=True)
def preview_url(context: dict[str, Any], attachment: Attachment) -> str:
    return links.to_preview(attachment, context["request"].user)


@register.filter
def file_icon(attachment: Attachment) -> str:
    """The name of the icon for the kind of file."""
    return next((icon for start, icon in ICONS if attachment.media_type.startswith(start)), "file")


@register.filter
def refusal(attachment: Attachment) -> str:
    """Why it was not taken, in the reader's language; stored in English."""
    return _(attachment.refusal) if attachment.refusal else _("It could not be checked.")
