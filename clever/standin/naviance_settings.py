"""The import settings a district would start from, and the roles they lead to."""

import re
from dataclasses import replace

from clever.standin.naviance_accounts import Account
from clever.standin.wire import Record

SITE_MANAGER = "District Site Manager"
NOT_IN_CLEVER = "Not in Clever"
NO_SCHOOLS_ZONE = "No Schools Zone"

# Keyword, where it applies, job function, user role, teacher list, counselor list.
KEYWORDS = (
    ("counselor", "school", "Counselor", "Counselor", False, True),
    ("registrar", "school", "Registrar", "Registrar", False, False),
    (
        "assistant principal",
        "school",
        "Administrator",
        "School Administrator",
        False,
        False,
    ),
    ("principal", "school", "Administrator", "School Site Manager", False, False),
    ("librarian", "school", "Librarian", "Other School Staff", False, False),
    ("teacher", "school", "Teacher", "Teacher", True, False),
    ("psychologist", "school", "Specialist", "Other School Staff", False, False),
    ("paraeducator", "school", "Paraprofessional", "Other School Staff", False, False),
    (
        "superintendent",
        "district",
        "Administrator",
        "District Administrator",
        False,
        False,
    ),
    ("director", "district", "Administrator", "District Reports", False, False),
)


def import_settings() -> Record:
    """Return settings.json: keywords, defaults, protected roles, scope and sign-in."""
    return {
        "keywords": [
            {
                "keyword": keyword,
                "applies_to": applies_to,
                "job_function": job_function,
                "user_role": user_role,
                "teacher_list": teacher_list,
                "counselor_list": counselor_list,
            }
            for (
                keyword,
                applies_to,
                job_function,
                user_role,
                teacher_list,
                counselor_list,
            ) in KEYWORDS
        ],
        "school_default": {
            "job_function": "Other",
            "user_role": "Other School Staff",
            "teacher_list": False,
            "counselor_list": False,
        },
        "district_default": {
            "job_function": "Other",
            "user_role": "Other District Staff",
            "teacher_list": False,
            "counselor_list": False,
            "zone": NO_SCHOOLS_ZONE,
        },
        "protected_roles": [SITE_MANAGER, NOT_IN_CLEVER],
        "schools": "all",
        "teacher_fallback": True,
        "uses_sso": True,
    }


def with_role(account: Account) -> Account:
    """Return the account with the role, function and lists that fit its title.

    A role that the account has already stays. At the district site managers alone
    have full access.
    """
    is_open = bool(account.school_id) or account.user_role == SITE_MANAGER
    zoned = replace(account, zone="" if is_open else NO_SCHOOLS_ZONE)
    if account.user_role:
        return zoned
    for keyword, applies_to, function, role, teaches, counsels in KEYWORDS:
        fits = applies_to in ("both", account.level)
        if fits and re.search(rf"\b{keyword}\b", account.job_title, re.IGNORECASE):
            return replace(
                zoned,
                job_function=function,
                user_role=role,
                teacher_list="yes" if teaches else "no",
                counselor_list="yes" if counsels else "no",
            )
    role = "Other School Staff" if account.school_id else "Other District Staff"
    return replace(zoned, user_role=role)
