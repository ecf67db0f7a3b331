"""The cast of the page tests: a district, its admin signed in, runs with rows."""

import uuid
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from accounts.models import Right, StaffAccount, User, UserRole
from accounts.searching import search_text
from accounts.staff_rows import TEXTS
from schools.clock import day_in
from schools.models import CleverSchool, District, School, SchoolMatch
from staffimport.models import ImportResult, ImportRun
from staffimport.store import load

PASSWORD = "correct horse battery"


def make_district(slug, **changes):
    fields = {
        "name": f"{slug.capitalize()} Unified",
        "activated_at": timezone.now() - timedelta(days=5),
        "setup_begun_at": timezone.now() - timedelta(days=4),
        "clever_id": f"clever-{slug}",
        "clever_token": f"token-{slug}",
        "uses_sso": True,
    }
    return District.objects.create(slug=slug, **{**fields, **changes})


def day(number):
    """The day so many days from today, in a district made here."""
    return day_in(District(), timezone.now()) + timedelta(days=number)


def make_admin(district, *, rights=(Right.MANAGE_DATA_IMPORT,)):
    """Make a person with a district account whose role has the rights."""
    email = f"dana@{district.slug}.example"
    user = User.objects.create_user(
        email, PASSWORD, first_name="Dana", last_name="Whitfield"
    )
    role, _created = UserRole.objects.update_or_create(
        district=district,
        name="District Site Manager",
        defaults={"rights": list(rights)},
    )
    name = {"first_name": "Dana", "last_name": "Whitfield"}
    make_account(district, user=user, user_role=role, email=email, **name)
    return user


def signed_in(user):
    client = Client()
    client.force_login(
        user, backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return client


def make_school(district, name="Lincoln High School"):
    return School.objects.create(district=district, school_id=name, name=name)


def make_account(place, **changes):
    """Make an account at a school or at a district: Jordan Lee unless it differs."""
    at_school = isinstance(place, School)
    fields = {
        "district": place.district if at_school else place,
        "school": place if at_school else None,
        "first_name": "Jordan",
        "last_name": "Lee",
        "email": "jlee@oak.example",
        **changes,
    }
    text = search_text(*(fields.get(name, "") for name in TEXTS))
    made = StaffAccount.objects.create(search_text=text, **fields)
    made.refresh_from_db()
    return made


def make_match(school):
    clever_school = CleverSchool.objects.create(
        district=school.district, clever_id=f"clever-{school.pk}", name=school.name
    )
    return SchoolMatch.objects.create(
        district=school.district,
        school=school,
        clever_school=clever_school,
        method=SchoolMatch.Method.NAME,
        matched_at=timezone.now() - timedelta(days=1),
    )


def make_run(district, kind="test", state="succeeded", **changes):
    """Make a run that began an hour ago; a succeeded test fits today's settings."""
    began = timezone.now() - timedelta(hours=1)
    fields = {
        "requested_by_name": "Dana Whitfield",
        "requested_at": began,
        "started_at": began,
        "pulled_at": began,
        "finished_at": None if state in ("queued", "running") else timezone.now(),
        "settings_fingerprint": load.fingerprint(district),
    }
    return ImportRun.objects.create(
        district=district, kind=kind, state=state, **{**fields, **changes}
    )


def make_rows(run, *rows):
    """Store rows given as dicts in their order, and count them on the run.

    What a row doesn't say is that of a matched person to whom nothing happens.
    """
    made = ImportResult.objects.bulk_create(
        ImportResult(**_row(run, position, row)) for position, row in enumerate(rows)
    )
    counts = {"rows": len(made)}
    for row in made:
        names = {row.outcome, "held" if row.state == "held" else row.outcome}
        for name in names:
            counts[name] = counts.get(name, 0) + 1
    run.counts = counts
    if any(row.writes and row.state == "applied" for row in made):
        run.changed_at = run.applied_at
    run.save(update_fields=["counts", "changed_at"])
    return list(run.results.order_by("position"))


def _row(run, position, changes):
    fields = {
        "run": run,
        "position": position,
        "outcome": "matched",
        "state": "planned",
        "level": "school",
        "clever_id": f"c{position:05}",
        "account_id": uuid.uuid4(),
        "first_name": "Jordan",
        "last_name": f"Lee{position:05}",
        "reason": "Nothing changes.",
        "reason_code": "no_change",
        "matched_by": "email",
        **changes,
    }
    text = search_text(*(fields.get(name, "") for name in TEXTS))
    return {"search_text": text, **fields}
