"""Sets the stage: the demo district in Naviance, and people who may sign in."""

import io
import secrets
from dataclasses import dataclass
from pathlib import Path

from django.core.management import call_command
from django.db.models import Count

from accounts.invitation_mail import issue_token
from accounts.models import StaffAccount, User
from accounts.services.acceptance import add_accounts, set_up
from accounts.services.inviting import invite_to_console
from schools.audit import Actor
from schools.erasing import erase
from schools.models import District
from schools.services.lifecycle import launch_district, mark_materials_reviewed

ACTOR = Actor("Demo")
SLUG = "cedar-ridge"
NAME = "Cedar Ridge Unified School District"
ADMIN_EMAIL = "dana.whitfield@cedarridge.example"
SUPPORT_EMAIL = "support@navsync.example"


@dataclass(frozen=True, slots=True)
class SignIn:
    """Somebody who can sign in to the demo."""

    email: str
    password: str


def set_up_district(files: Path, clever_id: str, token: str) -> District:
    """Make the demo district anew from the CSV files; one of an earlier demo goes.

    `files` holds schools.csv, staff.csv and settings.json; the district is connected
    to the Clever district `clever_id`.
    """
    erase(District.objects.filter(slug=SLUG))
    token_file = files / "token"
    token_file.write_text(token, encoding="utf-8")
    quiet = io.StringIO()
    call_command(
        "create_district",
        SLUG,
        name=NAME,
        clever_district_id=clever_id,
        clever_token_file=str(token_file),
        activate=True,
        confirmed_with="Dana Whitfield",
        stdout=quiet,
    )
    token_file.unlink()
    call_command("load_schools", SLUG, str(files / "schools.csv"), stdout=quiet)
    call_command("load_staff", SLUG, str(files / "staff.csv"), stdout=quiet)
    call_command(
        "load_import_settings", SLUG, str(files / "settings.json"), stdout=quiet
    )
    call_command("match_schools", SLUG, stdout=quiet)
    return District.objects.get(slug=SLUG)


def let_admin_in(district: District) -> SignIn:
    """Give the district's admin console access with a new password."""
    invitation = invite_to_console(district, ADMIN_EMAIL, ACTOR)
    if invitation is None:
        msg = f"{ADMIN_EMAIL} can't be invited: the account is new and has an identity."
        raise LookupError(msg)
    token = issue_token(invitation)
    known = User.objects.filter(email=ADMIN_EMAIL).first()  # from an earlier demo
    if known is None:
        return _with_password(set_up(token, secrets.token_urlsafe(9), None))
    add_accounts(token, known, None)
    return _with_password(known)


def let_support_in() -> SignIn:
    """Give Naviance Support a sign-in to the Django admin with a new password."""
    user, _ = User.objects.get_or_create(
        email=SUPPORT_EMAIL, defaults={"first_name": "Naviance", "last_name": "Support"}
    )
    user.is_staff = user.is_superuser = True
    return _with_password(user)


def open_clever_sign_in(district: District) -> str:
    """Launch the district; return the name of somebody with accounts at two schools."""
    district.refresh_from_db()
    why = "The demo shows a launched district."
    mark_materials_reviewed(district, ACTOR, why)
    launch_district(district, ACTOR, why)
    tied = district.staff_accounts.filter(
        status=StaffAccount.Status.ACTIVE, school__isnull=False
    ).exclude(clever_id="")
    at_two = (
        tied.order_by()
        .values("clever_id")
        .annotate(places=Count("pk"))
        .filter(places=2)
        .values("clever_id")
    )
    somebody = tied.filter(clever_id__in=at_two).order_by("clever_id")[0]
    return f"{somebody.first_name} {somebody.last_name}"


def _with_password(user: User) -> SignIn:
    password = secrets.token_urlsafe(9)
    user.set_password(password)
    user.save()
    return SignIn(user.email or "", password)
