"""Checks on the setup: schools without a match, Clever SSO, the default zone."""

from collections.abc import Callable

from staffimport.core.readiness.facts import Facts
from staffimport.core.readiness.values import (
    Concerned,
    Finding,
    Standing,
    counted,
    finding,
)
from staffimport.core.source import find_doubts


def clever_schools_unmatched(facts: Facts) -> Finding:
    """Find Clever schools that no Naviance school is matched to."""
    matched = {place.clever_id for place in facts.given.places if place.clever_id}
    schools = facts.given.snapshot.schools
    found = [
        Concerned(school.name, value=school.nces_id, clever_id=school.clever_id)
        for school in schools
        if school.clever_id not in matched
    ]
    text = f"{len(found):,} of {counted(len(schools), 'school')} that Clever shares."
    return finding("clever_schools_unmatched", found, text, Standing.MEND)


def naviance_schools_unmatched(facts: Facts) -> Finding:
    """Find Naviance schools that no Clever school is matched to."""
    places = facts.given.places
    found = [Concerned(place.name) for place in places if not place.clever_id]
    text = f"{len(found):,} of {counted(len(places), 'school')} in Naviance."
    return finding("naviance_schools_unmatched", found, text, Standing.LOOK)


def matched_not_shared(facts: Facts) -> Finding:
    """Find matched, included schools whose Clever school is no longer shared."""
    unshared = find_doubts(facts.given.snapshot, facts.given.places, None).unshared
    found = [Concerned(place.name, clever_id=place.clever_id) for place in unshared]
    text = f"{counted(len(found), 'matched school')} not in Clever’s list."
    return finding("matched_not_shared", found, text, Standing.MEND)


def sso_unanswered(facts: Facts) -> Finding:
    """Find whether the district has said if it uses Clever SSO."""
    words = {
        None: "Not answered yet.",
        True: "Yes: nobody is e-mailed.",
        False: "No: everybody who gets an account is e-mailed an invitation.",
    }
    standing = Standing.MEND if facts.uses_sso is None else Standing.OK
    return Finding("sso_unanswered", standing, words[facts.uses_sso])


def zone_unrestricted(facts: Facts) -> Finding:
    """Find whether new district staff get a zone that restricts them."""
    zone = facts.settings.district_zone
    if zone:
        return Finding("zone_unrestricted", Standing.OK, f"New ones get {zone}.")
    text = "No default zone: new district staff are unrestricted."
    return Finding("zone_unrestricted", Standing.LOOK, text)


FINDERS: dict[str, Callable[[Facts], Finding]] = {
    "clever_schools_unmatched": clever_schools_unmatched,
    "naviance_schools_unmatched": naviance_schools_unmatched,
    "matched_not_shared": matched_not_shared,
    "sso_unanswered": sso_unanswered,
    "zone_unrestricted": zone_unrestricted,
}
