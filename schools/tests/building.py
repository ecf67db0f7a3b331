"""Builds schools of both sides, matches, and what the Match Schools page sends."""

from django.utils import timezone

from schools.models import CleverSchool, School, SchoolMatch


def our(district, name, nces_id="", **changes):
    return School.objects.create(
        district=district, school_id=name, name=name, nces_id=nces_id, **changes
    )


def their(district, name, nces_id="", **changes):
    return CleverSchool.objects.create(
        district=district, clever_id=f"c {name}", name=name, nces_id=nces_id, **changes
    )


def matched(clever_school, school, method="name", **changes):
    return SchoolMatch.objects.create(
        district=school.district,
        school=school,
        clever_school=clever_school,
        method=method,
        **changes,
    )


def lock(match):
    match.imported_at = timezone.now()
    match.save()


def press(client, verb, *numbers, edits=(), **fields):
    """Press a button of the page: its verb with the row and what is seen there."""
    deed = ":".join(str(part) for part in (verb, *numbers))
    return client.post(
        "/setup/match-schools/", {"do": deed, "edits": edits_text(edits), **fields}
    )


def edits_text(edits):
    """Write edits as the page carries them: Clever school, seen there, wanted."""
    return " ".join(":".join(str(pk) for pk in edit) for edit in edits)


def pairs(district):
    """Return who is matched with whom: Clever school's name to our school's."""
    matches = district.school_matches.select_related("school", "clever_school")
    return {match.clever_school.name: match.school.name for match in matches}
