"""Take on a district: check its Clever token, then create it with its defaults."""

import sys
from typing import Any

from django.core.management.base import CommandError, CommandParser

from accounts.services.roles import create_built_in_roles
from schools.audit import COMMAND_LINE
from schools.commands import DistrictCommand, read_file
from schools.services.districts import create_district
from staffimport.store.settings import make_settings


class Command(DistrictCommand):
    """`create_district SLUG --name N --clever-district-id ID --clever-token-file …`."""

    help = (
        "Create a district. Clever is asked whose token it is first; nothing is "
        "created if it is not this district's."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what is known of the district."""
        super().add_arguments(parser)
        parser.add_argument("--name", required=True, help="name, as pages show it")
        parser.add_argument("--nces-id", default="", metavar="ID")
        parser.add_argument("--clever-district-id", required=True, metavar="ID")
        parser.add_argument(
            "--clever-token-file",
            required=True,
            metavar="FILE",
            help="file with the district's Clever access token; - reads stdin",
        )
        parser.add_argument(
            "--activate",
            action="store_true",
            help="activate it now; its launch date is in 28 days",
        )

        parser.add_argument(
            "--confirmed-with",
            default="",
            metavar="WHO",
            help="who in the district confirmed that it has a Clever account and a "
            "Naviance for Districts subscription; with --activate",
        )

    def act(self, **options: Any) -> None:
        """Create the district and say where it stands."""
        if options["confirmed_with"] and not options["activate"]:
            sentence = "--confirmed-with goes with --activate. Give both, or neither."
            raise CommandError(sentence, returncode=2)
        district = create_district(
            slug=options["slug"],
            name=options["name"],
            clever_id=options["clever_district_id"],
            token=_token(options["clever_token_file"]),
            actor=COMMAND_LINE,
            nces_id=options["nces_id"],
            activate=options["activate"],
            confirmed_with=options["confirmed_with"],
        )
        create_built_in_roles(district)
        make_settings(district)
        launch = (
            f", launch date {district.launch_date:%Y-%m-%d}"
            if district.launch_date
            else ""
        )
        self.stdout.write(
            f"Created {district} ({district.slug}): "
            f"{district.state.label.lower()}{launch}."
        )


def _token(path: str) -> str:
    """Return what the file, or stdin for "-", holds; only its text is the token."""
    content = sys.stdin.buffer.read() if path == "-" else read_file(path)
    return content.decode("utf-8-sig", errors="replace").strip()
