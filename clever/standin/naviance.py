"""Write the Naviance side of a roster: schools, existing staff accounts and settings.

    python -m clever.standin.naviance --roster demo --out DIR

writes DIR/schools.csv, DIR/staff.csv and DIR/settings.json in the shapes that
`load_schools`, `load_staff` and `load_import_settings` read, and always the same ones.

    demo      of everyone in Clever about four in five have an account, some of them
              with another title, e-mail or name; some accounts' people have left
    small     the account of every placement, save users 19, 20 and 30 (new), a title
              that differs (user 3) and an account at school 2 whose person has left
    messy     the account of every placement, as tidy as hands would have typed it;
              save "long_last_name", which no form would have taken
    large:N   every second person has an account, one in twenty of them another title
"""

import argparse
import csv
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import astuple, dataclass, fields, replace
from itertools import chain
from pathlib import Path

from clever.standin import demo_people, large, messy, small
from clever.standin.naviance_accounts import (
    Account,
    Fate,
    Placement,
    derive,
    placements,
)
from clever.standin.naviance_demo import demo_extras, demo_fate, demo_schools
from clever.standin.naviance_settings import SITE_MANAGER, import_settings, with_role
from clever.standin.rosters import build_roster
from clever.standin.wire import Record

SMALL_FATES = {3: Fate.TITLE, 19: Fate.NEW, 20: Fate.NEW, 30: Fate.NEW}
LARGE_CYCLE = 20


@dataclass(frozen=True, slots=True)
class School:
    """One row of schools.csv; the fields are its columns, in their order."""

    school_id: str
    name: str
    nces_id: str
    address: str
    city: str
    state: str
    zip: str


@dataclass(frozen=True, slots=True)
class NavianceSide:
    """What Naviance holds of a district before the first import."""

    schools: list[School]
    accounts: Iterable[Account]
    settings: Record


def build_naviance(roster: str) -> NavianceSide:
    """Return the Naviance side of the named roster; the accounts are read once.

    Raises ValueError, as `build_roster` does, for an unknown name.
    """
    clever = build_roster(roster)
    clever_schools = list(clever.schools)
    school_ids = {
        school["id"]: school_id(number)
        for number, school in enumerate(clever_schools, 1)
    }
    clever.schools = clever_schools
    schools = [_same_school(n, s) for n, s in enumerate(clever_schools, 1)]
    if roster == "demo":
        schools = [_demo_school(*row) for row in demo_schools()]
        known = {school.school_id for school in schools}
        school_ids = {c: s for c, s in school_ids.items() if s in known}
    domain, fate = _manner(roster)
    derived = derive(placements(clever), school_ids, domain, fate)
    accounts = chain(derived, _extras(roster, schools))
    return NavianceSide(schools, map(with_role, accounts), import_settings())


def school_id(number: int) -> str:
    """Return Naviance's id of the district's nth school."""
    return str(1000 + number)


def _same_school(number: int, record: Record) -> School:
    place = record.get("location") or {}
    return School(
        school_id(number),
        record["name"],
        (record["nces_id"] or "").strip(),
        place.get("address", ""),
        place.get("city", ""),
        place.get("state", "CA"),
        place.get("zip", ""),
    )


def _demo_school(number: int, name: str, nces_id: str, street: str) -> School:
    return School(
        school_id(number), name, nces_id, street, "Cedar Ridge", "CA", "95901"
    )


def _manner(roster: str) -> tuple[str, Callable[[Placement], Fate]]:
    """Return the e-mail domain and how accounts come to differ from Clever."""
    if roster == "demo":
        return demo_people.DOMAIN, demo_fate
    if roster == "small":
        return small.DOMAIN, lambda p: SMALL_FATES.get(p.number, Fate.SAME)
    if roster == "messy":
        too_long = messy.MESSES["long_last_name"]
        return messy.DOMAIN, lambda p: Fate.NEW if p.number == too_long else Fate.SAME
    return large.DOMAIN, large_fate


def large_fate(placement: Placement) -> Fate:
    """Return the fate of one person of a large district: half of them are new."""
    if placement.number % LARGE_CYCLE >= LARGE_CYCLE // 2:
        return Fate.NEW
    return Fate.TITLE if placement.number % LARGE_CYCLE == 1 else Fate.SAME


def _extras(roster: str, schools: list[School]) -> Iterator[Account]:
    if roster == "demo":
        yield from demo_extras({int(s.school_id) - 1000: s.school_id for s in schools})
    if roster == "small":
        name, email = ("Walt", "Gone"), f"walt.gone@{small.DOMAIN}"
        yield Account(
            "school", school_id(2), name[0], "", name[1], "Teacher", email, ""
        )
        email = f"maya.site@{small.DOMAIN}"
        manager = Account("district", "", "Maya", "", "Site", "Manager", email, "")
        yield replace(manager, user_role=SITE_MANAGER)


def write_naviance(side: NavianceSide, folder: Path) -> None:
    """Write the three files into the folder, which is made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    _write_csv(folder / "schools.csv", School, side.schools)
    _write_csv(folder / "staff.csv", Account, side.accounts)
    settings = json.dumps(side.settings, indent=2) + "\n"
    (folder / "settings.json").write_text(settings, encoding="utf-8")


def _write_csv(
    path: Path, row: type[School | Account], rows: Iterable[School | Account]
) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([column.name for column in fields(row)])
        writer.writerows(astuple(item) for item in rows)


def main(arguments: list[str]) -> int:
    """Write the files; return the exit code (2 for a wrong roster or folder)."""
    parser = argparse.ArgumentParser(
        prog="python -m clever.standin.naviance",
        description="Write the Naviance side of a roster.",
    )
    parser.add_argument("--roster", default="demo", help="demo, small, messy, large:N")
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    options = parser.parse_args(arguments)
    try:
        write_naviance(build_naviance(options.roster), options.out)
    except (ValueError, OSError) as error:
        print(f"The files can't be written: {error}", file=sys.stderr)  # noqa: T201
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
