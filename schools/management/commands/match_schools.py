"""Match a district's Naviance schools to its Clever schools, and show the list."""

import json
from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from schools.audit import COMMAND_LINE
from schools.commands import DistrictCommand
from schools.files import check_writable, open_for_writing
from schools.models import CleverSchool, School
from schools.services.clever_schools import pull_clever_schools
from schools.services.match_list import MatchEntry, MatchList, list_matches
from schools.services.matches import edit_matches, match_automatically


class Command(DistrictCommand):
    """`match_schools SLUG [--json FILE] [--set SCHOOL_ID=CLEVER_ID] [--reset …]`."""

    help = (
        "Ask Clever for the district's schools, reset and set the matches named here, "
        "match the rest by NCES id and name, and show what is open."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the matches to set and reset, and where to write the list."""
        super().add_arguments(parser)
        parser.add_argument(
            "--json", metavar="FILE", type=Path, help="write the list to a file"
        )
        parser.add_argument(
            "--set",
            metavar="SCHOOL_ID=CLEVER_ID",
            action="append",
            default=[],
            type=_pair,
            help="match a school by hand; may be repeated",
        )
        parser.add_argument(
            "--reset",
            metavar="SCHOOL_ID",
            action="append",
            default=[],
            help="take a school's match apart; may be repeated",
        )

    def act(self, **options: Any) -> None:
        """Pull the schools, edit and make matches, and show them."""
        path = options["json"]
        if path is not None:
            check_writable(path)
        district = self.district(options["slug"])
        pull_clever_schools(district)
        edit_matches(
            district,
            resets=options["reset"],
            pairs=options["set"],
            actor=COMMAND_LINE,
        )
        match_automatically(district, COMMAND_LINE)
        matches = list_matches(district)
        if path is not None:
            content = {"matches": [_as_json(entry) for entry in _entries(matches)]}
            with open_for_writing(path) as file:
                file.write(json.dumps(content, indent=2) + "\n")
        self._show(matches)

    def _show(self, matches: MatchList) -> None:
        for entry in matches.unmatched:
            self.stdout.write(f"open     {_named(entry.clever_school)} (Clever)")
            self._show_suggestions(entry)
        for entry in matches.matched:
            if entry.match is not None:
                self.stdout.write(f"matched  {entry.match}: {entry.match.reason}")
        for entry in matches.without_clever:
            self.stdout.write(f"open     {_named(entry.school)} (Naviance)")
            self._show_suggestions(entry)
        self.stdout.write(
            f"Matched: {len(matches.matched)}. Open: {len(matches.unmatched)} Clever, "
            f"{len(matches.without_clever)} Naviance."
        )

    def _show_suggestions(self, entry: MatchEntry) -> None:
        for pair in entry.suggestions:
            other = pair.school if entry.school is None else pair.clever_school
            self.stdout.write(f"         {_named(other)}? {pair.reason}")


def _pair(text: str) -> tuple[str, str]:
    school_id, equals, clever_id = (part.strip() for part in text.rpartition("="))
    if not (school_id and equals and clever_id):
        problem = f"“{text}” is not of the form SCHOOL_ID=CLEVER_ID"
        raise ArgumentTypeError(problem)
    return school_id, clever_id


def _named(school: School | CleverSchool | None) -> str:
    match school:
        case School():
            return f"{school.name} [{school.school_id}]"
        case CleverSchool():
            return f"{school.name} [{school.clever_id}]"
    return ""


def _entries(matches: MatchList) -> list[MatchEntry]:
    """Naviance schools first, as loaded by school_id, then open Clever schools."""
    ours = [*matches.matched, *matches.without_clever]
    ours.sort(key=lambda entry: entry.school.school_id if entry.school else "")
    return [*ours, *matches.unmatched]


def _as_json(entry: MatchEntry) -> dict[str, object]:
    return {
        "school_id": entry.school.school_id if entry.school else None,
        "clever_id": entry.clever_school.clever_id if entry.clever_school else None,
        "method": entry.match.method if entry.match else None,
        "suggestions": [
            {
                "school_id": pair.school.school_id,
                "clever_id": pair.clever_school.clever_id,
                "rank": pair.rank,
                "score": pair.score,
                "reason": pair.reason,
            }
            for pair in entry.suggestions
        ],
    }
