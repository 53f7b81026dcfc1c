"""Where the objects of an attachment lie: keys made from the district and a random id, never from a name.

A browser can write only to the first key, and only what it wrote there is never served: what has been checked is
written by us to the other two.
"""

from uuid import UUID

from helpdesk import jobs

PREVIEW_TYPE = "image/webp"


def prefix() -> str:
    """What all keys of the district begin with."""
    return f"t/{jobs.current_district_id()}/att/"


def upload(attachment_id: UUID) -> str:
    """The quarantine: bytes as they came."""
    return f"{prefix()}{attachment_id}"


def file(attachment_id: UUID) -> str:
    """The checked file."""
    return f"{prefix()}{attachment_id}.file"


def preview(attachment_id: UUID) -> str:
    """The small picture of a checked picture, as PREVIEW_TYPE."""
    return f"{prefix()}{attachment_id}.preview"


def of(attachment_id: UUID) -> tuple[str, str, str]:
    """All of them, for deleting."""
    return upload(attachment_id), file(attachment_id), preview(attachment_id)
