"""What the demo districts look like: schools, queues, the desk, the people with a part to play, and how much of all."""

from dataclasses import dataclass

from accounts.policy import Role

PASSWORD = "chalk-and-slate-42"  # noqa: S105 - printed on the demo's first page, refused outside of it
ALL = ("*",)


@dataclass(frozen=True)
class SchoolPlan:
    """A school: how many people work there, and its classrooms by their first number and count, a wing each."""

    code: str
    name: str
    short_name: str
    level: str  # elementary, middle, high, early, office, bus
    staff: int
    wings: tuple[tuple[str, int, int], ...] = ()


@dataclass(frozen=True)
class DeskPlan:
    """Somebody of the desk: `queues` and `schools` are what the grant reaches, `home` the queues they usually take."""

    name: str
    email: str
    title: str
    role: Role
    queues: tuple[str, ...] = ALL
    schools: tuple[str, ...] = ALL
    home: tuple[str, ...] = ()


@dataclass(frozen=True)
class Character:
    """A person with a part to play."""

    name: str
    email: str
    job: str
    title: str
    school: str
    room: str


@dataclass(frozen=True)
class Plan:
    """One demo district. The same plan and the same moment give the same rows."""

    slug: str
    name: str
    host: str
    short_prefix: str
    time_zone: str
    word: str
    queues: dict[str, tuple[str, str]]
    schools: tuple[SchoolPlan, ...]
    desk: tuple[DeskPlan, ...]
    characters: tuple[Character, ...]
    tickets: int
    in_work: int
    first_number: int  # the number that the first ticket of the design's screens has
    stock: float = 1.0  # how many devices, relative to a district of this size
    without_articles: tuple[str, ...] = ()

    @property
    def domain(self) -> str:
        return f"{self.slug}.example"


_ELEMENTARY = (("Main building", 1, 16), ("Portables", 21, 4))
_TOMAS = ("LIN", "DOU", "JEF", "WAS")

MAPLE = Plan(
    slug="maple",
    name="Maple Unified",
    host="maple.localhost",
    short_prefix="MU",
    time_zone="America/Chicago",
    word="Maple",
    queues={
        "central": ("Central IT", "Everything that comes in, accounts, mail, software"),
        "campus": ("Campus support", "Rooms, boards, printers and computers at the schools"),
        "network": ("Network", "Wi-Fi, wires, phones, doors and cameras"),
        "devices": ("Devices and repairs", "Chromebooks, iPads, laptops and loaners"),
        "systems": ("Student systems", "Grade book, rosters, meals, health, buses"),
    },
    schools=(
        SchoolPlan(
            "LIN",
            "Lincoln Middle School",
            "Lincoln Middle",
            "middle",
            62,
            (("Building A", 101, 14), ("Building B", 201, 16)),
        ),
        SchoolPlan(
            "WAS",
            "Washington High School",
            "Washington High",
            "high",
            92,
            (("Building A", 101, 24), ("Building B", 201, 32)),
        ),
        SchoolPlan("JEF", "Jefferson Elementary School", "Jefferson Elem", "elementary", 41, _ELEMENTARY),
        SchoolPlan("DOU", "Douglass Elementary School", "Douglass Elem", "elementary", 41, _ELEMENTARY),
        SchoolPlan(
            "CAR", "Carver High School", "Carver High", "high", 88, (("Main building", 101, 22), ("Hall B", 301, 24))
        ),
        SchoolPlan("MAN", "Mann Early Learning Annex", "Mann Annex", "early", 22, (("Main building", 1, 9),)),
        SchoolPlan("ROO", "Roosevelt Middle School", "Roosevelt Middle", "middle", 58, (("Main building", 101, 26),)),
        SchoolPlan("FRA", "Franklin Elementary School", "Franklin Elem", "elementary", 41, _ELEMENTARY),
        SchoolPlan("TUB", "Tubman Elementary School", "Tubman Elem", "elementary", 41, _ELEMENTARY),
        SchoolPlan("CHA", "Chavez Elementary School", "Chavez Elem", "elementary", 41, _ELEMENTARY),
        SchoolPlan("DIS", "District Office", "District Office", "office", 34),
        SchoolPlan("BUS", "Transportation Center", "Bus Yard", "bus", 26),
    ),
    desk=(
        DeskPlan("Ana Ortiz", "ana", "Director of technology", Role.ADMIN),
        DeskPlan("Walter Boone", "walter", "Support lead", Role.LEAD, home=("systems", "central")),
        DeskPlan("Mei Kwan", "mei", "Network technician", Role.TECHNICIAN, home=("network",)),
        DeskPlan("Irene Castellano", "irene", "Service desk technician", Role.TECHNICIAN, home=("central",)),
        DeskPlan("Dev Patel", "dev", "Systems technician", Role.TECHNICIAN, ("central", "systems"), home=("systems",)),
        DeskPlan("Tomas Reyes", "tomas", "Campus technician", Role.TECHNICIAN, schools=_TOMAS, home=("campus",)),
        DeskPlan(
            "Kofi Mensah",
            "kofi",
            "Campus technician",
            Role.TECHNICIAN,
            ("central", "campus", "devices"),
            ("CAR", "ROO", "FRA"),
            ("campus",),
        ),
        DeskPlan(
            "Lena Fischer",
            "lena",
            "Campus technician",
            Role.TECHNICIAN,
            ("central", "campus", "devices"),
            ("TUB", "CHA", "MAN"),
            ("campus",),
        ),
        DeskPlan(
            "Marcus Bell",
            "marcus",
            "Campus technician",
            Role.TECHNICIAN,
            ("central", "campus", "devices"),
            ("DIS", "BUS", "ROO"),
            ("campus",),
        ),
        DeskPlan("Hector Ruiz", "hector", "Repair technician", Role.TECHNICIAN, ("devices",), home=("devices",)),
        DeskPlan("Bao Tran", "bao", "Repair technician", Role.TECHNICIAN, ("devices", "campus"), home=("devices",)),
        DeskPlan(
            "Jo Lindgren",
            "jo",
            "Repair technician, agency",
            Role.AGENCY,
            ("devices",),
            ("WAS", "CAR", "LIN"),
            ("devices",),
        ),
        DeskPlan("Ruth Adler", "ruth", "Internal auditor", Role.AUDITOR),
        DeskPlan("Owen Castle", "owen.castle", "", Role.SCHOOL_CONTACT, schools=("JEF",)),
    ),
    characters=(
        Character("Rita Shah", "rita", "Teacher", "Science teacher, grade 7", "LIN", "Room 214"),
        Character("Priya Nair", "priya.nair", "Teacher", "English teacher, grade 6", "LIN", "Room 108"),
        Character("Marla Quist", "marla.quist", "Secretary", "School secretary", "LIN", "Office"),
        Character("Denise Okafor", "denise.okafor", "Teacher", "Mathematics teacher, grade 10", "WAS", "Room 118"),
        Character("Peter Lindqvist", "peter.lindqvist", "Teacher", "Computer science teacher", "WAS", "Lab 3"),
        Character("Grace Ito", "grace.ito", "Teacher", "History teacher, grade 11", "WAS", "Room 231"),
        Character("Karen Oyelaran", "karen.oyelaran", "Counselor", "College counselor", "WAS", "Counseling"),
        Character("Carl Jensen", "carl.jensen", "Teacher", "Music teacher", "WAS", "Band room"),
        Character("Joan Whitaker", "joan.whitaker", "Nurse", "School nurse", "JEF", "Health room"),
        Character("Sofia Marin", "sofia.marin", "Aide", "Special education aide", "JEF", "Room 12"),
        Character("Owen Castle", "owen.castle", "Librarian", "Librarian", "JEF", "Library"),
        Character("Tessa Boyd", "tessa.boyd", "Teacher", "Teacher, grade 4", "JEF", "Room 9"),
        Character("Gloria Pena", "gloria.pena", "Secretary", "School secretary", "DOU", "Office"),
        Character("Hannah Brandt", "hannah.brandt", "Secretary", "Office secretary", "DOU", "Copy room"),
        Character("Luis Herrera", "luis.herrera", "Principal", "Principal", "DOU", "Office"),
        Character("Amy Foster", "amy.foster", "Counselor", "School counselor", "DOU", "Room 6"),
        Character("Ray Delgado", "ray.delgado", "Custodian", "Head custodian", "CAR", "Gym"),
        Character("Ellen Mbeki", "ellen.mbeki", "Registrar", "Registrar", "CAR", "Office"),
        Character("Noah Weiss", "noah.weiss", "Teacher", "Physics teacher, grade 12", "CAR", "Room 305"),
        Character("Dolores Vega", "dolores.vega", "Food service", "Kitchen manager", "CAR", "Cafeteria"),
        Character("Bea Rosen", "bea.rosen", "Teacher", "Art teacher", "CAR", "Art room"),
        Character("Kim Tran", "kim.tran", "Teacher", "Pre-kindergarten teacher", "MAN", "Room 3"),
    ),
    tickets=3000,
    in_work=120,
    first_number=10441,
)

CEDAR = Plan(
    slug="cedar",
    name="Cedar",
    host="cedar.localhost",
    short_prefix="CC",
    time_zone="America/New_York",
    word="Cedar",
    queues={"central": ("Central IT", "Everything that comes in")},
    schools=(
        SchoolPlan("CEL", "Cedar Elementary School", "Cedar Elem", "elementary", 13, (("Main building", 1, 8),)),
        SchoolPlan("CHI", "Cedar High School", "Cedar High", "high", 15, (("Main building", 101, 10),)),
    ),
    desk=(
        DeskPlan("Cara Lindt", "cara", "Technology coordinator", Role.ADMIN),
        DeskPlan("Sam Okoye", "sam", "Technician", Role.TECHNICIAN, home=("central",)),
    ),
    characters=(Character("Edith Moreau", "edith.moreau", "Teacher", "Teacher, grade 3", "CEL", "Room 4"),),
    tickets=80,
    in_work=9,
    first_number=1080,
    without_articles=("tech-switcher-closet",),
)

PLANS = (MAPLE, CEDAR)
