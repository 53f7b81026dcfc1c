"""The question every open page asks: is there news on what I show."""

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from helpdesk import jobs
from helpdesk.access import public
from tickets.notify import live


@public  # the token was signed for a page that its reader was allowed to see; it tells nothing but “look again”
@require_safe
def news(request: HttpRequest, token: str) -> HttpResponse:
    """204 while nothing happened, without a query; otherwise the snippet with the new mark and a call to look again."""
    try:
        watch = live.Watch.read(token)
    except signing.BadSignature as error:
        raise Http404 from error
    if watch.district_id != jobs.current_district_id():
        raise Http404
    mark = live.mark(watch.topic)
    if request.GET.get("mark") == mark:
        return HttpResponse(status=204)
    response = render(request, "tickets/notify/live.html", {"token": token, "mark": mark})
    response.headers["HX-Trigger"] = "desk-changed"
    return response
