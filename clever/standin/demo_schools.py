"""The demo district's schools, as Clever and as Naviance have them.

Their NCES ids carry the usual damage: a leading zero lost, digits rounded off by a
spreadsheet, hyphens, none at all.
"""

from dataclasses import dataclass
from enum import StrEnum

from clever.standin.wire import Maker, Record

CITY = "Cedar Ridge"
STATE = "CA"


class Level(StrEnum):
    """What kind of school it is; it decides who works there and what is taught."""

    HIGH = "high"
    MIDDLE = "middle"
    ELEMENTARY = "elementary"
    SMALL = "small"


@dataclass(frozen=True, slots=True)
class DemoSchool:
    """One school on both sides; an empty `naviance_name` means Naviance lacks it."""

    name: str
    nces_id: str | None
    naviance_name: str
    naviance_nces_id: str
    street: str
    zip: str
    level: Level
    teachers: int


LINCOLN, ROOSEVELT, MAPLE_STREET, PIONEER = 1, 2, 3, 4
EASTGATE, FRANKLIN, HARBOR, JEFFERSON = 5, 6, 7, 8
JUNIPER, LAKEVIEW, OAK_GROVE, RIVERBEND = 9, 10, 11, 12
SIERRA_VISTA, SUMMIT, WASHINGTON, VIRTUAL = 13, 14, 15, 16

HIGH, MIDDLE, ELEMENTARY, SMALL = (
    Level.HIGH,
    Level.MIDDLE,
    Level.ELEMENTARY,
    Level.SMALL,
)

# Name, NCES id, the same two in Naviance, street, zip, level, teachers.
_TABLE: tuple[tuple[str, str | None, str, str, str, str, Level, int], ...] = (
    (
        "Lincoln High School",
        "069999001034",
        "Lincoln High School",
        "069999001034",
        "410 Lincoln Ave",
        "95901",
        HIGH,
        86,
    ),
    (
        "Roosevelt Middle School",
        "069999001041",
        "Roosevelt Middle School",
        "069999001041",
        "88 Park Rd",
        "95901",
        MIDDLE,
        46,
    ),
    (
        "Maple Street Elementary",
        "069999001102",
        "Maple Street School",
        "069999001102",
        "12 Maple St",
        "95902",
        ELEMENTARY,
        28,
    ),
    (
        "Pioneer Elementary",
        None,
        "Pioneer Elementary",
        "069999001155",
        "900 Pioneer Way",
        "95904",
        ELEMENTARY,
        27,
    ),
    (
        "Eastgate High School",
        "69999001027",
        "Eastgate HS",
        "069999001027",
        "2200 E Gate Blvd",
        "95903",
        HIGH,
        82,
    ),
    (
        "Franklin Elementary",
        "069999001088",
        "Franklin Elem",
        "69999001088",
        "61 Franklin Ct",
        "95901",
        ELEMENTARY,
        30,
    ),
    (
        "Harbor K-8 School",
        "069999-001063",
        "Harbor School",
        "069999001063",
        "3 Dock St",
        "95905",
        ELEMENTARY,
        38,
    ),
    (
        "Jefferson High School",
        "069999001030",
        "Jefferson High School",
        "069999001030",
        "1500 Monticello Dr",
        "95902",
        HIGH,
        78,
    ),
    (
        "Juniper Elementary",
        "069999001119",
        "Juniper Elementary",
        "069999001119",
        "77 Juniper Ln",
        "95904",
        ELEMENTARY,
        29,
    ),
    (
        "Lakeview Middle School",
        "069999001048",
        "Lakeview Middle",
        "069999001048",
        "19 Shore Dr",
        "95905",
        MIDDLE,
        42,
    ),
    (
        "Oak Grove Elementary",
        "069999001126",
        "Oak Grove Elementary",
        "069999001126.0",
        "340 Grove Rd",
        "95903",
        ELEMENTARY,
        31,
    ),
    (
        "Riverbend Elementary",
        "069999001133",
        "Riverbend Elementary",
        "69999001133",
        "5 Bend Ct",
        "95904",
        ELEMENTARY,
        26,
    ),
    (
        "Sierra Vista Middle School",
        "69999000000",
        "Sierra Vista Middle School",
        "069999001055",
        "810 Vista Pkwy",
        "95903",
        MIDDLE,
        44,
    ),
    (
        "Summit Early College",
        "069999001171",
        "Summit Early College",
        "",
        "700 College Pl",
        "95901",
        SMALL,
        14,
    ),
    (
        "Washington Continuation School",
        "069999001188",
        "Washington Continuation",
        "069999001188",
        "26 Third St",
        "95901",
        SMALL,
        6,
    ),
    (
        "Cedar Ridge Virtual Academy",
        "069999001201",
        "",
        "",
        "1 School Plaza",
        "95901",
        SMALL,
        7,
    ),
)
SCHOOLS = tuple(DemoSchool(*row) for row in _TABLE)

NAVIANCE_ONLY = (
    ("Cedar Ridge Adult Transition Program", "069999002210", "1 School Plaza"),
    ("Cedar Ridge Online School", "", "1 School Plaza"),
    ("Maple Avenue School", "069999001103", "480 Maple Ave"),
    ("St. Brendan Academy", "A0501234", "15 Abbey Rd"),
)
"""Schools that Naviance has and Clever doesn't: name, NCES id, street."""

_GRADES = {HIGH: ("9", "12"), MIDDLE: ("6", "8"), SMALL: ("9", "12")}


def clever_schools(maker: Maker) -> list[Record]:
    """Return the schools as Clever has them."""
    return [_clever_school(maker, n, school) for n, school in enumerate(SCHOOLS, 1)]


def _clever_school(maker: Maker, number: int, school: DemoSchool) -> Record:
    low, high = _GRADES.get(school.level, ("Kindergarten", "5"))
    return maker.school(
        number,
        school.name,
        nces_id=school.nces_id,
        state_id=None,
        low_grade=low,
        high_grade=high,
        phone=f"(555) 010-{1000 + number}",
        location={
            "address": school.street,
            "city": CITY,
            "state": STATE,
            "zip": school.zip,
        },
        principal={"name": None, "email": None},
    )
