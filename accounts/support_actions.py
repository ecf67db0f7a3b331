"""Support's actions on a district's accounts."""

from accounts.services.invitations import send_all_again
from schools.audit import Actor
from schools.errors import RefusedError
from schools.models import District
from schools.support_actions import Given, SupportAction


def _resend(district: District, actor: Actor, given: Given) -> str:
    done = send_all_again(district, "expired", actor, str(given["why"]).strip())
    refused = " ".join(sorted(set(done.refused.values())))
    if not done.number:
        why = refused or "No invitation of it has expired unused."
        sentence = f"{district}: no invitation is sent again. {why}"
        raise RefusedError(sentence)
    people = "1 person is" if done.number == 1 else f"{done.number:,} people are"
    left = f" {len(done.refused):,} not sent: {refused}" if refused else ""
    return f"{district}: {people} e-mailed a new link now.{left}"


def _invites(district: District) -> bool:
    return district.uses_sso is False and district.disconnected_at is None


ACCOUNT_ACTIONS = (
    SupportAction(
        "resend-invitations",
        "Resend invitations",
        "Everybody whose invitation has expired unused is e-mailed a new link, good "
        "for 7 days.",
        "accounts.send_invitation",
        _invites,
        _resend,
    ),
)
