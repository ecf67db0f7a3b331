import csv
import io
import json
import uuid
import zipfile
from xml.etree import ElementTree

import pytest

from staffimport.exports import FIELDS, TABLE, csv_lines, write_json, write_xlsx
from staffimport.models import ImportResult, ImportRun

ACCOUNT = uuid.UUID("00000000-0000-4000-8000-000000000001")
OTHER = "00000000-0000-4000-8000-000000000002"


@pytest.fixture
def run(maple):
    return ImportRun.objects.create(
        district=maple,
        kind="test",
        state="succeeded",
        requested_by_name="Dana Whitfield",
        counts={"matched": 1, "skipped": 1, "rows": 2},
    )


@pytest.fixture
def results(run, maple):
    """Two rows: one full, one as empty as they come, stored in the other order."""
    ImportResult.objects.create(
        run=run,
        position=2,
        outcome="skipped",
        state="planned",
        reason="No last name in Clever.",
        level="district",
    )
    ImportResult.objects.create(
        run=run,
        position=1,
        outcome="matched",
        state="held",
        held_reason="brake",
        reason="Title changes.",
        level="school",
        school=maple.schools.get(school_id="S1"),
        clever_id="c1",
        account_id=ACCOUNT,
        candidates=[str(ACCOUNT), OTHER],
        first_name="Ada",
        middle_name="M",
        last_name="=Abara",
        job_title="Teacher, “Math”",
        email="ada@maplevalley.example",
        employee_id="-7",
        job_function="Teacher",
        user_role="Teacher (D)",
        teacher_list=True,
        matched_by="email",
        keyword="teacher",
        changes={"job_title": ["Teacher", "Teacher, “Math”"], "email": ["", "a@b.c"]},
    )
    return run.results.all()


FULL = {
    "outcome": "matched",
    "state": "held",
    "held_reason": "brake",
    "reason": "Title changes.",
    "level": "school",
    "school_id": "S1",
    "clever_id": "c1",
    "account_id": str(ACCOUNT),
    "candidates": [str(ACCOUNT), OTHER],
    "first_name": "Ada",
    "middle_name": "M",
    "last_name": "=Abara",
    "job_title": "Teacher, “Math”",
    "email": "ada@maplevalley.example",
    "employee_id": "-7",
    "job_function": "Teacher",
    "user_role": "Teacher (D)",
    "teacher_list": True,
    "counselor_list": False,
    "zone": None,
    "matched_by": "email",
    "keyword": "teacher",
    "changes": {"job_title": ["Teacher", "Teacher, “Math”"], "email": [None, "a@b.c"]},
}
EMPTY: dict[str, object] = {
    **dict.fromkeys(FULL),
    "outcome": "skipped",
    "state": "planned",
    "reason": "No last name in Clever.",
    "level": "district",
    "candidates": [],
    "teacher_list": False,
    "counselor_list": False,
    "changes": {},
}


def test_json_has_the_contracts_shape_in_the_plans_order(run, results):
    file = io.StringIO()

    write_json(run, results, file)

    assert json.loads(file.getvalue()) == {
        "run": {
            "id": run.pk,
            "kind": "test",
            "state": "succeeded",
            "counts": {"matched": 1, "skipped": 1, "rows": 2},
        },
        "results": [FULL, EMPTY],
    }


def test_json_of_a_run_without_rows_is_whole(run):
    file = io.StringIO()

    write_json(run, run.results.all(), file)

    assert json.loads(file.getvalue())["results"] == []


def test_csv_has_a_header_and_words_for_lists_and_changes(results):
    header, full, empty = csv.reader(csv_lines(results))

    assert header == list(TABLE)
    assert [name for name in header if name != "school"] == list(FIELDS) == list(FULL)
    cells = dict(zip(header, full, strict=True))
    assert (cells["teacher_list"], cells["counselor_list"]) == ("yes", "no")
    assert cells["school"] == "Maple Valley High School"
    assert cells["candidates"] == f"{ACCOUNT}; {OTHER}"
    assert cells["changes"] == (
        "job_title: Teacher → Teacher, “Math”; email: (blank) → a@b.c"
    )
    assert dict(zip(header, empty, strict=True))["zone"] == ""


def test_a_cell_that_looks_like_a_formula_gets_an_apostrophe(results):
    header, full, _empty = csv.reader(csv_lines(results))

    cells = dict(zip(header, full, strict=True))
    assert (cells["last_name"], cells["employee_id"]) == ("'=Abara", "'-7")


def test_xlsx_holds_the_same_cells_as_csv(results, tmp_path):
    path = tmp_path / "results.xlsx"

    write_xlsx(results, path)

    assert read_xlsx(path) == list(csv.reader(csv_lines(results)))


def read_xlsx(path):
    """Return the sheet's rows; XlsxWriter writes inline strings in constant memory."""
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    with zipfile.ZipFile(path) as book:
        text = book.read("xl/worksheets/sheet1.xml")
    sheet = ElementTree.fromstring(text)  # noqa: S314 — written by ourselves
    rows = []
    for row in sheet.iter(f"{space}row"):
        cells = [""] * len(TABLE)
        for cell in row.iter(f"{space}c"):
            letters = cell.attrib["r"].rstrip("0123456789")
            cells[ord(letters[-1]) - ord("A")] = "".join(cell.itertext())
        rows.append(cells)
    return rows
