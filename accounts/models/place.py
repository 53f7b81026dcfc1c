"""Places of a district: schools, their buildings and rooms."""

from django.db import models


class School(models.Model):
    """A school or an office building that people and tickets belong to."""

    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=40)
    code = models.CharField(max_length=16, unique=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class Building(models.Model):
    """A building on a school's campus."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="buildings")
    name = models.CharField(max_length=80)

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["school", "name"], name="one_building_of_a_name_per_school")]

    def __str__(self) -> str:
        return self.name


class Room(models.Model):
    """A room in a building; `name` is what people say: “Room 214”, “Library”."""

    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="rooms")
    name = models.CharField(max_length=80)
    phone = models.CharField(max_length=24, blank=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["building", "name"], name="one_room_of_a_name_per_building")]

    def __str__(self) -> str:
        return self.name
