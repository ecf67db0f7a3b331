"""Loading a district's schools from a CSV file."""

import pytest
from django.utils import timezone

from schools.audit import Actor
from schools.csv_files import CsvRefusedError
from schools.errors import RefusedError
from schools.models import AuditEntry, School
from schools.services.loading import load_schools

HEADER = "school_id,name,nces_id,address,city,state,zip"
DANA = Actor("Dana Whitfield")


def file_of(*rows):
    return "\n".join([HEADER, *rows]).encode()


def load(district, *rows, **options):
    return load_schools(district, file_of(*rows), DANA, **options)


def test_schools_are_created_with_all_columns(maple):
    load(maple, "7,Lincoln High,060000100001,1 Main St,Maple,CA,90001")

    assert maple.schools.values(*HEADER.split(",")).get() == {
        "school_id": "7",
        "name": "Lincoln High",
        "nces_id": "060000100001",
        "address": "1 Main St",
        "city": "Maple",
        "state": "CA",
        "zip": "90001",
    }


def test_what_nobody_can_see_is_no_name_and_not_loaded(maple):
    with pytest.raises(CsvRefusedError) as refused:
        load(maple, "7,\u200b,,,,,")
    load(maple, "8,Adams\u202e,,,Ma\u200bple,,")

    assert "it is empty. Enter the school's name." in str(refused.value.problems[0])
    assert list(maple.schools.values_list("name", "city")) == [("Adams", "Maple")]


def test_the_same_file_again_changes_nothing(maple):
    rows = ("7,Lincoln,,,,,", "8,Adams,,,,,")
    load(maple, *rows)

    again = load(maple, *rows)

    assert (again.created, again.updated, again.unchanged) == (0, 0, 2)
    assert AuditEntry.objects.filter(verb="loaded schools").count() == 1


def test_a_changed_row_updates_its_school_and_the_others_stay(maple):
    load(maple, "7,Lincoln,,,,,", "8,Adams,,,,,")

    report = load(maple, "8,Adams Middle,,,Maple,,")

    assert maple.audit_entries.first().changes == {
        "name of Adams (8)": ["Adams", "Adams Middle"],
        "city of Adams (8)": ["", "Maple"],
    }

    assert (report.created, report.updated, report.unchanged) == (0, 1, 0)
    assert list(maple.schools.order_by("pk").values_list("name", flat=True)) == [
        "Lincoln",
        "Adams Middle",
    ]


def test_another_district_may_use_the_same_school_ids(maple, cedar):
    load(maple, "7,Lincoln,,,,,")

    report = load(cedar, "7,Cedar High,,,,,")

    assert report.created == 1
    assert maple.schools.get().name == "Lincoln"


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (",Adams,,,,,", "Line 3, school_id “”: it is empty."),
        ("8,,,,,,", "Line 3, name “”: it is empty."),
        ("7,Adams,,,,,", "Line 3, school_id “7”: line 2 has the same school_id."),
        ("8,Adams,,,,," + "9" * 17, "it has 17 characters; at most 16 fit."),
        ("8," + "x" * 256 + ",,,,,", "it has 256 characters; at most 255 fit."),
        ("8,Adams", "Line 3: the row has 2 values, the header has 7 columns."),
    ],
)
def test_one_bad_row_keeps_all_from_being_loaded(maple, row, told):
    with pytest.raises(CsvRefusedError) as refused:
        load(maple, "7,Lincoln,,,,,", row)

    assert told in str(refused.value.problems[0])
    assert "Nothing was loaded: 1 of 2 rows are bad." in refused.value.user_message
    assert not School.objects.exists()


def test_every_fault_of_a_file_is_told_at_once(maple):
    with pytest.raises(CsvRefusedError) as refused:
        load(maple, ",,,,,,1", "7,Lincoln,,,,," + "9" * 20, "8", "9,ok,,,,,")

    assert [(fault.line, fault.column) for fault in refused.value.problems] == [
        (2, "school_id"),
        (2, "name"),
        (3, "zip"),
        (4, ""),
    ]


def test_bad_rows_can_be_skipped_and_are_told(maple):
    report = load(maple, "7,Lincoln,,,,,", ",Adams,,,,,", skip_bad=True)

    assert report.created == 1
    assert [fault.line for fault in report.skipped] == [3]
    assert maple.schools.get().name == "Lincoln"


def test_nothing_is_loaded_into_a_district_that_was_disconnected(maple):
    type(maple).objects.update(disconnected_at=timezone.now())

    with pytest.raises(RefusedError, match="Connect the district again first"):
        load(maple, "7,Lincoln,,,,,")

    assert not School.objects.exists()
