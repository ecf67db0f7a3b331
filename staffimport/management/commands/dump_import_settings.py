"""Write a district's import settings as a settings file."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from schools.commands import DistrictCommand
from schools.files import open_for_writing
from staffimport.services.import_settings import current_settings
from staffimport.settings.file import encode


class Command(DistrictCommand):
    """`dump_import_settings SLUG [FILE]`."""

    help = "Write import settings as JSON that load_import_settings takes back."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file to write."""
        super().add_arguments(parser)
        parser.add_argument(
            "file", metavar="FILE", nargs="?", type=Path, help="default: stdout"
        )

    def act(self, **options: Any) -> None:
        """Write the settings."""
        text = encode(current_settings(self.district(options["slug"])))
        if options["file"]:
            with open_for_writing(options["file"]) as file:
                file.write(text)
        else:
            self.stdout.write(text, ending="")
