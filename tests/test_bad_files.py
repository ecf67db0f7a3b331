"""Bad files, tokens and arguments: a sentence, an exit code, and nothing is changed."""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import execute_from_command_line

from accounts.models import StaffAccount
from clever.standin import Standin
from schools.models import District, School
from staffimport.models import ImportRun, ImportSettings
from tests.stage import make_stage, manage
from tests.workers import shared_database

ROOT = Path(__file__).resolve().parents[1]
SCHOOLS = "school_id,name,nces_id,address,city,state,zip"
STAFF = (
    "level,school_id,first_name,middle_name,last_name,job_title,email,employee_id,"
    "job_function,user_role,teacher_list,counselor_list,zone,status"
)
GOOD_SCHOOL = "S9,Harbor High,,,,,"
GOOD_STAFF = "school,S1,Ada,,Abara,Teacher,ada@oak.example,1,,Teacher,yes,no,,active"


@pytest.fixture
def standin(settings):
    """The small district's Clever."""
    with Standin("small") as running:
        settings.CLEVER_API_URL = running.url
        yield running


@pytest.fixture
def oak(db):
    """A district with one school and one account."""
    district = District.objects.create(slug="oak", name="Oak", clever_id="c" * 24)
    school = School.objects.create(district=district, school_id="S1", name="Oak High")
    StaffAccount.objects.create(
        district=district, school=school, first_name="Ben", last_name="Bell"
    )
    return district


@pytest.fixture
def given(tmp_path):
    """Writes a file and returns its path; None is a path without a file."""

    def write(content):
        path = tmp_path / "given"
        if content is not None:
            data = content if isinstance(content, bytes) else content.encode()
            path.write_bytes(data)
        return path

    return write


def everything():
    """Return all rows that a file could have changed."""
    models = (District, School, StaffAccount, ImportSettings)
    return [list(model.objects.order_by("pk").values()) for model in models]


def refuses(words, *command):
    """Run a command that must refuse with these words and change nothing."""
    before = everything()

    ended = manage(*command)

    assert ended.code == 1, ended
    assert words in ended.err
    assert "Traceback" not in ended.err
    assert everything() == before
    return ended


# CSV files


@pytest.mark.parametrize("command", ["load_schools", "load_staff"])
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "can't be read: No such file or directory. Check its name"),
        (b"", "The file is empty. Its first line must be: "),
        (b"\xff\xfea\0,\0", "encoded as UTF-16. Save it as CSV in UTF-8"),
        (b"caf\xe9,x\n", "The file is not UTF-8: line 1 holds the byte 0xE9"),
        ("a,b\n1,2\n", "The header is wrong; columns missing: "),
        ("school_id;name\n", "Separate the columns with commas"),
        ('"never closed', "The header can't be read"),
        ("\0\0\0\n", "The header is wrong"),
    ],
)
def test_a_file_that_is_no_csv_of_ours(oak, given, command, content, words):
    refuses(words, command, "oak", given(content))


@pytest.mark.parametrize(
    ("command", "header"), [("load_schools", SCHOOLS), ("load_staff", STAFF)]
)
def test_a_file_without_rows(oak, given, command, header):
    refuses("a header and no rows", command, "oak", given(f"{header}\n"))


def test_a_folder_instead_of_a_file(oak, tmp_path):
    refuses("can't be read: Is a directory", "load_schools", "oak", tmp_path)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (",Harbor,,,,,", "Line 3, school_id “”: it is empty. Enter the school's"),
        ("S2,,,,,,", "Line 3, name “”: it is empty. Enter the school's name"),
        ("S9,Twin,,,,,", "Line 3, school_id “S9”: line 2 has the same school_id"),
        ("S2,Harbor", "Line 3: the row has 2 values, the header has 7 columns"),
        ('S2,"Harbor,,,,', "Line 3: a quotation mark that opens a value is never"),
        ('S2,"Har"bor,,,,,', "Line 3: something follows a closing quotation mark"),
        ("S2,Har\0bor,,,,,", "Line 3, name “Har�bor”: it holds the control character"),
        (f"S2,{'x' * 300},,,,,", "it has 300 characters; at most 255 fit. Shorten it"),
        (f"S2,{'x' * 200_000},,,,,", "it has 200,000 characters; at most 255 fit."),
    ],
)
def test_a_bad_school_is_named_and_nothing_is_loaded(oak, given, row, problem):
    path = given(f"{SCHOOLS}\n{GOOD_SCHOOL}\n{row}\n")

    ended = refuses(
        "Nothing was loaded: 1 of 2 rows are bad", "load_schools", "oak", path
    )

    assert problem in ended.err


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"level": "building"}, "level “building”: it is neither. Write school or"),
        ({"school_id": "S7"}, "school_id “S7”: the district has no such school."),
        ({"school_id": ""}, "school_id “”: school staff need a school."),
        ({"level": "district"}, "school_id “S1”: district staff have no school."),
        ({"first_name": "", "last_name": ""}, "last_name “”: the row has no name."),
        ({"status": "gone"}, "status “gone”: it is neither. Write active or inactive."),
        ({"teacher_list": "maybe"}, "teacher_list “maybe”: it is neither. Write"),
        ({"level": "x" * 200_000}, "level “xxx"),
        ({"school_id": "x" * 200_000}, "the district has no such school."),
        ({"last_name": "x" * 200_000}, "it has 200,000 characters; at most"),
        ({"email": "x" * 321}, "it has 321 characters; at most 320 fit. Shorten it."),
        ({"user_role": "r" * 129}, "it has 129 characters; at most 128 fit."),
    ],
)
def test_a_bad_account_is_named_and_nothing_is_loaded(oak, given, changes, problem):
    names = STAFF.split(",")
    row = dict(zip(names, GOOD_STAFF.split(","), strict=True)) | changes
    path = given(f"{STAFF}\n{GOOD_STAFF}\n{','.join(row.values())}\n")

    ended = refuses(
        "Nothing was loaded: 1 of 2 rows are bad", "load_staff", "oak", path
    )

    assert problem in ended.err


def test_all_bad_rows_are_named_at_once(oak, given):
    rows = "\n".join(["S2,,,,,,", GOOD_SCHOOL, "S3,Bay", ",Cove,,,,,"])

    ended = refuses("3 of 4 rows", "load_schools", "oak", given(f"{SCHOOLS}\n{rows}\n"))

    lines = [line.partition(":")[0] for line in ended.err.splitlines()]
    assert lines[:3] == ["Line 2, name “”", "Line 4", "Line 5, school_id “”"]


def test_bad_rows_can_be_skipped_and_are_said(oak, given):
    path = given(f"{SCHOOLS}\n{GOOD_SCHOOL}\nS2,,,,,,\n")

    ended = manage("load_schools", "oak", path, "--skip-bad")

    assert ended.code == 0
    assert "Line 3, name" in ended.err
    assert "1 bad row was skipped" in ended.err
    assert set(School.objects.values_list("school_id", flat=True)) == {"S1", "S9"}


# Settings files


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "can't be read: No such file or directory"),
        ("", "Line 1, column 1 is not JSON"),
        ("{]", "Line 1, column 2 is not JSON"),
        (b"\xff", "Line 1 is not UTF-8"),
        ("[]", "The file holds []. Write an object"),
        ('{"keyword": []}', "“keyword” is no known key. Use: keywords, "),
        ('{"keywords": {}}', "“keywords” is {}. Write a list"),
        ('{"keywords": [{}]}', "“keywords[0].keyword” is missing. Write a word"),
        ('{"keywords": [{"keyword": " "}]}', "“keywords[0].keyword” is"),
        (
            '{"keywords": [{"keyword": "a", "applies_to": "all"}]}',
            '“keywords[0].applies_to” is "all". Write "school", "district" or "both"',
        ),
        ('{"uses_sso": "yes"}', '“uses_sso” is "yes". Write true, false, or null'),
        ('{"uses_sso": true, "uses_sso": false}', "“uses_sso” stands twice"),
        ('{"teacher_fallback": 1}', "“teacher_fallback” is 1. Write true or false"),
        ('{"limits": {"removal_percent": 101}}', "Write a number from 0 to 100"),
        ('{"limits": {"removal_percent": NaN}}', "NaN is no number"),
        ('{"schools": ["S1", "S7"]}', "“schools[1]” is “S7”, which is no school of"),
        ('{"protected_roles": [""]}', "“protected_roles[0]” is"),
        ("[" * 100_000, "without end"),
    ],
)
def test_a_bad_settings_file_is_refused_whole(oak, given, content, words):
    manage("dump_import_settings", "oak")  # makes the defaults
    before = manage("dump_import_settings", "oak").out

    refuses(words, "load_import_settings", "oak", given(content))

    assert manage("dump_import_settings", "oak").out == before


def test_all_faults_of_a_settings_file_are_named_at_once(oak, given):
    content = {"uses_sso": 1, "limits": {"removal_people": -1}, "colour": "red"}
    path = given(json.dumps(content))

    ended = refuses("No setting was changed.", "load_import_settings", "oak", path)

    for words in ("“uses_sso” is 1", "“limits.removal_people” is -1", "“colour” is no"):
        assert words in ended.err


# A district to be created


@pytest.mark.parametrize(
    ("token", "changes", "words"),
    [
        ("x" * 40, {}, "did not accept this district's access token"),
        ("", {}, "is empty or contains characters no token has"),
        ("no \0token", {}, "is empty or contains characters no token has"),
        (None, {}, "can't be read: No such file or directory"),
        ("", {"id": "e" * 24}, "is empty or contains characters no token has"),
        ("", {"id": " "}, "The Clever id of the district is empty"),
        ("", {"name": "n" * 300}, "The name is not accepted"),
    ],
)
def test_a_district_that_does_not_fit_is_not_created(
    standin, db, given, token, changes, words
):
    wanted = {"id": standin.district_id, "name": "New"} | changes

    refuses(
        words,
        *("create_district", "new", "--name", wanted["name"]),
        *("--clever-district-id", wanted["id"]),
        *("--clever-token-file", given(token)),
    )


def test_the_token_of_another_district_is_refused_and_not_shown(
    standin, db, given, caplog
):
    with caplog.at_level(logging.DEBUG):
        ended = refuses(
            "belongs to the Clever district",
            *("create_district", "new", "--name", "New"),
            *("--clever-district-id", "e" * 24),
            *("--clever-token-file", given(standin.token)),
        )

    assert standin.token not in ended.out + ended.err + caplog.text


def test_nobody_at_the_first_run_of_a_district_with_accounts(standin, db, tmp_path):
    stage = make_stage("valley", standin, "small", tmp_path)
    stage.load()
    standin.fault("empty", path="/users")
    before = stage.accounts()

    ended = stage.import_staff("test")

    assert ended.code == 1
    assert "Clever returned no teachers and staff, but Naviance has" in ended.err
    assert ImportRun.objects.get().state == ImportRun.State.FAILED
    assert stage.accounts() == before


# Wrong use


@pytest.mark.parametrize(
    "command",
    [
        "load_schools nowhere x.csv",
        "load_staff nowhere x.csv",
        "load_import_settings nowhere x.json",
        "dump_import_settings nowhere",
        "match_schools nowhere",
        "import_staff nowhere --test",
        "invite nowhere a@b.example",
    ],
)
def test_a_district_that_is_not_there_is_named_with_those_there_are(oak, command):
    refuses("There is no district “nowhere”. Use one of: oak.", *command.split())


@pytest.mark.parametrize(
    "command",
    [
        "create_district",
        "create_district no/slug --name N --clever-district-id 1 --clever-token-file -",
        "create_district oak --name N --clever-token-file -",
        "load_schools",
        "load_schools oak",
        "load_staff oak a.csv b.csv",
        "load_import_settings oak",
        "match_schools oak --set S1",
        "match_schools oak --set =1",
        "import_staff oak",
        "import_staff oak --test --sync",
        "import_staff oak --undo",
        "import_results",
        "import_results last",
        "invite oak",
    ],
)
def test_wrong_use_is_exit_code_2_with_the_usage(command, capsys):
    with pytest.raises(SystemExit) as end:
        execute_from_command_line(["manage.py", *command.split()])

    assert end.value.code == 2
    assert capsys.readouterr().err.startswith("usage: ")


# As a shell sees it


@pytest.fixture
def shell(tmp_path, settings):
    """Runs manage.py in a process of its own, on the tests' database."""
    with shared_database(tmp_path) as address:

        def run(*words):
            environment = {
                **os.environ,
                "DATABASE_URL": address,
                "DJANGO_SETTINGS_MODULE": "tests.settings",
                "CLEVER_API_URL": settings.CLEVER_API_URL,
            }
            return subprocess.run(
                [sys.executable, "manage.py", *words],
                cwd=ROOT,
                env=environment,
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )

        yield run


@pytest.mark.django_db(transaction=True)
def test_exit_codes_and_streams_as_a_shell_sees_them(standin, shell, tmp_path):
    stage = make_stage("river", standin, "small", tmp_path)
    stage.load()
    standin.fault("revoked", path="/users*")

    failed = shell("import_staff", "river", "--test")
    wrong_use = shell("import_staff", "river", "--sync", "--include-held")

    assert (failed.returncode, wrong_use.returncode) == (1, 2)
    sentence = ImportRun.objects.get(state=ImportRun.State.FAILED).error
    assert failed.stderr.splitlines()[-1] == f"CommandError: {sentence}"
    assert "--include-held goes with --final only." in wrong_use.stderr
    shown = failed.stdout + failed.stderr + wrong_use.stderr
    assert "Traceback" not in shown
    assert standin.token not in shown
