"""The staff of a demo district, the desk with its grants, and those who have a part to play."""

from collections.abc import Iterator
from random import Random

from accounts.models import Grant, Room, User
from console.demo import names
from console.demo.plans import ALL, Character, DeskPlan, SchoolPlan
from console.demo.world import DeskMember, World

# How many of each job a school of a level has. Whoever is left over does the job named first, which has no number.
JOBS = {
    "elementary": (
        "Teacher, 1 Principal, 1 Assistant principal, 2 Secretary, 1 Nurse, 3 Custodian, 1 Librarian, 1 Counselor,"
        " 3 Food service, 6 Aide, 2 Therapist"
    ),
    "middle": (
        "Teacher, 1 Principal, 2 Assistant principal, 2 Secretary, 1 Nurse, 4 Custodian, 1 Librarian, 2 Counselor,"
        " 1 Registrar, 4 Food service, 6 Aide, 1 Therapist"
    ),
    "high": (
        "Teacher, 1 Principal, 3 Assistant principal, 4 Secretary, 1 Nurse, 6 Custodian, 1 Librarian, 5 Counselor,"
        " 1 Registrar, 5 Food service, 6 Aide, 1 Therapist"
    ),
    "early": "Teacher, 1 Principal, 1 Secretary, 1 Nurse, 2 Custodian, 1 Food service, 6 Aide, 1 Therapist",
    "office": "Clerk, 7 Director, 3 Secretary, 2 Custodian",
    "bus": "Driver, 3 Dispatcher, 3 Mechanic, 1 Clerk",
}
SUBJECTS = (
    "Mathematics",
    "English",
    "Science",
    "History",
    "Spanish",
    "Music",
    "Art",
    "Physical education",
    "Special education",
)
GRADES = {
    "elementary": ("kindergarten", *(f"grade {n}" for n in range(1, 6))),
    "middle": ("grade 6", "grade 7", "grade 8"),
}
WHERE = {
    "Nurse": "Health room",
    "Librarian": "Library",
    "Counselor": "Counseling",
    "Food service": "Cafeteria",
    "Custodian": "Staff room",
    "Dispatcher": "Dispatch",
    "Driver": "Drivers’ room",
    "Mechanic": "Garage",
    **dict.fromkeys(("Principal", "Assistant principal", "Secretary", "Registrar", "Director", "Clerk"), "Office"),
}


def build(world: World, rng: Random, *, password: str) -> None:
    """The desk first, then each school; `password` is the encoded one that all of them share."""
    known = {each.name for each in world.plan.desk} | {each.name for each in world.plan.characters}
    fresh = names.draw(rng, besides=known)
    for character in world.plan.characters:
        _character(world, character, password)
    for member in world.plan.desk:
        _member(world, member, password)
    for school in world.plan.schools:
        _fill(world, school, fresh, rng, password)


def _person(
    world: World, name: str, email: str, job: str, title: str, school: str, room: Room | None, password: str
) -> User:
    given, _, family = name.partition(" ")
    user = User(
        id=world.ids.of(User),
        email=f"{email}@{world.plan.domain}",
        password=password,
        given_name=given,
        family_name=family,
        job=job,
        title=title,
        school=world.schools[school],
        phone=f"ext. {room.phone}" if room else "",
    )
    world.people.append(user)
    if room:
        world.room_of[user.pk] = room
    return user


def _character(world: World, plan: Character, password: str) -> None:
    school = world.schools[plan.school]
    room = world.rooms_at[school.pk][plan.room]
    user = _person(world, plan.name, plan.email, plan.job, plan.title, plan.school, room, password)
    world.staff[plan.job, world.levels[school.pk]].append(user)


def _member(world: World, plan: DeskPlan, password: str) -> None:
    known = [person for person in world.people if person.email == f"{plan.email}@{world.plan.domain}"]
    home = "DIS" if "DIS" in world.schools else next(iter(world.schools))
    room = world.rooms_at[world.schools[home].pk].get("IT shop")
    job = plan.role.label if plan.role != plan.role.AGENCY else "Technician"
    user = known[0] if known else _person(world, plan.name, plan.email, job, plan.title, home, room, password)
    admin = world.desk[0].user if world.desk else None
    grant = Grant(
        id=world.ids.of(Grant),
        user=user,
        role=plan.role,
        all_schools=plan.schools == ALL,
        all_queues=plan.queues == ALL,
        granted_by=admin,
    )
    world.desk.append(
        DeskMember(
            plan=plan,
            user=user,
            grant=grant,
            queue_ids=None if grant.all_queues else frozenset(world.queue(key).pk for key in plan.queues),
            school_ids=None if grant.all_schools else frozenset(world.schools[code].pk for code in plan.schools),
        )
    )


def _fill(world: World, plan: SchoolPlan, fresh: Iterator[tuple[str, str]], rng: Random, password: str) -> None:
    """Everybody else at a school, so that its staff comes to the number of the plan."""
    school = world.schools[plan.code]
    present = [each.job for each in world.plan.characters if each.school == plan.code]
    rest, *others = JOBS[plan.level].split(", ")
    numbers = [each.split(" ", 1) for each in others]
    wanted = [job for number, job in numbers for _ in range(max(0, int(number) - present.count(job)))]
    count = plan.staff - len(present)
    jobs = (wanted + [rest] * count)[:count] if plan.staff > 20 else ([rest] * (count // 2) + wanted)[:count]
    taken = {each.room for each in world.plan.characters if each.school == plan.code}
    free = [room for name, room in world.rooms_at[school.pk].items() if name.startswith("Room") and name not in taken]
    for place, job in enumerate(jobs):
        given, family = next(fresh)
        room = _room(world, school.pk, job, free, place)
        email = f"{given}.{family}".lower()
        user = _person(world, f"{given} {family}", email, job, _title(job, plan.level, rng), plan.code, room, password)
        world.staff[job, plan.level].append(user)


def _room(world: World, school_id: int, job: str, free: list[Room], place: int) -> Room | None:
    if job in WHERE:
        return world.rooms_at[school_id].get(WHERE[job]) or world.rooms_at[school_id]["Office"]
    return free[place % len(free)] if free else None


def _title(job: str, level: str, rng: Random) -> str:
    if job != "Teacher":
        return "School " + job.lower() if job in ("Secretary", "Nurse", "Counselor") else job
    grade = rng.choice(GRADES.get(level, (*(f"grade {n}" for n in range(9, 13)),)))
    if level in ("elementary", "early"):
        return f"Teacher, {grade}" if level == "elementary" else "Pre-kindergarten teacher"
    return f"{rng.choice(SUBJECTS)} teacher, {grade}"
