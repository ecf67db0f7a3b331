"""List the held rows of a district, approve them or dismiss them."""

import sys
from typing import Any

from django.core.management.base import CommandParser
from rich.console import Console
from rich.table import Table

from schools.audit import COMMAND_LINE
from schools.commands import DistrictCommand
from schools.models import District
from staffimport.errors import StaffImportError
from staffimport.models import ImportResult
from staffimport.queries.runs import open_test, rows_waiting
from staffimport.services.held import Resolved, approve, dismiss
from staffimport.wording import counted

FAILED = 1
SOME_HELD = 3


class Command(DistrictCommand):
    """`held_rows SLUG [--approve ROW… | --dismiss ROW…]`."""

    help = (
        "List the rows that are held for approval, or decide some. Exit code 0: none "
        "is held any more; 1: some could not be decided, with sentences on stderr; "
        "2: wrong use; 3: some are held."
    )
    failures = (*DistrictCommand.failures, StaffImportError)

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the rows to approve or to dismiss."""
        super().add_arguments(parser)
        deed = parser.add_mutually_exclusive_group()
        for name, words in (
            (
                "approve",
                "apply these rows, or let the next final apply those of a test",
            ),
            ("dismiss", "keep the change of these rows away until its cause changes"),
        ):
            deed.add_argument(
                f"--{name}", metavar="ROW", type=int, nargs="+", help=words
            )

    def act(self, **options: Any) -> None:
        """Decide what is to be decided, then list what is still held."""
        district = self.district(options["slug"])
        refused: dict[int, str] = {}
        if options["approve"]:
            resolved = approve(district, options["approve"], COMMAND_LINE)
            refused = self._tell(resolved, "approved")
        elif options["dismiss"]:
            resolved = dismiss(district, options["dismiss"], COMMAND_LINE)
            refused = self._tell(resolved, "dismissed")
        held = self._list(district)
        if refused:
            sys.exit(FAILED)
        if held:
            sys.exit(SOME_HELD)

    def _tell(self, resolved: Resolved, deed: str) -> dict[int, str]:
        self.stdout.write(f"{counted(len(resolved.done), 'row')} {deed}.")
        for row_id, sentence in sorted(resolved.refused.items()):
            self.stderr.write(f"Row {row_id}: {sentence}")
        return resolved.refused

    def _list(self, district: District) -> int:
        """Show the open held rows and return how many they are."""
        rows = rows_waiting(district, open_test(district))
        ordered = rows.select_related("run", "school").order_by("run", "position")
        table = Table("Row", "Run", "Outcome", "Person", "Where", "Held", "Reason")
        for row in ordered.iterator():
            table.add_row(*_cells(row))
        if not table.row_count:
            self.stdout.write(f"No row of {district} is held.")
            return 0
        # A terminal wraps long reasons; a file or pipe gets each row on one line.
        console = Console(width=None if sys.stdout.isatty() else 240)
        with console.capture() as shown:
            console.print(table, markup=False)
        self.stdout.write(shown.get())
        held = table.row_count
        self.stdout.write(
            f"{counted(held, 'row')} held. Approve with --approve ROW…, dismiss with "
            "--dismiss ROW…"
        )
        return held


def _cells(row: ImportResult) -> tuple[str, ...]:
    return (
        str(row.pk),
        str(row.run),
        row.get_outcome_display(),
        f"{row.first_name} {row.last_name}".strip() or row.email or row.clever_id,
        str(row.school) if row.school else "District",
        row.get_held_reason_display(),
        row.reason,
    )
