"""Take the last applied import back, or show what that would do."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone
from rich.console import Console

from schools.audit import COMMAND_LINE
from schools.commands import DistrictCommand
from staffimport import sweeping, tasks
from staffimport.errors import StaffImportError
from staffimport.foreground import follow
from staffimport.models import ImportRun
from staffimport.services.cancel import cancel_run
from staffimport.services.undo import UndoPreview, preview_undo, start_undo
from staffimport.terminal import ProgressView
from staffimport.wording import counted

Kind = ImportRun.Kind


class Command(DistrictCommand):
    """`undo_import SLUG RUN [--preview]`."""

    help = (
        "Take back the last import that changed accounts, here and now. Exit code 0: "
        "done; 1: failed, with a sentence on stderr; 2: wrong use."
    )
    failures = (*DistrictCommand.failures, StaffImportError)

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the run, and whether to show only what would happen."""
        super().add_arguments(parser)
        parser.add_argument("run", metavar="RUN", type=int, help="the run's number")
        parser.add_argument(
            "--preview", action="store_true", help="change nothing, say what would"
        )

    def act(self, **options: Any) -> None:
        """Show the preview, then undo the run unless only that was asked for."""
        district = self.district(options["slug"])
        run = district.import_runs.filter(pk=options["run"]).first()
        if run is None:
            sentence = f"{district} has no run {options['run']}."
            raise CommandError(sentence)
        sweeping.sweep(timezone.now(), district)  # a dead program's run is in the way
        self._show(preview_undo(run))
        if options["preview"]:
            self.stdout.write("Nothing was changed: this is a preview.")
            return
        asked = start_undo(run, COMMAND_LINE, send=False)
        try:
            with ProgressView(asked, Console()) as view:
                ended = follow(asked, view)
        except KeyboardInterrupt:
            cancel_run(asked, COMMAND_LINE)
            sentence = f"{asked} is cancelled. Nothing was changed in any account."
            raise CommandError(sentence) from None
        finally:
            tasks.send_next(run.district_id)
        self._tell(ended)

    def _show(self, preview: UndoPreview) -> None:
        self.stdout.write(f"Undoing {preview.run}:")
        for count, words in (
            (preview.restored, "values as before the import"),
            (preview.untied, "tied to Clever as before, or not at all"),
            (preview.removed, "created and never used: removed"),
            (preview.archived, "created and used since, or brought back: archived"),
            (preview.reactivated, "archived: active again"),
        ):
            self.stdout.write(f"  {counted(count, 'account')}: {words}")
        for left in preview.left:
            self.stdout.write(f"Left: {left.name} ({left.account_id}). {left.reason}")
        if preview.invitations:
            links = counted(preview.invitations, "invitation")
            self.stdout.write(f"{links} already e-mailed will lead nowhere.")
        if preview.unlocks_matches:
            matches = counted(preview.unlocks_matches, "school match", "school matches")
            self.stdout.write(f"{matches} can be edited again.")
        self.stdout.write(
            "The periodic sync pauses until it is resumed or a new final import."
        )

    def _tell(self, run: ImportRun) -> None:
        if run.state != ImportRun.State.SUCCEEDED:
            raise CommandError(run.error)
        self.stdout.write(f"{run} is done: {run.base_run} is taken back.")
