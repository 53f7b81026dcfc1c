"""Reading pages of the knowledge base."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from helpdesk.access import signed_in
from helpdesk.limits import limited
from helpdesk.text import markdown
from tickets.asking import person_of
from tickets.knowledge import shelf

LONGEST_QUERY = 200


@signed_in
@require_safe
def articles(request: HttpRequest) -> HttpResponse:
    """All articles the person may read, or those that fit the search."""
    words = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_QUERY]
    person, after = person_of(request), request.GET.get("after", "").replace("\x00", "")
    found, more = (shelf.find(person, words), "") if words else shelf.page(person, after=after)
    return render(request, "tickets/knowledge/articles.html", {"articles": found, "words": words, "more": more})


@signed_in
@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(shelf.all_for(person_of(request)).select_related("owner"), slug=slug)
    return render(request, "tickets/knowledge/article.html", {"article": found, "body": markdown(found.body)})


@signed_in
@require_POST
@limited("suggestions", most=120, seconds=60)
def suggestions(request: HttpRequest) -> HttpResponse:
    """Articles that fit what is being typed. By POST, so that half-written words about people stay out of addresses."""
    found = shelf.like(person_of(request), request.POST.get("body", ""))
    return render(request, "tickets/knowledge/suggestions.html", {"articles": found})
