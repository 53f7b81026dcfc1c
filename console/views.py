"""The platform host's front page: what this is, and in a demo the way to its districts."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from console.demo.plans import PASSWORD, PLANS
from helpdesk.access import public
from tenants.models import Domain


@dataclass(frozen=True)
class Door:
    """A demo district's address."""

    name: str
    url: str


@public
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """Names the product; lists districts only where an installation shows its parts, which is never a customer's."""
    doors = _doors() if settings.SHOW_COMPONENTS else []
    return render(request, "console/front.html", {"doors": doors, "password": PASSWORD})


def _doors() -> list[Door]:
    port = settings.PLATFORM_HOST.partition(":")[2]
    hosts = Domain.objects.filter(host__in=[plan.host for plan in PLANS]).select_related("district").order_by("pk")
    return [Door(each.district.name, f"{settings.SCHEME}://{each.host}{':' + port if port else ''}/") for each in hosts]
