"""Load a district's import settings from a settings file."""

from typing import Any

from django.core.management.base import CommandParser

from schools.audit import COMMAND_LINE
from schools.commands import DistrictCommand, read_file
from staffimport.services.import_settings import save_settings
from staffimport.settings.file import parse


class Command(DistrictCommand):
    """`load_import_settings SLUG FILE.json`."""

    help = (
        "Load import settings from a JSON file. A missing key gets its default; "
        "dump_import_settings writes a file to start from."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file."""
        super().add_arguments(parser)
        parser.add_argument("file", metavar="FILE.json", help="UTF-8")

    def act(self, **options: Any) -> None:
        """Load the file and say what changed."""
        district = self.district(options["slug"])
        saved = save_settings(district, parse(read_file(options["file"])), COMMAND_LINE)
        if saved.created:
            self.stdout.write(f"Created: {', '.join(saved.created)}.")
        for sentence in saved.told:
            self.stdout.write(sentence)
        changed = ", ".join(saved.changes) or "nothing"
        self.stdout.write(f"{district}: {changed} changed.")
