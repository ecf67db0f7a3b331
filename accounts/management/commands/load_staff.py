"""Load a district's existing staff accounts from a CSV file."""

from typing import Any

from django.core.management.base import CommandParser

from accounts.services.loading import load_staff
from accounts.staff_rows import STAFF_COLUMNS
from schools.audit import COMMAND_LINE
from schools.commands import DistrictCommand, read_file


class Command(DistrictCommand):
    """`load_staff SLUG FILE.csv [--skip-bad]`."""

    help = (
        "Load a district's staff accounts from a CSV file: "
        f"{','.join(STAFF_COLUMNS)}[,account_id]"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file, and whether bad rows may be left out."""
        super().add_arguments(parser)
        parser.add_argument("file", metavar="FILE.csv", help="UTF-8, with a header")
        parser.add_argument(
            "--skip-bad", action="store_true", help="leave out bad rows and say which"
        )

    def act(self, **options: Any) -> None:
        """Load the file and say what changed, and what was left as it is."""
        district = self.district(options["slug"])
        report = load_staff(
            district,
            read_file(options["file"]),
            COMMAND_LINE,
            skip_bad=options["skip_bad"],
        )
        self.write_skipped(report.skipped)
        for left in report.left:
            self.stdout.write(str(left))
        if report.names:
            self.stdout.write(f"Created: {', '.join(report.names)}.")
        self.stdout.write(
            f"{district}: {report.created} accounts created, {report.updated} updated, "
            f"{report.unchanged} unchanged, {len(report.left)} left as they are."
        )
