import csv
import json
import re
from collections import Counter

import pytest

from clever.standin.naviance import build_naviance, main, write_naviance
from clever.standin.naviance_accounts import Account, Fate, placements
from clever.standin.naviance_demo import demo_fate, school_number
from clever.standin.rosters import build_roster

ROSTERS = ("demo", "small", "messy", "large:400")
SCHOOL_HEADER = "school_id,name,nces_id,address,city,state,zip"
STAFF_HEADER = (
    "level,school_id,first_name,middle_name,last_name,job_title,email,employee_id,"
    "job_function,user_role,teacher_list,counselor_list,zone,status"
)


def accounts(roster):
    return list(build_naviance(roster).accounts)


@pytest.mark.parametrize("roster", ROSTERS)
def test_the_files_are_the_same_each_time(tmp_path, roster):
    for folder in ("one", "two"):
        write_naviance(build_naviance(roster), tmp_path / folder)

    for name in ("schools.csv", "staff.csv", "settings.json"):
        first = (tmp_path / "one" / name).read_bytes()
        assert first == (tmp_path / "two" / name).read_bytes()


@pytest.mark.parametrize("roster", ROSTERS)
def test_the_files_have_the_columns_of_the_load_commands(tmp_path, roster):
    write_naviance(build_naviance(roster), tmp_path)

    schools = (tmp_path / "schools.csv").read_text(encoding="utf-8").splitlines()
    staff = (tmp_path / "staff.csv").read_text(encoding="utf-8").splitlines()
    assert (schools[0], staff[0]) == (SCHOOL_HEADER, STAFF_HEADER)


@pytest.mark.parametrize("roster", ROSTERS)
def test_every_row_would_load(tmp_path, roster):
    write_naviance(build_naviance(roster), tmp_path)

    with (tmp_path / "schools.csv").open(encoding="utf-8", newline="") as file:
        school_ids = [row["school_id"] for row in csv.DictReader(file)]
    with (tmp_path / "staff.csv").open(encoding="utf-8", newline="") as file:
        staff = list(csv.DictReader(file))
    assert len(set(school_ids)) == len(school_ids)
    for row in staff:
        is_district = row["level"] == "district"
        assert row["level"] in ("school", "district")
        assert (
            (row["school_id"] == "") if is_district else row["school_id"] in school_ids
        )
        assert row["first_name"]
        assert row["last_name"]
        assert re.fullmatch(r"[^@\s]+@[^@\s]+\.example", row["email"].lower())
        assert {row["teacher_list"], row["counselor_list"]} <= {"yes", "no"}
        assert row["status"] in ("active", "inactive")
        assert row["user_role"]
        assert row["job_function"]
        assert max(map(len, row.values())) <= 100


def test_the_demo_districts_people_fare_in_the_proportion_of_a_first_import():
    met = [p for p in placements(build_roster("demo")) if school_number(p) != 16]
    fates = Counter(demo_fate(placement) for placement in met)
    total = fates.total() + 40  # and those who have left

    assert 0.75 <= (fates.total() - fates[Fate.NEW]) / total <= 0.87
    assert 0.09 <= fates[Fate.NEW] / total <= 0.15
    assert fates[Fate.INACTIVE] == 6
    for fate in Fate:
        assert fates[fate] >= 5


def by_name(rows):
    found: dict[str, list[Account]] = {}
    for row in rows:
        found.setdefault(f"{row.first_name} {row.last_name}", []).append(row)
    return found


def test_the_demo_districts_stories_are_told():
    people = by_name(accounts("demo"))

    [dana] = people["Dana Whitfield"]
    assert (dana.level, dana.user_role, dana.email) == (
        "district",
        "District Site Manager",
        "dana.whitfield@cedarridge.example",
    )
    assert [a.email for a in people["Jordan Lee"]] == [
        "jlee@cedarridge.example",
        "jordan.lee@cedarridge.example",
    ]
    assert [a.employee_id for a in people["Maria Delgado"]] == ["20418"]
    assert [a.email for a in people["Grace Yoo"]] == ["grace.yoo@personal.example"]
    assert [a.employee_id for a in people["Alicia Brooks"]] == ["417"]
    assert [a.level for a in people["Rafael Gomez"]] == ["district"]
    assert [a.status for a in people["Imani Clarke"]] == ["inactive"]
    assert [a.job_title for a in people["José Castañeda"]] == ["Teacher"]
    assert len(people["Katie O'Brien"]) == 2
    assert len(people["Thomas Beck"]) == 3
    assert not {"Maria Delgado-Ruiz", "Thanh Nguyen", "Ruth Abernathy"} & set(people)


def test_the_demo_districts_old_teams_are_there_for_the_brake_to_hold():
    rows = accounts("demo")
    washington, jefferson = "1015", "1008"

    team = {a.last_name for a in rows if a.school_id == washington}
    registrars = {
        a.last_name
        for a in rows
        if a.school_id == jefferson and a.user_role == "Registrar"
    }

    assert team == {"Haskell", "Tran", "Odom", "Reyna", "Nyberg", "Pike"}
    assert registrars == {"Pruitt", "Hartley", "Fairbanks"}


def test_naviance_lacks_a_school_of_the_demo_district_and_has_four_of_its_own():
    clever = {school["name"] for school in build_roster("demo").schools}
    schools = build_naviance("demo").schools
    names = {school.name for school in schools}

    assert "Cedar Ridge Virtual Academy" in clever - names
    assert {s.nces_id for s in schools if s.name not in clever} >= {"", "A0501234"}
    assert len(schools) == 19


def test_small_differs_from_clever_as_it_is_said_to():
    people = by_name(accounts("small"))

    assert not {"Sven Shah", "Tara Toro", "Dario Dunn"} & set(people)
    assert people["Carla Cruz"][0].job_title == "Teacher"
    assert people["Walt Gone"][0].school_id == "1002"
    assert len(people["Xenia Xu"]) == 2
    assert people["Maya Site"][0].user_role == "District Site Manager"


def test_half_of_a_large_district_is_there_and_a_few_have_another_title():
    rows = accounts("large:400")

    assert len(rows) == 200
    assert sum(1 for a in rows if a.job_title in ("Teacher I", "Teacher")) < 100
    assert len({(a.school_id, a.email) for a in rows}) == 200


def test_settings_have_the_shape_of_a_settings_file(tmp_path):
    write_naviance(build_naviance("demo"), tmp_path)

    settings = json.loads((tmp_path / "settings.json").read_text(encoding="utf-8"))
    assert set(settings) == {
        "keywords",
        "school_default",
        "district_default",
        "protected_roles",
        "schools",
        "teacher_fallback",
        "uses_sso",
    }
    assert all(
        set(keyword)
        == {
            "keyword",
            "applies_to",
            "job_function",
            "user_role",
            "teacher_list",
            "counselor_list",
        }
        for keyword in settings["keywords"]
    )
    assert settings["district_default"]["zone"] == "No Schools Zone"


def test_the_command_writes_the_files_and_refuses_an_unknown_roster(tmp_path, capsys):
    assert main(["--roster", "small", "--out", str(tmp_path / "new" / "folder")]) == 0
    assert main(["--roster", "tiny", "--out", str(tmp_path)]) == 2

    assert (tmp_path / "new" / "folder" / "staff.csv").exists()
    assert "'tiny'" in capsys.readouterr().err
