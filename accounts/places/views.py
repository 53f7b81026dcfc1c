"""The district's places: a list of schools, and each school with its buildings and rooms."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import Building, Room, School
from accounts.places.forms import BuildingForm, RoomForm, SchoolForm
from accounts.policy import Permission
from helpdesk import access

manages_places = access.allow(Permission.PLACES_MANAGE)


@manages_places
def places(request: HttpRequest) -> HttpResponse:
    """The schools, and the form that adds one."""
    form = SchoolForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        school = form.save()
        return _saved(request, school, _("%(name)s is on the list.") % {"name": school})
    schools = School.objects.annotate(
        building_count=Count("buildings", distinct=True),
        room_count=Count("buildings__rooms", distinct=True),
    )
    return _page(request, "accounts/places.html", form, schools=schools)


@manages_places
def school(request: HttpRequest, pk: int) -> HttpResponse:
    """A school with its buildings and rooms; the form renames it."""
    found = get_object_or_404(School, pk=pk)
    form = SchoolForm(request.POST or None, instance=School(**_facts(found)))
    if request.method == "POST" and form.is_valid():
        form.save()
        return _saved(request, found, _("Saved."))
    return _school_page(request, found, form=form)


@manages_places
@require_POST
def new_building(request: HttpRequest, pk: int) -> HttpResponse:
    """Adds a building to a school."""
    found = get_object_or_404(School, pk=pk)
    form = BuildingForm(request.POST, instance=Building(school=found), prefix="building")
    if form.is_valid():
        building = form.save()
        return _saved(request, found, _("%(name)s is on the list.") % {"name": building})
    return _school_page(request, found, building_form=form)


@manages_places
def building(request: HttpRequest, pk: int) -> HttpResponse:
    """Renames a building."""
    found = get_object_or_404(Building.objects.select_related("school"), pk=pk)
    form = BuildingForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        form.save()
        return _saved(request, found.school, _("Saved."))
    return _page(request, "accounts/place.html", form, school=found.school, title=_("Rename a building"))


@manages_places
def new_room(request: HttpRequest, pk: int) -> HttpResponse:
    """Adds a room to a building."""
    found = get_object_or_404(Building.objects.select_related("school"), pk=pk)
    form = RoomForm(request.POST or None, instance=Room(building=found))
    if request.method == "POST" and form.is_valid():
        made = form.save()
        return _saved(request, found.school, _("%(name)s is on the list.") % {"name": made})
    title = _("A room in %(building)s") % {"building": found}
    return _page(request, "accounts/place.html", form, school=found.school, title=title)


@manages_places
def room(request: HttpRequest, pk: int) -> HttpResponse:
    """Renames a room or gives it a phone."""
    found = get_object_or_404(Room.objects.select_related("building__school"), pk=pk)
    form = RoomForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        form.save()
        return _saved(request, found.building.school, _("Saved."))
    return _page(request, "accounts/place.html", form, school=found.building.school, title=_("Change a room"))


def _facts(found: School) -> dict[str, Any]:
    """A copy for the form, so that the heading keeps the saved name while a refused one stands in the field."""
    return {field.attname: getattr(found, field.attname) for field in School._meta.concrete_fields}


def _school_page(
    request: HttpRequest,
    found: School,
    *,
    form: SchoolForm | None = None,
    building_form: BuildingForm | None = None,
) -> HttpResponse:
    buildings = found.buildings.prefetch_related("rooms")
    parts = {
        "school": found,
        "buildings": buildings,
        "building_form": building_form or BuildingForm(instance=Building(school=found), prefix="building"),
        "people_count": found.people.filter(is_active=True).count(),
        "refused": bool(building_form),
    }
    return _page(request, "accounts/school.html", form or SchoolForm(instance=found), **parts)


def _page(request: HttpRequest, template: str, form: forms.BaseForm, **parts: object) -> HttpResponse:
    refused = bool(form.errors) or bool(parts.get("refused"))
    return render(request, template, {"form": form} | parts, status=422 if refused else 200)


def _saved(request: HttpRequest, found: School, words: str) -> HttpResponse:
    messages.success(request, words)
    return HttpResponseRedirect(reverse("accounts:school", args=[found.pk]), status=303)
