"""Give an existing district account access to the console."""

from typing import Any

from django.core.management.base import CommandParser

from accounts.services.invitations import invite, send_access_mail
from schools.audit import COMMAND_LINE
from schools.commands import DistrictCommand


class Command(DistrictCommand):
    """`invite SLUG EMAIL [--print-link]`."""

    help = "Let the district account with this e-mail address into the console."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the address, and how its person gets the link."""
        super().add_arguments(parser)
        parser.add_argument("email", help="address of an active district-level account")
        parser.add_argument(
            "--print-link",
            action="store_true",
            help="print the link instead of e-mailing it; whoever has it can use it",
        )

    def act(self, **options: Any) -> None:
        """Invite, then mail the link or print it."""
        district = self.district(options["slug"])
        access = invite(district, options["email"], COMMAND_LINE)
        if options["print_link"]:
            self.stdout.write(access.link)
            return
        send_access_mail(access)
        self.stdout.write(f"A mail with the link went to {access.user.email}.")
