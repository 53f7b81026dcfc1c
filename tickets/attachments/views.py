"""Uploads (promise, arrival, removal) for the script of a form, and the door through which files are opened."""

import logging
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from helpdesk import storage
from helpdesk.access import signed_in
from helpdesk.limits import limited
from tickets.asking import person_of
from tickets.attachments import access, keys, links, types, uploads
from tickets.attachments.links import Standing
from tickets.desk.locking import Refused
from tickets.models import Attachment

logger = logging.getLogger(__name__)

BYTES = "application/octet-stream"


@signed_in
@require_POST
@limited("uploads", most=60, seconds=60)
def promise(request: HttpRequest) -> HttpResponse:
    """Where to send one file, and what to call once it is there."""
    try:
        size = int(request.POST.get("size", ""))
    except ValueError:
        return _refused(_("The size of the file is missing."))
    try:
        made = uploads.promise(by=person_of(request), name=request.POST.get("name", ""), size=size)
    except Refused as refusal:
        return _refused(str(refusal))
    told = {
        "id": str(made.attachment.pk),
        "name": made.attachment.name,
        "url": made.url,
        "type": made.content_type,
        "arrival": reverse("tickets:upload", args=[made.attachment.pk]),
        "removal": reverse("tickets:upload_removal", args=[made.attachment.pk]),
    }
    return JsonResponse(told, status=201)


@transaction.non_atomic_requests
@signed_in
@require_POST
def arrival(request: HttpRequest, attachment_id: UUID) -> HttpResponse:
    """The browser says that the bytes are there; may be said twice."""
    try:
        uploads.arrive(by=person_of(request), attachment_id=attachment_id)
    except Attachment.DoesNotExist:
        raise Http404 from None
    except Refused as refusal:
        return _refused(str(refusal))
    except storage.StorageError:
        return JsonResponse({"error": _("The file could not be stored just now. Try again.")}, status=503)
    return HttpResponse(status=204)


@signed_in
@require_POST
def removal(request: HttpRequest, attachment_id: UUID) -> HttpResponse:
    """Takes an unsent upload back."""
    try:
        uploads.remove(by=person_of(request), attachment_id=attachment_id)
    except Attachment.DoesNotExist:
        raise Http404 from None
    return HttpResponse(status=204)


@signed_in
@require_safe
def file(request: HttpRequest, attachment_id: UUID) -> HttpResponse:
    """Leads to the file for a minute, if the link was made for this person and the right stands now."""
    standing, attachment = _door(request, attachment_id)
    if standing == Standing.OLD:
        context = {"attachment": attachment, "again": links.to_file(attachment, person_of(request))}
        return render(request, "tickets/attachments/expired.html", context, status=404)
    kind = attachment.media_type
    logger.info("file opened", extra={"attachment": str(attachment.pk), "user": person_of(request).pk})
    return _lead(
        keys.file(attachment.pk),
        name=attachment.name,
        inline=kind in types.SHOWN,
        content_type=kind if kind in types.NAMED else BYTES,
    )


@signed_in
@require_safe
def preview(request: HttpRequest, attachment_id: UUID) -> HttpResponse:
    """The small picture, by the same door."""
    standing, attachment = _door(request, attachment_id)
    if standing == Standing.OLD or not attachment.is_image:
        raise Http404
    return _lead(keys.preview(attachment.pk), name="preview.webp", inline=True, content_type=keys.PREVIEW_TYPE)


def _door(request: HttpRequest, attachment_id: UUID) -> tuple[Standing, Attachment]:
    person = person_of(request)
    standing = links.standing(request.GET.get(links.PARAMETER, ""), attachment_id, person)
    if standing == Standing.FORGED:
        raise Http404
    return standing, access.find(person, attachment_id)


def _lead(key: str, *, name: str, inline: bool, content_type: str) -> HttpResponse:
    url = storage.presign_get(
        key,
        disposition=storage.disposition(name, inline=inline),
        content_type=content_type,
        seconds=settings.ATTACHMENT_LINK_SECONDS,
    )
    response = HttpResponseRedirect(url)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _refused(words: str) -> JsonResponse:
    return JsonResponse({"error": words}, status=422)
