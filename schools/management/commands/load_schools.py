"""Load a district's Naviance schools from a CSV file."""

from typing import Any

from django.core.management.base import CommandParser

from schools.audit import COMMAND_LINE
from schools.commands import DistrictCommand, read_file
from schools.services.loading import SCHOOL_COLUMNS, load_schools


class Command(DistrictCommand):
    """`load_schools SLUG FILE.csv [--skip-bad]`."""

    help = f"Load a district's schools from a CSV file: {','.join(SCHOOL_COLUMNS)}"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file, and whether bad rows may be left out."""
        super().add_arguments(parser)
        parser.add_argument("file", metavar="FILE.csv", help="UTF-8, with a header")
        parser.add_argument(
            "--skip-bad", action="store_true", help="leave out bad rows and say which"
        )

    def act(self, **options: Any) -> None:
        """Load the file and say what changed."""
        district = self.district(options["slug"])
        report = load_schools(
            district,
            read_file(options["file"]),
            COMMAND_LINE,
            skip_bad=options["skip_bad"],
        )
        self.write_skipped(report.skipped)
        self.write_problems(report.doubts)
        self.stdout.write(
            f"{district}: {report.created} schools created, {report.updated} updated, "
            f"{report.unchanged} unchanged."
        )
