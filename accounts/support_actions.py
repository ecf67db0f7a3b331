"""Support's actions on a district's accounts."""

from django import forms

from accounts.invitation_mail import send_one
from accounts.models import Invitation
from accounts.services.invitations import in_state, send_all_again
from accounts.services.inviting import invite_to_console
from schools import refusals
from schools.audit import Actor
from schools.errors import RefusedError
from schools.models import District
from schools.support_actions import Given, SupportAction
from schools.support_forms import ReasonForm


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


class InviteForm(ReasonForm):
    """Asks which admin is invited."""

    email = forms.CharField(
        max_length=320,
        label="E-mail",
        help_text="That of an active district account whose role may manage the data "
        "import, without a zone.",
    )
    field_order = ["email", "why"]


def _invite(district: District, actor: Actor, given: Given) -> str:
    email, why = str(given["email"]).strip(), str(given["why"]).strip()
    invitation = invite_to_console(district, email, actor, why)
    if invitation is None:
        sentence = f"{email} has a Naviance ID with a password: it opens the console."
        raise RefusedError(sentence)
    sent = send_one(invitation)
    if sent.state != Invitation.State.SENT:
        sentence = f"No mail went to {sent.email}. {sent.problem}"
        raise RefusedError(sentence)
    return f"A link to set up a Naviance ID went to {sent.email}."


def _no_admins(district: District) -> list[str]:
    if district.activated_at or district.disconnected_at:
        return []
    return [f"{district} is not activated yet. Activate it first."]


def _no_expired_ones(district: District) -> list[str]:
    if why := refusals.disconnected(district):
        return why
    if district.uses_sso is not False:
        return [f"{district} has not said that its staff sign in by e-mail."]
    if in_state(district, "expired").exists():
        return []
    return [f"No invitation of {district} has expired unused."]


ACCOUNT_ACTIONS = (
    SupportAction(
        "invite-admin",
        "Invite an admin",
        "Somebody who may manage the data import is e-mailed a link to set up a "
        "Naviance ID with a password, also where staff sign in with Clever, and after "
        "the district was disconnected.",
        "accounts.send_invitation",
        _no_admins,
        _invite,
        InviteForm,
        is_for_one=True,
    ),
    SupportAction(
        "resend-invitations",
        "Resend invitations",
        "Everybody whose invitation has expired unused is e-mailed a new link, good "
        "for 7 days.",
        "accounts.send_invitation",
        _no_expired_ones,
        _resend,
    ),
)
