"""Builds schools of both sides and matches; what Match Schools sends and shows."""

import re

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


def text_of(answer):
    """What a page says: without tags, white space as one blank."""
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", text)


def names_in_order(answer):
    """The page's rows: the name of the Clever school, else of ours."""
    return [
        (row.clever_school or row.school).name
        for _section, rows in answer.context["sections"]
        for row in rows
    ]


def edits_of(answer):
    return [
        (edit.clever_school, edit.base, edit.wanted)
        for edit in answer.context["state"].edits.values()
    ]
