"""Fills in the Import Staff Data form the way a browser sends it."""

import json

import msgspec

from staffimport.core.snapshot import RosterPerson, Snapshot
from staffimport.services.import_settings import current_settings
from staffimport.settings.draft import draft_of, settings_of
from staffimport.store import snapshots


def form_of(district, **changes):
    """What a browser would send of the saved settings; None takes a field out."""
    draft = draft_of(current_settings(district))
    base = settings_of(draft)
    sent = {
        "base": msgspec.json.encode(base).decode(),
        "row": [str(row.number) for row in draft.keywords],
        "zone": draft.zone,
        "protected": list(draft.protected_roles),
        "scope": "all" if draft.all_schools else "chosen",
        "school": list(draft.schools),
        "fallback": "on",
        "sso": draft.uses_sso,
        "removal-percent": draft.removal_percent,
        "removal-people": draft.removal_people,
        "update-percent": draft.update_percent,
        "do": "save",
    }
    for suffix, given in (("school", draft.school), ("district", draft.district)):
        sent |= _assigned(suffix, given)
    for row in draft.keywords:
        sent |= keyword(row.number, row.keyword, row.applies_to)
        sent |= _assigned(row.number, row.assignment)
    changed = {name.replace("_", "-"): value for name, value in changes.items()}
    gone = [name for name, value in changed.items() if value is None]
    sent |= changed
    return {name: value for name, value in sent.items() if name not in gone}


def keyword(number, text, applies_to="school", role="Teacher", function="Teacher"):
    """The fields of one row of the keyword table."""
    return {
        f"keyword-{number}": text,
        f"applies-{number}": applies_to,
        f"role-{number}": role,
        f"function-{number}": function,
    }


def _assigned(suffix, given):
    fields = {
        f"function-{suffix}": given.job_function,
        f"role-{suffix}": given.user_role,
    }
    ticks = {"teacher": given.teacher_list, "counselor": given.counselor_list}
    return fields | {f"{k}-{suffix}": "on" for k, ticked in ticks.items() if ticked}


def save_titles(district, match, *titles):
    """Store a pull with one teacher per title at the school of a match."""
    people = [
        RosterPerson(
            f"person-{number:03}",
            first="Ada",
            last=f"Lovelace{number}",
            is_teacher=True,
            teacher_title=title,
            teacher_schools=(match.clever_school.clever_id,),
        )
        for number, title in enumerate(titles)
    ]
    return snapshots.save(district, Snapshot(district.slug, people=people))


def settings_file(**changes):
    """The bytes of a settings file."""
    return json.dumps(changes).encode()
