"""Fills the slots of a text: the room, the device, the lesson. The same ticket always gets the same."""

from random import Random

from accounts.models import Room, User
from console.demo.corpus import Problem
from console.demo.world import World
from tickets.models import Device

LESSONS = {
    "elementary": ("reading", "math", "science", "writing", "my morning group"),
    "early": ("circle time", "my morning group"),
    "middle": ("period 1", "period 2", "period 3", "period 4", "period 5", "period 6"),
    "high": ("period 1", "period 2", "period 3", "period 4", "period 6", "period 7"),
}
GRADES = {
    "elementary": ("kindergarten", "grade 1", "grade 2", "grade 3", "grade 4", "grade 5"),
    "early": ("pre-kindergarten",),
    "middle": ("grade 6", "grade 7", "grade 8"),
    "high": ("grade 9", "grade 10", "grade 11", "grade 12"),
}
TIMES = ("8:40", "9:30", "10:20", "10:50", "11:15", "12:40", "1:15", "2:05")
SINCE = (
    "since this morning",
    "since yesterday",
    "since Monday",
    "since last week",
    "since the update",
    "since the weekend",
)
DEPARTMENTS = (
    "the science department",
    "the English department",
    "the math department",
    "the special education team",
    "the front office",
)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
INITIALS = "ABCDEJKLMNPRST"
NAMED = ("Room", "Lab")
TAUGHT_IN = ("Room", "Lab", "Band", "Art", "Library", "Copy room", "Staff room")


class Slots:
    """The place, the device and the circumstances of one ticket."""

    def __init__(self, world: World, requester: User, problem: Problem, rng: Random) -> None:
        self.device = _device(world, requester, problem.device, rng)
        self.room = (self.device.room if self.device else None) or world.room_of.get(requester.pk)
        self._values = self._choose(world, requester, rng)

    def fill(self, text: str) -> str:
        """The text with its slots filled; the first letter is large where the text's is."""
        filled = text.format_map(self._values)
        return filled[:1].upper() + filled[1:] if text[:1] == "{" else filled

    def _choose(self, world: World, requester: User, rng: Random) -> dict[str, str]:
        level = world.levels[requester.school_id or 0]
        lesson = (
            rng.choice(LESSONS.get(level, ("the staff meeting",)))
            if requester.job == "Teacher"
            else "the staff meeting"
        )
        colleagues = [
            each
            for each in world.staff["Teacher", level]
            if each.school_id == requester.school_id and each != requester
        ]
        department = rng.choice(DEPARTMENTS)
        return {
            "room": said(self.room),
            "tag": self.device.asset_tag if self.device else "the device",
            "class": lesson,
            "Class": lesson[:1].upper() + lesson[1:],
            "grade": rng.choice(GRADES.get(level, ("grade 5",))),
            "time": rng.choice(TIMES),
            "since": rng.choice(SINCE),
            "day": rng.choice(DAYS),
            "count": str(rng.randint(4, 28)),
            "dept": department,
            "Dept": department[:1].upper() + department[1:],
            "initial": f"{rng.choice(INITIALS)}.",
            "colleague": rng.choice(colleagues).name if colleagues else "my colleague",
            "wifi": world.plan.word,
            "given": requester.given_name,
        }


def said(room: Room | None) -> str:
    """How people name a room in a sentence: Room 214, the library."""
    if room is None:
        return "the office"
    return room.name if room.name.startswith(NAMED) else f"the {room.name[:1].lower()}{room.name[1:]}"


def _device(world: World, requester: User, shelf: str, rng: Random) -> Device | None:
    """Their own, or one of the shelf: in their room if there is one, else anywhere at their school."""
    if shelf == "own":
        return world.own.get(requester.pk)
    if not shelf:
        return None
    there = world.shelves.get((shelf, requester.school_id or 0), [])
    room = world.room_of.get(requester.pk)
    near = [device for device in there if room and device.room_id == room.pk]
    if requester.job == "Teacher":  # they teach in labs; what stands in offices is of those who work there
        there = [device for device in there if device.room and device.room.name.startswith(TAUGHT_IN)] or there
    return rng.choice(near or there) if there else None
