"""Loading a district's staff accounts from a CSV file."""

import uuid

import pytest
from django.utils import timezone

from accounts.models import StaffAccount
from accounts.services.loading import load_staff
from accounts.staff_rows import OPTIONAL_COLUMNS, STAFF_COLUMNS, TEXTS
from schools.audit import Actor
from schools.csv_files import CsvRefusedError
from schools.errors import RefusedError

DANA = Actor("Dana Whitfield")
COLUMNS = (*STAFF_COLUMNS, *OPTIONAL_COLUMNS)
ADA = {
    "level": "school",
    "school_id": "S1",
    "first_name": "Ada",
    "last_name": "Abara",
    "email": "ada@maple.example",
    "employee_id": "1001",
    "user_role": "Teacher",
    "status": "active",
}
BORIS = {
    "level": "district",
    "first_name": "Boris",
    "last_name": "Bauer",
    "status": "active",
}
ID = "6f2c3d1e-0000-4000-8000-000000000001"


def file_of(*rows):
    lines = [",".join(row.get(column, "") for column in COLUMNS) for row in rows]
    return "\n".join([",".join(COLUMNS), *lines]).encode()


def load(district, *rows, **options):
    return load_staff(district, file_of(*rows), DANA, **options)


def counts(report):
    return report.created, report.updated, report.unchanged, len(report.left)


def test_a_search_finds_people_under_what_the_newest_file_says(maple):
    load(maple, {**ADA, "account_id": ID, "last_name": "Ábára"})
    load(maple, {**ADA, "account_id": ID, "last_name": "Oyelaran"})

    account = maple.staff_accounts.get()
    assert account.search_text == "oyelaran ada\nada@maple.example 1001"


def test_a_row_becomes_an_account_with_all_its_values(maple):
    load(
        maple,
        {
            **ADA,
            "middle_name": "B.",
            "job_title": "Teacher; Math",
            "job_function": "Teacher",
            "teacher_list": "yes",
            "counselor_list": "no",
            "zone": "North",
        },
    )

    account = maple.staff_accounts.get()
    assert account.school.school_id == "S1"
    assert [getattr(account, name) for name in TEXTS] == [
        "Ada",
        "B.",
        "Abara",
        "Teacher; Math",
        "ada@maple.example",
        "1001",
    ]
    assert (str(account.job_function), str(account.user_role)) == ("Teacher",) * 2
    assert (account.teacher_list, account.counselor_list) == (True, False)
    assert (str(account.zone), account.status, account.origin) == (
        "North",
        "active",
        "loaded",
    )
    assert account.revision == 1


def test_district_staff_have_no_school(maple):
    load(maple, BORIS)

    assert maple.staff_accounts.get().school is None


def test_the_same_file_again_changes_nothing(maple):
    rows = (
        ADA,
        ADA,
        {**ADA, "school_id": "S2"},
        BORIS,
        {**BORIS, "status": "inactive"},
    )
    load(maple, *rows)
    before = list(maple.staff_accounts.order_by("pk").values())

    again = load(maple, *rows)

    assert counts(again) == (0, 0, 5, 0)
    assert list(maple.staff_accounts.order_by("pk").values()) == before


def test_equal_rows_are_two_accounts_known_again_by_their_order(maple):
    load(maple, {**ADA, "job_title": "First"}, {**ADA, "job_title": "Second"})
    first = maple.staff_accounts.get(job_title="First").pk

    report = load(maple, {**ADA, "job_title": "1st"}, {**ADA, "job_title": "Second"})

    assert counts(report) == (0, 1, 1, 0)
    assert maple.staff_accounts.get(pk=first).job_title == "1st"


@pytest.mark.parametrize(
    "change",
    [
        {"school_id": "S2"},
        {"level": "district", "school_id": ""},
        {"first_name": "Adah"},
        {"middle_name": "B."},
        {"last_name": "Abbara"},
        {"email": "a@maple.example"},
        {"employee_id": "1002"},
    ],
)
def test_another_place_name_email_or_id_is_another_account(maple, change):
    load(maple, ADA)

    report = load(maple, {**ADA, **change})

    assert counts(report) == (1, 0, 0, 0)


@pytest.mark.parametrize(
    "change",
    [
        {"job_title": "Dean"},
        {"job_function": "Other"},
        {"user_role": "Dean"},
        {"teacher_list": "yes"},
        {"counselor_list": "YES"},
        {"zone": "North"},
        {"status": "inactive"},
    ],
)
def test_any_other_value_updates_the_account(maple, change):
    load(maple, ADA)

    report = load(maple, {**ADA, **change})

    assert counts(report) == (0, 1, 0, 0)
    assert maple.staff_accounts.get().revision == 2


def test_an_account_id_is_kept_and_lets_everything_change(maple):
    load(maple, {**ADA, "account_id": ID})

    report = load(
        maple,
        {**ADA, "account_id": ID, "last_name": "Ito", "school_id": "S2", "email": ""},
    )

    account = maple.staff_accounts.get()
    assert counts(report) == (0, 1, 0, 0)
    assert (account.pk, account.last_name) == (uuid.UUID(ID), "Ito")
    assert (account.school.school_id, account.email) == ("S2", "")


def test_an_equal_row_does_not_take_an_account_that_another_row_names(maple):
    load(maple, ADA, {**ADA, "account_id": ID})

    report = load(maple, {**ADA, "account_id": ID, "job_title": "Dean"}, ADA)

    assert counts(report) == (0, 1, 1, 0)
    assert maple.staff_accounts.get(job_title="Dean").pk == uuid.UUID(ID)


def test_an_account_of_another_district_is_never_touched(maple, cedar):
    load(cedar, {**BORIS, "account_id": ID})

    with pytest.raises(CsvRefusedError) as refused:
        load(maple, {**BORIS, "account_id": ID, "last_name": "Thief"})

    assert "the id is taken by an account elsewhere" in str(refused.value.problems[0])
    assert StaffAccount.objects.get().last_name == "Bauer"


def test_a_reload_knows_an_account_that_an_import_tied_and_renamed(maple):
    load(maple, ADA, BORIS)
    maple.staff_accounts.filter(last_name="Abara").update(
        clever_id="c1", last_name="Abara-Lee", email="ada.lee@maple.example"
    )

    report = load(maple, ADA, BORIS)

    assert counts(report) == (0, 0, 1, 1)
    assert maple.staff_accounts.count() == 2


def test_an_untied_account_renamed_by_hand_is_not_taken_for_the_row(maple):
    load(maple, ADA)
    maple.staff_accounts.update(last_name="Abara-Lee")

    report = load(maple, ADA)

    assert counts(report) == (1, 0, 0, 0)


def test_accounts_tied_to_clever_are_reported_and_left(maple):
    load(maple, ADA)
    maple.staff_accounts.update(clever_id="c1")

    report = load(maple, {**ADA, "job_title": "Dean", "status": "inactive"})

    account = maple.staff_accounts.get()
    assert counts(report) == (0, 0, 0, 1)
    assert str(report.left[0]) == (
        "Line 2, “Abara, Ada”: tied to the Clever id c1, so it is left as it is."
    )
    assert (account.job_title, account.status, account.revision) == ("", "active", 1)


def test_whom_an_import_archived_a_reload_leaves_and_says_so(maple):
    """Else the next import would archive them once more."""
    load(maple, ADA, BORIS)
    maple.staff_accounts.filter(last_name="Abara").update(
        status="inactive", inactive_cause="run"
    )

    report = load(maple, ADA, BORIS)

    assert counts(report) == (0, 0, 1, 1)
    assert str(report.left[0]).startswith(
        "Line 2, “Abara, Ada”: an import archived this account, so it is left as it is."
    )
    assert maple.staff_accounts.get(last_name="Abara").status == "inactive"


def test_loaded_as_inactive_says_so(maple):
    load(maple, {**ADA, "status": "inactive"})

    account = maple.staff_accounts.get()
    assert (account.status, account.inactive_cause) == ("inactive", "loaded")
    assert (account.inactive_by, account.inactive_at is None) == (
        "Dana Whitfield",
        False,
    )


def test_an_account_inactive_already_keeps_its_cause(maple):
    load(maple, {**ADA, "status": "inactive"})
    maple.staff_accounts.update(inactive_cause="manual", inactive_by="N")

    report = load(maple, {**ADA, "status": "inactive"})

    account = maple.staff_accounts.get()
    assert counts(report) == (0, 0, 1, 0)
    assert (account.inactive_cause, account.inactive_by) == ("manual", "N")


def test_an_account_that_is_active_again_has_no_cause_left(maple):
    load(maple, {**ADA, "status": "inactive"})

    load(maple, ADA)

    account = maple.staff_accounts.get()
    assert (account.status, account.inactive_cause, account.inactive_by) == (
        "active",
        "",
        "",
    )
    assert account.inactive_at is None


def test_names_are_created_where_missing_and_told(maple):
    report = load(
        maple, {**ADA, "user_role": "Dean", "job_function": "Deanery", "zone": "North"}
    )

    assert report.names == [
        "job function “Deanery”",
        "user role “Dean”",
        "zone “North”",
    ]
    assert maple.user_roles.get(name="Dean").rights == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"level": "state"}, "level “state”: it is neither. Write school or district."),
        ({"level": ""}, "level “”: it is neither."),
        ({"status": "on leave"}, "it is neither. Write active or inactive."),
        ({"status": ""}, "status “”"),
        ({"teacher_list": "1"}, "teacher_list “1”: it is neither. Write yes or no."),
        ({"counselor_list": "maybe"}, "Write yes or no."),
        ({"school_id": "S9"}, "school_id “S9”: the district has no such school."),
        ({"school_id": ""}, "school staff need a school."),
        ({"level": "district"}, "district staff have no school."),
        ({"first_name": "", "last_name": ""}, "the row has no name."),
        ({"last_name": "x" * 256}, "it has 256 characters; at most 255 fit."),
        ({"email": "x" * 321}, "at most 320 fit."),
        ({"employee_id": "9" * 129}, "at most 128 fit."),
        ({"user_role": "x" * 129}, "at most 128 fit."),
        ({"account_id": "7"}, "account_id “7”: it is no account id."),
        ({"first_name": "", "last_name": "\u200b"}, "the row has no name."),
        ({"first_name": "A\0"}, "the control character U+0000"),
    ],
)
def test_one_bad_row_keeps_all_from_being_loaded(maple, change, told):
    with pytest.raises(CsvRefusedError) as refused:
        load(maple, BORIS, {**ADA, **change})

    assert told in " ".join(str(problem) for problem in refused.value.problems)
    assert {problem.line for problem in refused.value.problems} == {3}
    assert not maple.staff_accounts.exists()
    assert not maple.audit_entries.exists()


def test_an_account_id_stands_once_in_a_file(maple):
    row = {**ADA, "account_id": ID}

    with pytest.raises(CsvRefusedError) as refused:
        load(maple, row, row)

    assert "line 2 has the same account_id" in str(refused.value.problems[0])


def test_a_school_of_another_district_is_unknown(maple, cedar):
    with pytest.raises(CsvRefusedError):
        load(cedar, ADA)


def test_bad_rows_can_be_skipped_and_are_told(maple):
    report = load(maple, BORIS, {**ADA, "school_id": "S9"}, ADA, skip_bad=True)

    assert counts(report) == (2, 0, 0, 0)
    assert [problem.line for problem in report.skipped] == [3]


def test_dirty_values_are_loaded_as_they_are(maple):
    load(maple, {**ADA, "last_name": "O’Brien-Núñez Jr. 🎓", "email": "office@"})

    account = maple.staff_accounts.get()
    assert (account.last_name, account.email) == ("O’Brien-Núñez Jr. 🎓", "office@")


def test_what_nobody_can_see_is_not_loaded(maple):
    load(maple, {**ADA, "last_name": "Aba\u200bra\u202e", "user_role": "De\u200ban"})

    account = maple.staff_accounts.get()
    assert (account.last_name, account.user_role.name) == ("Abara", "Dean")


def test_a_file_of_another_kind_is_refused(maple):
    with pytest.raises(RefusedError, match="columns missing: level, school_id"):
        load_staff(maple, b"id,name\n1,x\n", DANA)


def test_loading_is_in_the_audit_trail(maple):
    load(maple, ADA, BORIS)

    entry = maple.audit_entries.get()
    assert (entry.actor_name, entry.verb, entry.target) == (
        "Dana Whitfield",
        "loaded staff",
        "2 new, 0 changed",
    )


def test_nothing_is_loaded_into_a_district_that_was_disconnected(maple):
    type(maple).objects.update(disconnected_at=timezone.now())

    with pytest.raises(RefusedError, match="Connect the district again first"):
        load(maple, BORIS)

    assert not maple.staff_accounts.exists()
