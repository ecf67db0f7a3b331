"""The demo district in Naviance: who is there already, who has left, who is special."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from clever.standin.demo_people import DOMAIN
from clever.standin.demo_schools import (
    EASTGATE,
    FRANKLIN,
    JEFFERSON,
    LINCOLN,
    NAVIANCE_ONLY,
    RIVERBEND,
    ROOSEVELT,
    SCHOOLS,
    WASHINGTON,
)
from clever.standin.names import FIRST_NAMES, LAST_NAMES, address
from clever.standin.naviance_accounts import DISTRICT, Account, Fate, Placement
from clever.standin.naviance_settings import NOT_IN_CLEVER, SITE_MANAGER

# Fates in percent; the rest agrees.
_SHARES = (
    (Fate.NEW, 8),
    (Fate.TITLE, 12),
    (Fate.FIRST_NAME, 2),
    (Fate.EMAIL_CASE, 3),
    (Fate.OTHER_EMAIL, 3),
    (Fate.NO_EMPLOYEE_ID, 3),
)
_FATES = {
    ("Thanh", "Nguyen"): Fate.NEW,
    ("Leo", "Vance"): Fate.NEW,
    ("Ruth", "Abernathy"): Fate.NEW,
    ("Rafael", "Gomez"): Fate.NEW,
    ("Robert", "Smith Jr."): Fate.NEW,
    ("Maria", "Delgado-Ruiz"): Fate.NEW,
    ("Marcus", "Bell"): Fate.NEW,
    ("Grace", "Yoo"): Fate.NEW,
    ("José", "Castañeda"): Fate.TITLE,
    ("Soo-jin", "Park"): Fate.OTHER_EMAIL,
    ("Imani", "Clarke"): Fate.INACTIVE,
    ("Henry", "Zhou"): Fate.INACTIVE,
}
_KNOWN = {"Lee", "O\u2019Brien", "Brooks", "Smith", "Beck", "Okafor", ""}
_RETURNING = (37, 290, 471, 660)
"""Numbers of users whose account was archived long ago and who are back."""

LEAVERS = 26
"""How many have simply gone, besides those at Washington and Jefferson's registrars."""


def school_number(placement: Placement) -> int:
    """Return the number of the placement's school, 0 for the district."""
    return int(placement.school[16:], 16) if placement.school != DISTRICT else 0


def demo_fate(placement: Placement) -> Fate:
    """Return how the account of this placement differs from Clever."""
    # Washington's whole team is new, and Jefferson's registrars: the brake holds the
    # accounts of those before them.
    is_new = school_number(placement) == WASHINGTON
    if is_new or placement.title == "Records Technician":
        return Fate.NEW
    if placement.number in _RETURNING:
        return Fate.INACTIVE
    if placement.name in _FATES:
        return _FATES[placement.name]
    return Fate.SAME if placement.name[1] in _KNOWN else _drawn(placement)


def _drawn(placement: Placement) -> Fate:
    seed = placement.user["id"][16:] + placement.school[16:]
    draw = Random(seed).randrange(100)  # noqa: S311 - repeatable, not a secret
    for fate, share in _SHARES:
        draw -= share
        if draw < 0:
            return fate
    return Fate.SAME


def demo_schools() -> Iterator[tuple[int, str, str, str]]:
    """Return Naviance's schools: number, name, NCES id and street.

    The number is Clever's for a school that is there too; others follow after.
    """
    for number, school in enumerate(SCHOOLS, 1):
        if school.naviance_name:
            nces_id = school.naviance_nces_id
            yield number, school.naviance_name, nces_id, school.street
    for number, (name, nces_id, street) in enumerate(NAVIANCE_ONLY, len(SCHOOLS) + 1):
        yield number, name, nces_id, street


def demo_extras(school_ids: dict[int, str]) -> Iterator[Account]:
    """Return the accounts that no Clever user has, or that a story needs.

    `school_ids` gives the Naviance school id for a school's number.
    """
    yield from _district_accounts()
    yield from _stories(school_ids)
    yield from _leavers(school_ids)
    yield from _never_in_clever(school_ids)


def _plain(
    name: str, title: str, email: str, school_id: str = "", employee_id: str = ""
) -> Account:
    first, _, last = name.partition(" ")
    level = "school" if school_id else "district"
    return Account(level, school_id, first, "", last, title, email, employee_id)


def _district_accounts() -> Iterator[Account]:
    for name, title in (
        ("Dana Whitfield", "Naviance Site Manager"),
        ("Marcus Bell", "Coordinator, College and Career"),
    ):
        email = f"{name.lower().replace(' ', '.')}@{DOMAIN}"
        yield replace(_plain(name, title, email), user_role=SITE_MANAGER)
    yield _plain("Rafael Gomez", "Director, Athletics", f"rgomez@{DOMAIN}")
    yield _plain("Helga Lindqvist", "Director of Research", f"hlindqvist@{DOMAIN}")


def _stories(school_ids: dict[int, str]) -> Iterator[Account]:
    jefferson = school_ids[JEFFERSON]
    yield _plain("Maria Delgado", "Counselor", f"mdelgado@{DOMAIN}", jefferson, "20418")
    yield _plain(
        "Jordan Lee",
        "Teacher, English",
        f"jordan.lee@{DOMAIN}",
        school_ids[EASTGATE],
        "20777",
    )
    yield _plain(
        "Katie O'Brien", "Aide", f"kobrien@{DOMAIN}", school_ids[FRANKLIN], "K77"
    )
    yield _plain(
        "Grace Yoo", "Teacher", "grace.yoo@personal.example", school_ids[ROOSEVELT]
    )
    yield _plain(
        "Dale Whitaker", "Teacher", f"dwhitaker@{DOMAIN}", school_ids[RIVERBEND]
    )
    for name in ("Wanda Pruitt", "Lois Hartley", "Ned Fairbanks"):
        first, _, last = name.partition(" ")
        yield _plain(name, "Registrar", address(first, last, DOMAIN), jefferson)
    for name in (
        "Joan Haskell",
        "Minh Tran",
        "Curtis Odom",
        "Pilar Reyna",
        "Greta Nyberg",
        "Alonzo Pike",
    ):
        first, _, last = name.partition(" ")
        washington = school_ids[WASHINGTON]
        yield _plain(name, "Teacher", address(first, last, DOMAIN), washington)


def _leavers(school_ids: dict[int, str]) -> Iterator[Account]:
    numbers = [n for n, s in enumerate(SCHOOLS, 1) if s.naviance_name]
    for n in range(LEAVERS):
        first = FIRST_NAMES[(n * 53 + 11) % len(FIRST_NAMES)]
        last = LAST_NAMES[(n * 59 + 7) % len(LAST_NAMES)]
        school_id = school_ids[numbers[n % (len(numbers) - 1)]]
        email = address(first, last, DOMAIN, 90 + n)
        title = "Teacher" if n % 4 else "Paraeducator"
        yield _plain(f"{first} {last}", title, email, school_id, str(19000 + n))


def _never_in_clever(school_ids: dict[int, str]) -> Iterator[Account]:
    for n in range(1, 9):
        school_id = school_ids[(LINCOLN, EASTGATE, JEFFERSON)[n % 3]]
        email = f"sub{n}@substitutes.example"
        substitute = _plain(f"Substitute Desk{n}", "Substitute", email, school_id)
        yield replace(substitute, user_role=NOT_IN_CLEVER)
    for name in ("Transcript Vendor", "Scholarship Portal", "Test Center"):
        email = f"{name.split()[0].lower()}@vendor.example"
        vendor = _plain(name, "Vendor", email, school_ids[LINCOLN])
        yield replace(vendor, user_role=NOT_IN_CLEVER)
