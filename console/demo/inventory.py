"""The devices of a demo district: what stands in rooms, lies in carts, or belongs to a person."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from accounts.models import Room, School, User
from console.demo.plans import SchoolPlan
from console.demo.world import World
from tickets.models import Device

Kind = Device.Kind
DEVICE_MANAGER = "FileWave"
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"


@dataclass(frozen=True)
class Make:
    """A model that the district buys, where its facts come from, and the form of its serial numbers."""

    kind: Kind
    model: str
    os: str = ""
    serial: str = "??#######"
    source: str = DEVICE_MANAGER


CHROMEBOOKS = (
    Make(Kind.CHROMEBOOK, "Dell Chromebook 3110", "ChromeOS 141", "#CD####??#"),
    Make(Kind.CHROMEBOOK, "Lenovo 300e Chromebook", "ChromeOS 141", "P20?????"),
    Make(Kind.CHROMEBOOK, "HP Chromebook 11 G9", "ChromeOS 139", "5CD####?##"),
    Make(Kind.CHROMEBOOK, "Acer Chromebook Spin 511", "ChromeOS 141", "NX#########"),
)
LAPTOPS = (
    Make(Kind.LAPTOP, "Dell Latitude 3440", "Windows 11 24H2", "???####"),
    Make(Kind.LAPTOP, "Lenovo ThinkPad L13", "Windows 11 24H2", "PF#?????"),
    Make(Kind.LAPTOP, "MacBook Air 13", "macOS 15.6", "C02???####"),
)
DESKTOPS = (
    Make(Kind.DESKTOP, "Dell OptiPlex 7010", "Windows 11 24H2", "???####"),
    Make(Kind.DESKTOP, "HP ProDesk 400", "Windows 11 23H2", "MXL####???"),
)
TABLETS = (
    Make(Kind.TABLET, "iPad 9th generation", "iPadOS 18.6", "DMP?????????"),
    Make(Kind.TABLET, "iPad 10th generation", "iPadOS 18.6", "K######?##"),
)
PROJECTORS = (
    Make(Kind.DISPLAY, "Epson PowerLite 685W", "", "X3#?#######", "typed in"),
    Make(Kind.DISPLAY, "SMART Board 6275S", "SMART iQ 3.12", "G###?###", "typed in"),
    Make(Kind.DISPLAY, "Promethean ActivPanel 9", "Android 11", "C9###?####", "typed in"),
)
PRINTERS = (
    Make(Kind.PRINTER, "Canon imageRUNNER C5850", "", "3PM#####", "typed in"),
    Make(Kind.PRINTER, "HP LaserJet M507", "", "PHB#######", "typed in"),
)
LABELS = Make(Kind.PRINTER, "DYMO LabelWriter 550", "", "1######", "typed in")
CART = Make(Kind.OTHER, "Charging cart, 30 bays", "", "", "typed in")
ACCESS_POINT = Make(Kind.NETWORK, "Aruba AP-515 access point", "AOS 8.10", "CN??????##", "typed in")
CAMERA = Make(Kind.NETWORK, "Axis P3265 camera", "AXIS OS 11", "B8A44F######", "typed in")
REGISTER = Make(Kind.OTHER, "Lunch line register", "", "LL######", "typed in")
SCANNER = Make(Kind.OTHER, "Library scanner", "", "S########", "typed in")

# How many of each kind a school has, by the number of people who work there.
TAGS = {
    "cart": "CART",
    "access point": "AP",
    "camera": "CAM",
    "register": "POS",
    "scanner": "SCN",
    "printer": "PRN",
    "other printer": "PRN",
}


def build(world: World, rng: Random, *, now: datetime) -> None:
    stock = _Stock(world, rng, now)
    for person in list(world.people):
        stock.own(person)
    for plan in world.plan.schools:
        _equip(stock, world.schools[plan.code], plan)
    if world.plan.slug == "maple":
        _props(stock)


def _equip(stock: "_Stock", school: School, plan: SchoolPlan) -> None:
    rooms = stock.world.rooms_at[school.pk]
    classrooms = [room for name, room in rooms.items() if name.startswith(("Room", "Lab", "Band", "Art"))]
    for room in classrooms[: round(len(classrooms) * 0.7)]:
        stock.add("room display", school, stock.choose(PROJECTORS), room)
    for place, room in enumerate(classrooms):
        if place % 3 == 0:
            stock.add("access point", school, ACCESS_POINT, room)
        if plan.level in ("elementary", "middle", "high") and place % 8 == 0:
            stock.add("cart", school, CART, room)
    for name in ("Copy room", "Staff room", "Office", "Library"):
        if name in rooms:
            stock.add("printer", school, stock.choose(PRINTERS), rooms[name])
    _fixtures(stock, school, rooms)
    _pools(stock, school, plan, classrooms)


def _fixtures(stock: "_Stock", school: School, rooms: dict[str, Room]) -> None:
    office = rooms["Office"]
    for name, room in rooms.items():
        if name in ("Office", "Health room", "Library", "Dispatch", "Payroll", "Reception") or name.startswith("Lab"):
            stock.add("room computer", school, stock.choose(DESKTOPS), room)
    stock.add("camera", school, CAMERA, rooms.get("Gym"))
    stock.add("camera", school, CAMERA, None)
    stock.add("other printer", school, LABELS, rooms.get("Library", office))
    stock.add("tablet", school, stock.choose(TABLETS), office)
    if "Cafeteria" in rooms:
        stock.add("register", school, REGISTER, rooms["Cafeteria"])
        stock.add("register", school, REGISTER, rooms["Cafeteria"])
    if "Library" in rooms:
        stock.add("scanner", school, SCANNER, rooms["Library"])


def _pools(stock: "_Stock", school: School, plan: SchoolPlan, classrooms: list[Room]) -> None:
    """What students use; it is booked to a room, never to a student."""
    count = round(plan.staff * 0.55) if plan.level in ("elementary", "middle", "high") else 0
    for _ in range(count):
        stock.add("student chromebook", school, stock.choose(CHROMEBOOKS), stock.choose(classrooms))
    if plan.level in ("elementary", "early"):
        for _ in range(14):
            stock.add("tablet", school, stock.choose(TABLETS), stock.choose(classrooms))
    if plan.level == "bus":
        for _ in range(16):
            stock.add("tablet", school, stock.choose(TABLETS), None)


def _props(stock: "_Stock") -> None:
    """Devices with a part to play keep the tags by which people know them."""
    world = stock.world
    rita, sofia, priya, noah = (world.person(each) for each in ("rita", "sofia.marin", "priya.nair", "noah.weiss"))
    for person, tag in ((rita, "MU-20417"), (sofia, "MU-22051"), (priya, "MU-20733"), (noah, "MU-20119")):
        device = world.own[person.pk]
        device.asset_tag = tag
    device = world.own[rita.pk]
    device.kind, device.model, device.os, device.serial = (
        Kind.CHROMEBOOK,
        "Dell Chromebook 3110",
        "ChromeOS 141",
        "5CD2147K9Q",
    )


class _Stock:
    """Hands out devices with fresh tags and serials."""

    def __init__(self, world: World, rng: Random, now: datetime) -> None:
        self.world, self.rng, self.now = world, rng, now
        self._numbers: dict[str, int] = {}
        self._used = {"MU-20417", "MU-22051", "MU-20733", "MU-20119"}

    def choose[T](self, things: tuple[T, ...] | list[T]) -> T:
        return self.rng.choice(things)

    def own(self, person: User) -> None:
        """Nearly everybody has a laptop; aides and food service share a Chromebook, drivers have none."""
        if person.job in ("Driver", "Custodian", "Mechanic"):
            return
        makes = CHROMEBOOKS if person.job in ("Aide", "Food service") else LAPTOPS
        assert person.school is not None  # noqa: S101 - everybody of the seed has one
        room = self.world.room_of.get(person.pk)
        self.world.own[person.pk] = self.add("own", person.school, self.choose(makes), room, person)

    def add(self, shelf: str, school: School, make: Make, room: Room | None, person: User | None = None) -> Device:
        seen = self.now - timedelta(minutes=self.rng.randint(20, 60 * 24 * 4))
        managed = make.source == DEVICE_MANAGER
        device = Device(
            id=self.world.ids.of(Device),
            asset_tag=self._tag(shelf),
            serial=self._serial(make.serial),
            kind=make.kind,
            model=make.model,
            os=make.os,
            person=person,
            school=school,
            room=room,
            source=make.source,
            last_check_in_at=seen if managed else None,
            fetched_at=self.now - timedelta(hours=2) if managed else None,
        )
        self.world.devices.append(device)
        self.world.shelves[shelf, school.pk].append(device)
        return device

    def _tag(self, shelf: str) -> str:
        if shelf in TAGS:
            word = TAGS[shelf]
            self._numbers[word] = self._numbers.get(word, 0) + 1
            return f"{word}-{self._numbers[word]:03d}"
        while (tag := f"{self.world.plan.short_prefix}-{self.rng.randint(10050, 32999)}") in self._used:
            pass
        self._used.add(tag)
        return tag

    def _serial(self, form: str) -> str:
        makers: dict[str, Callable[[], str]] = {
            "#": lambda: str(self.rng.randrange(10)),
            "?": lambda: self.rng.choice(LETTERS),
        }
        return "".join(makers[sign]() if sign in makers else sign for sign in form)
