"""Who may open a file: whoever may read the message that it lies on, or its uploader while it is unsent."""

from uuid import UUID

from django.http import Http404

from accounts.models import User
from tickets.desk import rights
from tickets.models import Attachment, Ticket


def find(user: User, attachment_id: UUID) -> Attachment:
    """A checked file that the person may open now; anything else does not exist for them (Http404)."""
    attachment = (
        Attachment.objects.filter(pk=attachment_id, state=Attachment.State.CLEAN)
        .select_related("message__ticket")
        .first()
    )
    if attachment is None or not may_open(user, attachment):
        raise Http404
    return attachment


def may_open(user: User, attachment: Attachment) -> bool:
    """Rights as they stand at this moment, not as they stood when the link was made."""
    message = attachment.message
    if message is None:
        return attachment.uploaded_by_id == user.pk
    if not Ticket.objects.visible_to(user).filter(pk=message.ticket_id).exists():
        return False
    return not message.is_internal or rights.reads_notes(user, message.ticket)
