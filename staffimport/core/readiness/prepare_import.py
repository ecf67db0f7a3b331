"""The manual's list "Prepare and Import Data", with the checks of each line."""

from staffimport.core.readiness.checks import BOTH, NAVIANCE, Check, Line, Part

PREPARE_IMPORT = Part(
    "prepare-import",
    "Prepare and Import Data",
    (
        Line(
            "School staff are matched from Clever to Naviance using Last Name and "
            "Email Address or Employee ID.",
            (
                Check(
                    "no_last_name",
                    "People without a last name",
                    "They can be neither matched nor created.",
                    "Enter their last names.",
                ),
                Check(
                    "nothing_to_match",
                    "School staff with neither e-mail nor employee ID",
                    "They match no account, so they would get a new one.",
                    "Enter an e-mail address or an employee ID.",
                ),
                Check(
                    "missing_emails",
                    "School staff without an e-mail",
                    "They match by employee ID alone, and get no invitation.",
                    "Enter their school-issued e-mail addresses.",
                ),
                Check(
                    "malformed_emails",
                    "School staff whose e-mail is no address",
                    "It matches nobody, and no mail reaches it.",
                    "Correct the address.",
                ),
                Check(
                    "shared_emails",
                    "School staff who share an e-mail",
                    "A shared address doesn’t say who somebody is, and gets no "
                    "invitation.",
                    "Give each person an address of their own.",
                ),
                Check(
                    "shared_ids",
                    "People who share an employee ID",
                    "Two people with one employee ID and one last name can’t be told "
                    "apart.",
                    "Correct the employee ID that is wrong.",
                ),
                Check(
                    "same_person_twice",
                    "Clever users that look like one person",
                    "Each Clever user gets an account of their own.",
                    "Merge the two users in your SIS if they are one person.",
                ),
                Check(
                    "account_no_last_name",
                    "Accounts without a last name",
                    "Nobody can match them, so they would become inactive.",
                    "Enter their last names.",
                    NAVIANCE,
                    of="account",
                ),
                Check(
                    "account_shared_ids",
                    "Accounts of one school that share an employee ID",
                    "The employee ID fits several accounts, so a person may be a "
                    "conflict.",
                    "Correct the employee ID, or archive the second account.",
                    NAVIANCE,
                    of="account",
                ),
            ),
        ),
        Line(
            "School staff in Naviance are using a school-issued email address. If a "
            "personal email address, verify that their employee IDs in Naviance match "
            "the format in Clever.",
            (
                Check(
                    "personal_emails",
                    "School accounts with a personal e-mail",
                    "Clever has the school-issued address, so only the employee ID can "
                    "match them.",
                    "Enter the school-issued address, or the employee ID as Clever has "
                    "it.",
                    NAVIANCE,
                    of="account",
                ),
                Check(
                    "foreign_emails",
                    "School accounts with an unusual e-mail domain",
                    "The domain is none of those common in your district’s Clever "
                    "data.",
                    "Check that the address is the one Clever has.",
                    NAVIANCE,
                    of="account",
                ),
                Check(
                    "id_formats",
                    "Employee IDs in another format than Clever’s",
                    "Letters, length or leading zeros differ, so the employee ID "
                    "matches nobody, or only without its zeros.",
                    "Write the employee IDs as Clever has them.",
                    NAVIANCE,
                    of="account",
                ),
                Check(
                    "account_bad_emails",
                    "School accounts with a missing, malformed or shared e-mail",
                    "Only the employee ID can match them.",
                    "Enter an address of their own.",
                    NAVIANCE,
                    of="account",
                ),
                Check(
                    "personal_clever_emails",
                    "People in Clever with a personal or unusual e-mail",
                    "Clever’s address becomes the account’s address, and invitations "
                    "go there.",
                    "Enter the school-issued address.",
                ),
            ),
        ),
        Line(
            "District staff are matched from Clever to Naviance using their last name "
            "and email address.",
            (
                Check(
                    "district_emails",
                    "District Admins without an e-mail of their own",
                    "District staff match by last name and e-mail alone; a missing or "
                    "malformed address matches nobody, a shared one several.",
                    "Enter their addresses.",
                ),
                Check(
                    "district_account_emails",
                    "District accounts without a school-issued e-mail of their own",
                    "Nobody can match them, so they would become inactive.",
                    "Enter the address that Clever has.",
                    NAVIANCE,
                    of="account",
                ),
            ),
        ),
        Line(
            "All school staff must exist in Clever as either Teachers or School "
            "Admins user types.",
            (
                Check(
                    "school_accounts_unfound",
                    "School accounts that nobody in Clever has",
                    "An import would make them inactive.",
                    "What to mend stands beside each: the user type, the school or the "
                    "values in Clever, or the role in Naviance.",
                    BOTH,
                    of="account",
                ),
            ),
        ),
        Line(
            "All district staff must exist in Clever and are assigned the District "
            "Admins user type.",
            (
                Check(
                    "district_accounts_unfound",
                    "District accounts that no District Admin has",
                    "An import would make them inactive.",
                    "Give these people the user type District Admin, or their account "
                    "a protected role.",
                    BOTH,
                    of="account",
                ),
            ),
        ),
        Line(
            "Staff titles are defined in Clever to set the user's role in Naviance.",
            (
                Check(
                    "default_role",
                    "New accounts that would get the default role",
                    "No keyword fits their title in Clever, or they have none.",
                    "Enter a title in Clever, or a keyword on the Staff Import "
                    "Settings page.",
                    BOTH,
                ),
            ),
        ),
        Line(
            "Staff who work at multiple schools are assigned to Sections or Schools "
            "in Clever, so Naviance accounts are created at the correct schools.",
            (
                Check(
                    "nowhere",
                    "Staff at no school",
                    "They get no account, and their accounts are left as they are.",
                    "Add them to a section or a school.",
                ),
                Check(
                    "at_unshared_schools",
                    "Staff at schools that are not shared",
                    "They get no account there.",
                    "In the Clever Dashboard, share the school with Naviance.",
                ),
                Check(
                    "several_schools",
                    "Staff at several schools",
                    "Each would have one account at each school.",
                    "Nothing, if they work there.",
                ),
            ),
        ),
    ),
)
