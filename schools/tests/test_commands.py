"""load_schools and match_schools, as people script against them."""

import io
import json

import pytest
from django.core.management import CommandError, ManagementUtility, call_command

from clever.standin.wire import Maker
from schools.models import School

IDS = Maker(1, "maplevalley.example")
SCHOOLS = """school_id,name,nces_id,address,city,state,zip
S1,Maple Valley High School,069998000101,,,,
S2,Something Else,,,,,
"""


def run(*args):
    out, err = io.StringIO(), io.StringIO()
    call_command(*args, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def code_of(*args):
    with pytest.raises(CommandError) as failed:
        run(*args)
    return failed.value.returncode, str(failed.value)


@pytest.fixture
def school_file(tmp_path):
    path = tmp_path / "schools.csv"
    path.write_text(SCHOOLS)
    return path


@pytest.fixture
def valley(maple, clever, school_file):
    """Maple, connected, with two schools loaded."""
    maple.clever_id, maple.clever_token = clever.district_id, clever.token
    maple.save()
    run("load_schools", "maple", str(school_file))
    return maple


def test_loading_schools_says_what_it_did(maple, school_file):
    out, _ = run("load_schools", "maple", str(school_file))
    again, _ = run("load_schools", "maple", str(school_file))

    assert out == "Maple Valley: 2 schools created, 0 updated, 0 unchanged.\n"
    assert again == "Maple Valley: 0 schools created, 0 updated, 2 unchanged.\n"


def test_bad_rows_are_listed_before_the_sentence(maple, school_file):
    school_file.write_text(SCHOOLS + "S2,,,,,,\n")
    err = io.StringIO()

    with pytest.raises(CommandError, match="Nothing was loaded: 1 of 3") as failed:
        call_command("load_schools", "maple", str(school_file), stderr=err)

    assert failed.value.returncode == 1
    assert err.getvalue().splitlines() == [
        "Line 4, name “”: it is empty. Enter the school's name.",
        "Line 4, school_id “S2”: line 3 has the same school_id. Give each school its "
        "own.",
    ]
    assert not School.objects.exists()


def test_skipped_rows_are_said(maple, school_file):
    school_file.write_text(SCHOOLS + "S3,,,,,,\n")

    out, err = run("load_schools", "maple", str(school_file), "--skip-bad")

    assert "2 schools created" in out
    assert err.splitlines()[0].startswith("Line 4, name")
    assert err.splitlines()[1] == "1 bad row was skipped, as said above."


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (("load_schools", "nope", "x.csv"), "There is no district “nope”. Use one of"),
        (("load_schools", "maple", "/no/such.csv"), "can't be read: No such file"),
        (("match_schools", "maple"), "Maple Valley has no Clever access token."),
    ],
)
def test_what_can_not_be_done_is_a_sentence_and_exit_code_1(maple, args, sentence):
    code, told = code_of(*args)

    assert code == 1
    assert sentence in told


@pytest.mark.parametrize(
    "args",
    [
        ("load_schools", "maple"),
        ("load_schools", "not a slug", "x.csv"),
        ("match_schools", "maple", "--set", "S1"),
        ("match_schools", "maple", "--set", "=c1"),
    ],
)
def test_wrong_use_is_exit_code_2(maple, args, capsys):
    with pytest.raises(SystemExit) as ended:
        ManagementUtility(["manage.py", *args]).execute()

    assert ended.value.code == 2
    assert "usage: manage.py" in capsys.readouterr().err


def test_matching_pulls_the_schools_and_writes_the_contracts_json(valley, tmp_path):
    path = tmp_path / "matches.json"

    out, _ = run("match_schools", "maple", "--json", str(path))

    matches = json.loads(path.read_text())["matches"]
    assert [tuple(entry) for entry in matches] == [
        ("school_id", "clever_id", "method", "suggestions")
    ] * 4
    assert [
        (entry["school_id"], entry["clever_id"], entry["method"]) for entry in matches
    ] == [
        ("S1", IDS.school_id(1), "nces_id"),
        ("S2", None, None),
        (None, IDS.school_id(3), None),
        (None, IDS.school_id(2), None),
    ]
    assert "Matched: 1. Open: 2 Clever, 1 Naviance." in out


def test_matches_are_set_and_reset_by_their_ids(valley):
    run("match_schools", "maple")

    run("match_schools", "maple", "--reset", "S1", "--set", f"S2={IDS.school_id(2)}")

    match = valley.school_matches.get()
    assert (match.school.school_id, match.clever_school.clever_id) == (
        "S2",
        IDS.school_id(2),
    )


def test_an_nces_id_that_is_none_is_said_and_loaded_all_the_same(maple, school_file):
    school_file.write_text(SCHOOLS.replace("S2,Something Else,", "S2,Elm,6.99E+10"))

    out, err = run("load_schools", "maple", str(school_file))

    assert "Line 3" in err
    assert "nces_id" in err
    assert "exponent notation" in err
    assert "2 schools created" in out


@pytest.mark.parametrize("path", ["/nowhere/matches.json", "-"])
def test_a_list_that_can_not_be_written_changes_no_match(valley, path):
    run("match_schools", "maple")

    with pytest.raises(CommandError, match="Name a file"):
        run("match_schools", "maple", "--reset", "S1", "--json", path)

    assert School.objects.get(school_id="S1").match.method == "nces_id"


def test_an_unknown_school_changes_no_match(valley):
    run("match_schools", "maple")

    code, told = code_of(
        "match_schools", "maple", "--reset", "S1", "--set", f"S9={IDS.school_id(2)}"
    )

    assert (code, told.startswith("There is no school “S9”")) == (1, True)
    assert valley.school_matches.count() == 1


@pytest.mark.parametrize("fault", ["ends_early", "empty", "revoked"])
def test_a_sick_source_leaves_the_schools_as_they_were(valley, clever, fault):
    run("match_schools", "maple")
    clever.fault(fault)

    code, told = code_of("match_schools", "maple", "--reset", "S1")

    assert code == 1
    assert "Clever" in told
    assert valley.clever_schools.filter(is_shared=True).count() == 3
    assert valley.school_matches.count() == 1
