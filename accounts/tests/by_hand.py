"""Makes the accounts that somebody edits by hand in these tests."""

from accounts.models import StaffAccount
from accounts.searching import search_text
from accounts.staff_rows import TEXTS
from accounts.staff_values import FIELDS, Values

MANAGER = "District Site Manager"
JORDAN = {"first_name": "Jordan", "last_name": "Lee", "email": "jlee@maple.example"}


def make(district, school=None, role="", **fields):
    fields = {**JORDAN, **fields}
    made = StaffAccount.objects.create(
        district=district,
        school=school,
        user_role=district.user_roles.get(name=role) if role else None,
        search_text=search_text(*(fields.get(name, "") for name in TEXTS)),
        **fields,
    )
    return fresh(made)


def fresh(account):
    related = ("district", "school", "user_role", "job_function", "zone", "user")
    return StaffAccount.objects.select_related(*related).get(pk=account.pk)


def values(account=None, **changes):
    known = {name: getattr(account, name) for name in FIELDS} if account else {}
    blank = dict.fromkeys(TEXTS, "")
    return Values(**{**blank, **(known or JORDAN), **changes})


def last_entry(district):
    entry = district.audit_entries.first()
    return entry.actor_name, entry.verb, entry.about, entry.changes
