"""The manual's list "Prepare Staff Data in Clever", with the checks of each line."""

from staffimport.core.readiness.checks import BOTH, NAVIANCE, Check, Line, Part

_FIELD_WHY = "NavSync gets only the fields that your district shares with it."
_FIELD_MEND = (
    "In the Clever Dashboard, open the Naviance application's data sharing and share "
    "the field; fill it in your SIS for those who lack it."
)

PREPARE_CLEVER = Part(
    "prepare-clever",
    "Prepare Staff Data in Clever",
    (
        Line(
            "Confirm the data in Naviance and Clever is aligned before starting the "
            "Clever staff integration process in Naviance.",
            (
                Check(
                    "conflicts",
                    "People whose account can’t be told",
                    "Several accounts fit one person, or several people one account. "
                    "An import leaves all of them as they are.",
                    "Correct the e-mail or employee ID that is wrong, or decide on the "
                    "results of a test import.",
                    BOTH,
                ),
                Check(
                    "near_misses",
                    "New people whom an account resembles",
                    "They share a name, e-mail or employee ID with an account, but not "
                    "what a match needs: they would get a second account, or wait for "
                    "your decision.",
                    "Make last name and e-mail (or employee ID) the same on both "
                    "sides.",
                    BOTH,
                ),
            ),
        ),
        Line(
            "Ensure school staff in Clever are assigned the Teacher or Staff user "
            "type.",
            (
                Check(
                    "school_staff_as_admin",
                    "School accounts found as District Admin only",
                    "Only the user types Teacher and Staff give an account at a "
                    "school; these accounts would become inactive.",
                    "Give these people the user type Staff, with their school.",
                ),
                Check(
                    "two_user_types",
                    "People with two user types",
                    "Each stays one person with one account at a school. Keywords are "
                    "tried on both titles, and both employee IDs are matched.",
                    "Check that both user types are meant; remove the one that is not.",
                ),
            ),
        ),
        Line(
            "Ensure all district staff in Clever are assigned the District Admins "
            "user type.",
            (
                Check(
                    "district_admins_shared",
                    "District Admins in Clever",
                    "Without them every district account would become inactive.",
                    "In the Clever Dashboard, share District Admins with Naviance.",
                ),
                Check(
                    "district_staff_other_type",
                    "District accounts found as Teacher or Staff only",
                    "A district account is kept for District Admins; these would "
                    "become inactive.",
                    "Give these people the user type District Admin.",
                ),
            ),
        ),
        Line(
            "Identify staff not shared with Clever and create a user role in Naviance "
            "specifically for them.",
            (
                Check(
                    "not_in_clever",
                    "Staff in Naviance missing in Clever",
                    "Nobody in Clever comes near, so an import would make these "
                    "accounts inactive.",
                    "Share them in Clever. For those who are never in Clever, give a "
                    "user role of their own and select it under Roles with staff in "
                    "Naviance but not in the Clever.",
                    BOTH,
                    of="account",
                ),
                Check(
                    "kept_without_clever",
                    "Accounts kept although nobody in Clever has them",
                    "Their role is protected, or somebody decided to leave them alone.",
                    "Nothing, if that is meant.",
                    NAVIANCE,
                    of="account",
                ),
            ),
        ),
        Line(
            "Check Clever settings to confirm that teachers are shared by schools.",
            (
                Check(
                    "teachers_shared",
                    "Teachers at no school",
                    "A teacher whom neither a section nor a school names gets no "
                    "account.",
                    "In the Clever Dashboard, share teachers by schools, and add these "
                    "to a section or a school.",
                ),
                Check(
                    "teacher_fallback",
                    "Teachers in no section, placed by their school",
                    "Sections say where teachers work. For those in none an import "
                    "setting takes the schools of their teacher record.",
                    "Add them to sections, or set on the Staff Import Settings page "
                    "whether the schools of the teacher record count.",
                ),
            ),
        ),
        Line(
            "Check the staff data fields available to Naviance via Clever's API.",
            (
                Check("field_title", "Title", _FIELD_WHY, _FIELD_MEND),
                Check("field_email", "E-mail", _FIELD_WHY, _FIELD_MEND),
                Check(
                    "field_employee_id",
                    "Employee ID of teachers and staff",
                    _FIELD_WHY,
                    _FIELD_MEND,
                ),
                Check("field_first_name", "First name", _FIELD_WHY, _FIELD_MEND),
            ),
        ),
        Line(
            "Verify that staff in Clever have assigned titles, so the Naviance user "
            "role and function is set correctly. Enter titles in Clever for staff "
            "without them assigned.",
            (
                Check(
                    "no_title",
                    "Staff without a title",
                    "No keyword can fit them, so a new account gets the default role.",
                    "Enter their titles.",
                ),
            ),
        ),
        Line(
            "Create title to role mapping by identifying the titles and associated "
            "keywords that correspond with each user role in Naviance.",
            (
                Check(
                    "titles_without_keyword",
                    "Titles that no keyword fits",
                    "New accounts with such a title get the default role.",
                    "Click Add New on the Staff Import Settings page and enter a "
                    "keyword for them.",
                    NAVIANCE,
                    of="title",
                ),
            ),
        ),
        Line(
            "Add any staff with the Teacher user type to Sections if they should have "
            "access to multiple schools in Naviance. Staff with the Staff user type "
            "must be added to sections manually if access at multiple schools is "
            "needed.",
            (
                Check(
                    "teachers_without_section",
                    "Teachers in no section",
                    "Sections say at which schools a teacher gets an account.",
                    "Add them to the sections they teach.",
                ),
                Check(
                    "unsectioned_schools",
                    "Teachers with a school where they have no section",
                    "They have sections elsewhere, and get accounts only there.",
                    "Add them to a section at each school they need access to.",
                ),
            ),
        ),
    ),
)
