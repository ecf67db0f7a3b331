"""Which CSV files are read, what becomes of their values, how faults are told."""

import pytest

from schools.csv_files import clean, read_csv
from schools.errors import RefusedError
from schools.formulas import guard

BOM = b"\xef\xbb\xbf"


def read(content, optional=()):
    table = read_csv(content, ("id", "name"), optional)
    return [row.values for row in table.rows], [str(fault) for fault in table.problems]


@pytest.mark.parametrize(
    "content",
    [
        b"id,name\n1,Lincoln\n",
        BOM + b"id,name\n1,Lincoln\n",
        BOM + BOM + b"id,name\n1,Lincoln\n",
        b"id,name\r\n1,Lincoln\r\n",
        b"id,name\r1,Lincoln",
        b'name,id\n"Lincoln",1\n',
        b" ID ,Name\n1,Lincoln\n",
        b"id,name,,\n1,Lincoln,,\n",
        b"id,name\n\n , \n1,Lincoln\n,\n",
    ],
)
def test_a_file_is_read_whatever_program_wrote_it(content):
    rows, problems = read(content)

    assert rows == [{"id": "1", "name": "Lincoln"}]
    assert problems == []


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("  Lincoln ", "Lincoln"),
        ("Lincoln \u00a0 High", "Lincoln High"),
        ('"Lincoln\nHigh"', "Lincoln High"),
        ('"Lincoln ""Abe"" High, Main"', 'Lincoln "Abe" High, Main'),
        ("O’Higgins 🏫", "O’Higgins 🏫"),
        ("'=SUM(A1)", "=SUM(A1)"),
        ("'Olelo", "'Olelo"),
        ("Lin\u200bcoln\ufeff \u202e High", "Lincoln High"),
        ("\u200b", ""),
        ("\u200b'=SUM(A1)", "=SUM(A1)"),
    ],
)
def test_values_are_trimmed_and_otherwise_kept(written, value):
    rows, problems = read(f"id,name\n1,{written}\n".encode())

    assert rows == [{"id": "1", "name": value}]
    assert problems == []


@pytest.mark.parametrize("value", ["=1+1", "+1", "-1", "@x", "Lincoln", "'Olelo", ""])
def test_a_guarded_value_is_read_back_as_it_was(value):
    assert clean(guard(value)) == value
    assert not guard(value).startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty. Its first line must be: id,name"),
        (b"id,name\n", "has a header and no rows"),
        (b"id\n1\n", "columns missing: name."),
        (b"id,name,color\n1,2,3\n", "unknown: color."),
        (b"id,name,name\n1,2,3\n", "more than once: name."),
        (b"id,,name\n1,2,3\n", "unknown: (no name)."),
        (b"id;name\n1;2\n", "Separate the columns with commas."),
        (b"id|name\n1|2\n", "Separate the columns with commas."),
        (b"id,nmae\n1,2\n", "columns missing: name; unknown: nmae."),
        (b'"id,name\n1,2\n', "The header can't be read. Line 1: a quotation mark"),
        ("id,name\n1,Zoë".encode("latin-1"), "line 2 holds the byte 0xEB"),
        ("id,name\n1,x".encode("utf-16"), "The file is encoded as UTF-16."),
        ("id,name\n1,x".encode("utf-16-le"), "The file is encoded as UTF-16."),
        ("id,name\n1,x".encode("utf-16-be"), "The file is encoded as UTF-16."),
        (b"\x00\x00\x00", "unknown: \ufffd\ufffd\ufffd."),
        (b"\x00", "unknown: \ufffd."),
    ],
)
def test_a_file_that_can_not_be_read_is_refused_with_the_remedy(content, sentence):
    with pytest.raises(RefusedError) as refused:
        read(content)

    assert sentence in refused.value.user_message


@pytest.mark.parametrize(
    ("bad_row", "told"),
    [
        (b"2", "Line 3: the row has 1 values, the header has 2 columns."),
        (b"2,Adams,3", "Line 3: the row has 3 values, the header has 2 columns."),
        (b'2,"Adams"x', "Line 3: something follows a closing quotation mark"),
        (
            b"2,Ad\x00ams",
            "Line 3, name “Ad\ufffdams”: it holds the control character U+0000",
        ),
        (b"2,Ad\x07ams", "the control character U+0007. Remove it."),
    ],
)
def test_a_bad_row_is_named_and_the_others_are_read(bad_row, told):
    rows, problems = read(b"id,name\n1,Lincoln\n" + bad_row + b"\n4,Polk\n")

    assert [row["id"] for row in rows] == ["1", "4"]
    assert len(problems) == 1
    assert told in problems[0]


def test_a_quotation_mark_that_is_never_closed_costs_its_own_line_alone():
    rows, problems = read(b'id,name\n1,Lincoln\n2,"Adams\n3,Polk\n4\n')

    assert [row["id"] for row in rows] == ["1", "3"]
    assert problems == [
        "Line 3: a quotation mark that opens a value is never closed. Close it, or "
        "double it where it belongs to the value.",
        "Line 5: the row has 1 values, the header has 2 columns. Put values that hold "
        "a comma in quotation marks.",
    ]


def test_a_quotation_mark_that_the_next_ones_seem_to_close_costs_its_own_line_alone():
    rows, problems = read(b'id,name\n1,"Adams\n2,Polk\n3,"Grant"\n')

    assert [row["name"] for row in rows] == ["Polk", "Grant"]
    assert problems == [
        "Line 2: a quotation mark that opens a value is not closed before the next "
        "one, on line 4. Close it, or double it where it belongs to the value."
    ]


def test_a_very_long_value_is_no_matter_of_quotation_marks():
    long = b"x" * 200_000

    rows, problems = read(b"id,name\n1," + long + b"\n2,Polk\n")

    assert [len(row["name"]) for row in rows] == [200_000, 4]
    assert problems == []


def test_lines_are_counted_as_an_editor_counts_them():
    table = read_csv(b'id,name\n1,"two\nlines"\n\n2,x\n', ("id", "name"))

    assert [row.line for row in table.rows] == [2, 5]


def test_an_optional_column_may_be_left_out():
    without, _ = read(b"id,name\n1,x\n", optional=("note",))
    with_it, _ = read(b"id,name,note\n1,x,y\n", optional=("note",))

    assert without == [{"id": "1", "name": "x", "note": ""}]
    assert with_it == [{"id": "1", "name": "x", "note": "y"}]
