"""The manual's lines word for word, each with the checks that belong to it.

Source: manual, "Prepare Staff Data in Clever", "Prepare and Import Data", and the
sentences of "Match Naviance Schools to Clever Schools", "Run a Test Staff Import" and
"Import Staff Data" that have to be settled before a test import as well.
"""

from staffimport.core.readiness.checks import NAVIANCE, Check, Line, Part
from staffimport.core.readiness.prepare_clever import PREPARE_CLEVER
from staffimport.core.readiness.prepare_import import PREPARE_IMPORT

_ALSO = Part(
    "also",
    "Also in the manual",
    (
        Line(
            "Match all schools upfront, even if your district will only use the "
            "service with a few schools.",
            (
                Check(
                    "clever_schools_unmatched",
                    "Clever schools without a match",
                    "Nobody there is imported.",
                    "Click Select Match on Match Schools.",
                    NAVIANCE,
                    of="school",
                ),
                Check(
                    "at_unmatched_schools",
                    "Staff at schools without a match",
                    "They get no account there.",
                    "Match the school on Match Schools.",
                    NAVIANCE,
                ),
                Check(
                    "naviance_schools_unmatched",
                    "Naviance schools without a match",
                    "Their accounts are left as they are.",
                    "Log in to your Clever Dashboard to review your schools. Contact "
                    "Clever to add more schools to your Clever subscription.",
                    of="school",
                ),
                Check(
                    "matched_not_shared",
                    "Matched schools that Clever no longer shares",
                    "Nobody there can be kept in step.",
                    "In the Clever Dashboard, share the school with Naviance again.",
                    of="school",
                ),
            ),
        ),
        Line(
            "If not setting up Clever SSO, an email will be automatically sent to "
            "staff when their account is created, so they can set up their Naviance "
            "ID.",
            (
                Check(
                    "sso_unanswered",
                    "Uses Clever SSO",
                    "Start Import waits for the answer: it decides who is e-mailed.",
                    "Answer it on the Staff Import Settings page.",
                    NAVIANCE,
                ),
            ),
        ),
        Line(
            "Naviance recommends creating a district zone called No Schools Zone in "
            "Naviance to use as a default. This ensures that when creating new "
            "district staff on the Staff Import Settings, all district staff added "
            "will have restricted access, as opposed to the default of unrestricted.",
            (
                Check(
                    "zone_unrestricted",
                    "Default zone of new district staff",
                    "Without a default zone new district staff see every school.",
                    "Choose No Schools Zone on the Staff Import Settings page.",
                    NAVIANCE,
                ),
            ),
        ),
    ),
)

PARTS = (PREPARE_CLEVER, PREPARE_IMPORT, _ALSO)
_BY_CODE = {
    check.code: check for part in PARTS for line in part.lines for check in line.checks
}


def find_check(code: str) -> Check | None:
    """Return the check of a code, None if there is none."""
    return _BY_CODE.get(code)
