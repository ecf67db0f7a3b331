"""Deeds about accounts, roles, zones, invitations, and support's visits."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import ConsoleVisit, Invitation, User, UserRole
from accounts.services import (
    invitations,
    inviting,
    launch,
    leaving,
    loading,
    role_edits,
    role_rights,
    staff,
    staff_adding,
    staff_status,
    visits,
    zone_edits,
)
from accounts.staff_values import FIELDS, Pin, Values
from schools.models import District
from staffimport.services import roles, zones
from staffimport.services import staff as imported_staff
from tests.audit.world import WHY, Deed, World

NOTHING = role_rights.RoleSetting(frozenset())
NORTH = zone_edits.ZoneSetting("North")
SOUTH = zone_edits.ZoneSetting("South")


def values(w: World, **changes: object) -> Values:
    """The values of Lee's account, but for some."""
    known = {name: getattr(w.lee, name) for name in FIELDS}
    return Values(**{**known, **changes})


def role(w: World) -> UserRole:
    """A role of the district's own."""
    return UserRole.objects.create(district=w.oak, name="Dean", level="both", rights=[])


def sent(w: World) -> Invitation:
    """An invitation that was sent and has expired."""
    return Invitation.objects.create(
        district=w.oak,
        account=w.lee,
        person="lee",
        email=w.lee.email,
        state=Invitation.State.SENT,
        sent_at=timezone.now() - timedelta(days=9),
        expires_at=timezone.now() - timedelta(days=2),
    )


def send_again(w: World) -> Deed:
    """Send one invitation again."""
    ids = [sent(w).pk]
    return lambda: invitations.send_again(w.oak, ids, w.dana)


def send_all_again(w: World) -> Deed:
    """Send all expired ones again."""
    sent(w)
    return lambda: invitations.send_all_again(w.oak, "expired", w.dana)


def invite(w: World) -> Deed:
    """Invite somebody to the console."""
    User.objects.filter(email="dana@oak.example").update(password="!")
    return lambda: inviting.invite_to_console(w.oak, "dana@oak.example", w.dana)


def invite_lee(w: World) -> Deed:
    """Invite one person by hand."""
    District.objects.filter(pk=w.oak.pk).update(uses_sso=False)
    w.oak.refresh_from_db()
    w.lee.refresh_from_db()
    return lambda: inviting.invite_by_hand(w.lee, w.dana)


def take_lee_out(w: World) -> Deed:
    """Take an account out of a Naviance ID."""
    w.lee.user = User.objects.create_user("lee@home.example", "a password")
    w.lee.save(update_fields=["user"])
    return lambda: inviting.take_out_of_identity(w.lee, WHY, w.dana)


def load(w: World) -> Deed:
    """Load an account from a file."""
    file = (
        "level,school_id,first_name,middle_name,last_name,job_title,email,employee_id,"
        "job_function,user_role,teacher_list,counselor_list,zone,status\n"
        "district,,Ann,,Bell,,ann@oak.example,,,,no,no,,active\n"
    )
    return lambda: loading.load_staff(w.oak, file.encode(), w.dana)


def change_roles(w: World) -> Deed:
    """Give a role a right."""
    made = role(w)
    wanted = role_rights.RoleSetting(frozenset(["view_reports"]))
    edits = {made.pk: role_rights.RoleEdit(NOTHING, wanted)}
    return lambda: role_rights.change_roles(w.oak, edits, w.dana)


def reset_rights(w: World) -> Deed:
    """Give a built-in role what it came with."""
    made = UserRole.objects.create(
        district=w.oak, name="Counselor (D)", is_built_in=True, rights=[]
    )
    return lambda: role_rights.reset_rights(made, w.dana)


def rename_role(w: World) -> Deed:
    """Give a role another name."""
    made = role(w)
    return lambda: roles.rename_role(made, "Head", "both", ("Dean", "both"), w.dana)


def delete_role(w: World) -> Deed:
    """Delete a role that nothing uses."""
    made = role(w)
    return lambda: roles.delete_role(made, w.dana)


def change_zone(w: World) -> Deed:
    """Give a zone another name."""
    made = w.oak.zones.create(name="North")
    return lambda: zones.change_zone(made, SOUTH, NORTH, w.dana)


def delete_zone(w: World) -> Deed:
    """Delete a zone that nothing uses."""
    made = w.oak.zones.create(name="North")
    return lambda: zones.delete_zone(made, w.dana)


def edit(w: World) -> Deed:
    """Edit an account."""
    new = values(w, job_title="Dean")
    return lambda: staff.edit_account(w.lee, new, {"job_title": Pin.PINNED}, w.dana)


def edit_imported(w: World) -> Deed:
    """Edit an account that imports look at."""
    new = values(w, job_title="Dean")
    return lambda: imported_staff.edit(w.lee, new, {"job_title": Pin.PINNED}, w.dana)


def pinned(w: World) -> World:
    """Pin a field of Lee's account."""
    w.lee.pinned_fields = ["job_title"]
    w.lee.save()
    return w


def add(w: World) -> Deed:
    """Add an account by hand."""
    given = Values("Ann", "", "Bell", "", "", "")
    return lambda: staff_adding.add_account(w.oak, w.school, given, w.dana)


def inactive(w: World) -> World:
    """Make Lee's account inactive."""
    w.lee.status, w.lee.inactive_cause = "inactive", "manual"
    w.lee.save()
    return w


def reactivate(w: World) -> Deed:
    """Reactivate an account."""
    inactive(w)
    return lambda: staff_status.reactivate_account(w.lee, WHY, w.dana)


def reactivate_imported(w: World) -> Deed:
    """Reactivate an account and let imports have it."""
    inactive(w)
    return lambda: imported_staff.reactivate(w.lee, WHY, w.dana, leave_alone=False)


def unpin(w: World) -> Deed:
    """Let a field follow Clever."""
    pinned(w)
    return lambda: staff.unpin(w.lee, "job_title", w.dana)


def unpin_imported(w: World) -> Deed:
    """Let a field follow Clever, and see what Clever says."""
    pinned(w)
    return lambda: imported_staff.unpin(w.lee, "job_title", w.dana)


def visitor(w: World) -> User:
    """Dana, as somebody of support."""
    return User.objects.get(email="dana@oak.example")


def begin_visit(w: World) -> Deed:
    """Begin to look at a console."""
    return lambda: visits.begin_visit(w.oak, visitor(w), WHY, w.dana)


def end_visit(w: World) -> Deed:
    """End a look at a console."""
    visit = ConsoleVisit.objects.create(
        district=w.oak, visitor=visitor(w), ends_at=timezone.now()
    )
    return lambda: visits.end_visit(visit, ConsoleVisit.End.VISITOR, w.dana)


DEEDS = {
    invitations.send_again: send_again,
    invitations.send_all_again: send_all_again,
    inviting.invite_to_console: invite,
    inviting.invite_by_hand: invite_lee,
    inviting.take_out_of_identity: take_lee_out,
    launch.ask_for_launch_date: lambda w: (
        lambda: launch.ask_for_launch_date(w.oak, None, w.dana, WHY)
    ),
    leaving.ask_to_leave: lambda w: lambda: leaving.ask_to_leave(w.oak, w.dana, WHY),
    loading.load_staff: load,
    role_edits.create_role: lambda w: (
        lambda: role_edits.create_role(w.oak, "Dean", "both", NOTHING, w.dana)
    ),
    role_rights.change_roles: change_roles,
    role_rights.reset_rights: reset_rights,
    roles.rename_role: rename_role,
    roles.delete_role: delete_role,
    zone_edits.create_zone: lambda w: (
        lambda: zone_edits.create_zone(w.oak, NORTH, w.dana)
    ),
    zones.change_zone: change_zone,
    zones.delete_zone: delete_zone,
    staff.edit_account: edit,
    staff.unpin: unpin,
    staff_adding.add_account: add,
    staff_status.deactivate_account: lambda w: (
        lambda: staff_status.deactivate_account(w.lee, WHY, w.dana)
    ),
    staff_status.reactivate_account: reactivate,
    imported_staff.edit: edit_imported,
    imported_staff.unpin: unpin_imported,
    imported_staff.reactivate: reactivate_imported,
    visits.begin_visit: begin_visit,
    visits.end_visit: end_visit,
}
