"""Schools, buildings and rooms of a demo district."""

from accounts.models import Building, Room, School
from console.demo.plans import SchoolPlan
from console.demo.world import World

# Rooms besides classrooms, by the level of the school.
EVERY = "Office, Health room, Library, Cafeteria, Gym, Copy room, Staff room"
SPECIAL = {
    "elementary": f"{EVERY}, Music room",
    "middle": f"{EVERY}, Counseling, Lab 1, Lab 2, Band room",
    "high": f"{EVERY}, Counseling, Lab 1, Lab 2, Lab 3, Lab 4, Band room, Art room, Auditorium, Wood shop",
    "early": "Office, Health room, Kitchen, Play room, Staff room",
    "office": "Office, Reception, Board room, Payroll, Human resources, Curriculum, Server room, IT shop, Copy room",
    "bus": "Office, Dispatch, Garage, Drivers’ room",
}


def build(world: World) -> None:
    for plan in world.plan.schools:
        school = School(id=world.ids.of(School), name=plan.name, short_name=plan.short_name, code=plan.code)
        world.schools[plan.code] = school
        world.levels[school.pk] = plan.level
        _furnish(world, school, plan)


def _furnish(world: World, school: School, plan: SchoolPlan) -> None:
    """Classrooms wing by wing; the special rooms are in the first building."""
    wings = plan.wings or (("Main building", 0, 0),)
    for wing, first, count in wings:
        building = Building(id=world.ids.of(Building), school=school, name=wing)
        world.buildings.append(building)
        names = [f"Room {number}" for number in range(first, first + count)]
        if wing == wings[0][0]:
            names += SPECIAL[plan.level].split(", ")
        for name in names:
            _room(world, building, name)


def _room(world: World, building: Building, name: str) -> None:
    key = world.ids.of(Room)
    room = Room(id=key, building=building, name=name, phone=str(4000 + key))
    world.rooms.append(room)
    world.rooms_at[building.school_id][name] = room
