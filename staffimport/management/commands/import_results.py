"""Write the results of a run to files, or show what they are."""

from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db.models import Count

from schools.commands import SentenceCommand
from schools.files import check_writable, open_for_writing, writing
from staffimport.exports import csv_lines, write_json, write_xlsx
from staffimport.models import ImportRun
from staffimport.queries.again import again
from staffimport.wording import summary


class Command(SentenceCommand):
    """`import_results RUN [--json FILE] [--csv FILE] [--xlsx FILE]`."""

    help = "Write a run's results as JSON, CSV or XLSX, and show their counts."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the run and the files."""
        parser.add_argument("run", metavar="RUN", type=int, help="the run's number")
        for kind in ("json", "csv", "xlsx"):
            parser.add_argument(f"--{kind}", metavar="FILE", type=Path)

    def act(self, **options: Any) -> None:
        """Write the files, then show the counts."""
        run = ImportRun.objects.filter(pk=options["run"]).first()
        if run is None:
            sentence = (
                f"There is no run {options['run']}. The numbers are in the import "
                "history."
            )
            raise CommandError(sentence)
        if (newer := again(run).newer) and run.is_repeat and not run.results.exists():
            sentence = (
                f"The rows of {run} are no longer kept: it was planned again with "
                f"newer decisions. Ask for run {newer.pk} instead."
            )
            raise CommandError(sentence)
        paths = {kind: options[kind] for kind in ("json", "csv", "xlsx")}
        for path in filter(None, paths.values()):
            check_writable(path)
        _write(run, paths)
        self._show(run)

    def _show(self, run: ImportRun) -> None:
        self.stdout.write(f"{run}: {summary(run)}")
        groups = run.results.order_by().values("outcome", "state", "level")
        for group in groups.annotate(rows=Count("pk")).order_by(
            "outcome", "state", "level"
        ):
            self.stdout.write(
                f"{group['outcome']:12} {group['state']:10} {group['level']:8} "
                f"{group['rows']:>8,}"
            )


def _write(run: ImportRun, paths: dict[str, Path | None]) -> None:
    results = run.results.all()
    if (path := paths["json"]) is not None:
        with open_for_writing(path) as file:
            write_json(run, results, file)
    if (path := paths["csv"]) is not None:
        with open_for_writing(path) as file:
            file.writelines(csv_lines(results))
    if (path := paths["xlsx"]) is not None:
        # Elsewhere first: a workbook that can't be finished leaves no half of itself.
        with writing(path), TemporaryDirectory() as folder:
            whole = Path(folder) / "results.xlsx"
            write_xlsx(results, whole)
            copyfile(whole, path)
