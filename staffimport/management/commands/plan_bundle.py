"""Plan a redacted bundle once more, and compare with the rows it holds."""

import zipfile
from pathlib import Path
from typing import Any

import msgspec
from django.core.management.base import CommandError, CommandParser

from schools.commands import SentenceCommand
from staffimport.core.planning import plan
from staffimport.core.values import PlannedRow
from staffimport.inquiries.bundle import read_bundle

SHOWN = 20


class Command(SentenceCommand):
    """`plan_bundle FILE`; it asks no database."""

    help = "Plan a run's redacted bundle, and say which of its stored rows differ."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file."""
        parser.add_argument("file", metavar="FILE.zip", type=Path)

    def act(self, **options: Any) -> None:
        """Print counts, and the rows whose outcome or state differs."""
        try:
            given, stored = read_bundle(options["file"].read_bytes())
        except (OSError, KeyError, zipfile.BadZipFile, msgspec.DecodeError) as error:
            problem = f"{options['file']} is no bundle of a run: {error}"
            raise CommandError(problem) from error
        if given is None:
            raise CommandError(
                "The bundle holds no input.json: what the run pulled was no longer "
                "kept, so there is nothing to plan."
            )
        made = plan(given)
        counts = {key: count for key, count in made.counts.items() if count}
        self.stdout.write(", ".join(f"{key} {n:,}" for key, n in counts.items()))
        was, now = map(_outcomes, (stored, made.rows))
        differing = sorted(set(was.items()) ^ set(now.items()), key=str)
        people = dict.fromkeys(key for key, _ in differing)
        self.stdout.write(f"{len(people):,} of {len(was):,} stored rows differ.")
        for key in list(people)[:SHOWN]:
            self.stdout.write(f"{key}: {was.get(key)} → {now.get(key)}")


def _outcomes(rows: list[PlannedRow]) -> dict[tuple[object, ...], tuple[str, ...]]:
    """Return outcome, state and code of each row by person, place and account.

    The account of a created row is made anew, so it tells nothing.
    """
    return {
        (
            row.clever_id or row.account_id,
            row.school,
            row.details.clever_school,
        ): (row.outcome, row.state.replace("applied", "planned"), row.reason_code)
        for row in rows
    }
