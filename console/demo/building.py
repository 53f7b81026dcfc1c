"""Makes the world of a demo district: queues, places, people and devices, in this order."""

from datetime import datetime
from random import Random

from django.contrib.auth.hashers import make_password

from console.demo import inventory, people, places
from console.demo.plans import PASSWORD, Plan
from console.demo.world import World
from tickets.models import Queue


def build(plan: Plan, *, now: datetime) -> World:
    """Rows with ids, none of them written yet; the same plan and moment give the same rows."""
    world = World(plan)
    for place, (key, (name, description)) in enumerate(plan.queues.items()):
        world.queues[key] = Queue(id=world.ids.of(Queue), name=name, description=description, is_default=place == 0)
    places.build(world)
    people.build(world, _stream(plan, "people"), password=make_password(PASSWORD))  # hashed once: it is slow on purpose
    inventory.build(world, _stream(plan, "devices"), now=now)
    return world


def _stream(plan: Plan, what: str) -> Random:
    return Random(f"{plan.slug}/{what}")  # noqa: S311 - names and serial numbers, not secrets
