"""Give an existing district account access to the console."""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.urls import reverse

from accounts.invitation_links import link_of
from accounts.invitation_mail import issue_token, send_one
from accounts.models import Invitation
from accounts.services.inviting import invite_to_console
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
        invitation = invite_to_console(district, options["email"], COMMAND_LINE)
        if invitation is None:
            address = f"{settings.SITE_URL}{reverse(settings.LOGIN_URL)}"
            self.stdout.write(f"There is a Naviance ID already: sign in at {address}")
        elif options["print_link"]:
            self.stdout.write(link_of(issue_token(invitation)))
        else:
            self._mail(invitation)

    def _mail(self, invitation: Invitation) -> None:
        sent = send_one(invitation)
        if sent.state != Invitation.State.SENT:
            sentence = (
                f"No mail went to {sent.email}. {sent.problem} Check EMAIL_URL, or "
                "invite again with --print-link and pass the link on."
            )
            raise CommandError(sentence)
        self.stdout.write(f"A mail with the link went to {sent.email}.")
