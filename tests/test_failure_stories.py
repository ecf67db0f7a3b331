"""What went wrong in others' imports from Clever, one test each, over the commands.

Numbered as the stories collected from public projects. The 20th, a sign-in without
state, is a matter of signing in: accounts/tests/test_clever_sso.py.
"""

import json
import logging
from collections import Counter

import pytest

from accounts.models import StaffAccount
from clever.client import Client
from clever.standin import Standin
from schools.audit import Actor
from schools.models import District, School, SchoolMatch
from staffimport.models import ImportRun
from staffimport.services.start import start_test
from tests.stage import done, kept, make_stage, manage, served_by

HIGH, MIDDLE, ELEMENTARY = 1, 2, 3
ADA, BRUNO, CARLA, JONAS, XENIA = 1, 2, 3, 10, 24
ROW = {
    **dict.fromkeys(("middle_name", "job_title", "email", "employee_id"), ""),
    "level": "school",
    "school_id": "1001",
    "first_name": "Pat",
    "job_function": "",
    "user_role": "Teacher",
    "teacher_list": "yes",
    "counselor_list": "no",
    "zone": "",
    "status": "active",
}


@pytest.fixture(scope="module")
def imported(django_db_setup, django_db_blocker, tmp_path_factory):
    """The small district after its first final and one more test."""
    folder = tmp_path_factory.mktemp("stories")
    with kept(django_db_blocker, "stories"):
        with (
            django_db_blocker.unblock(),
            Standin("small") as standin,
            served_by(standin),
        ):
            stage = make_stage("stories", standin, "small", folder)
            stage.load()
            for kind in ("test", "final", "test"):
                assert stage.import_staff(kind).code == 0
        yield stage


@pytest.fixture
def story(imported, db, settings, tmp_path):
    """The same district, with the small district's Clever fresh for each test."""
    with Standin("small") as running:
        settings.CLEVER_API_URL = running.url
        yield Story(imported.with_standin(running), tmp_path)


class Story:
    """A district on which something befalls."""

    def __init__(self, stage, folder):
        self.stage, self.clever, self.folder = stage, stage.standin, folder
        self.district = District.objects.get(slug=stage.slug)

    def person(self, number):
        return self.stage.clever_user(number)

    def school(self, number):
        return self.stage.clever_school(number)

    def update(self, number, **values):
        self.clever.change("update", kind="users", id=self.person(number), set=values)

    def add(self, last, role="teacher", *, at=HIGH, number="", **values):
        """Add somebody to Clever; return the new Clever id."""
        ids = {"teacher": "teacher_number", "staff": "staff_id"}
        held = {"schools": [self.school(at)], ids[role]: number, "title": "Teacher"}
        if role == "teacher":
            held["school"] = self.school(at)
        record = {
            "name": {"first": "Pat", "last": last},
            "roles": {role: held},
            **values,
        }
        return self.clever.change("add", kind="users", record=record)

    def load(self, **row):
        """Load one Naviance account and return it."""
        values = {**ROW, **row}
        path = self.folder / "one.csv"
        path.write_text(f"{','.join(values)}\n{','.join(values.values())}\n")
        before = set(StaffAccount.objects.values_list("pk", flat=True))
        done("load_staff", self.stage.slug, path)
        return StaffAccount.objects.exclude(pk__in=before).get()

    def run(self, kind="sync"):
        """Run an import and return its rows."""
        path = self.folder / "rows.json"
        done("import_staff", self.stage.slug, f"--{kind}", "--json", path)
        return json.loads(path.read_text())["results"]

    def accounts(self, **wanted):
        return StaffAccount.objects.filter(district=self.district, **wanted)

    def active(self):
        return self.accounts(status="active").count()


def rows_of(rows, clever_id):
    return [row for row in rows if row["clever_id"] == clever_id]


def outcomes(rows):
    return Counter((row["outcome"], row["state"]) for row in rows)


def test_1_nobody_without_an_e_mail_overwrites_another_without_one(story):
    stranger = story.load(last_name="Stranger")
    new = story.add("Newcomer", email=None)
    story.update(ADA, email=None)

    story.run()

    stranger.refresh_from_db()
    assert (stranger.last_name, stranger.clever_id) == ("Stranger", "")
    assert story.accounts(clever_id=new).get().last_name == "Newcomer"
    assert story.accounts(clever_id=story.person(ADA)).get().email.startswith("ada.")


def test_2_an_account_with_the_same_e_mail_is_linked_not_made_a_second_time(story):
    known = story.load(last_name="Quill", email="Pat.Quill@maplevalley.example")
    new = story.add("Quill", email="pat.quill@maplevalley.example")

    rows = story.run()

    known.refresh_from_db()
    assert known.clever_id == new
    assert [row["matched_by"] for row in rows_of(rows, new)] == ["email"]


def test_3_one_account_by_the_id_and_another_by_the_e_mail_are_a_conflict(story):
    story.load(last_name="Abara", email="ada.abara@maplevalley.example")
    before = story.stage.accounts()

    [row] = rows_of(story.run(), story.person(ADA))

    assert (row["outcome"], len(row["candidates"])) == ("conflict", 2)
    assert story.stage.accounts() == before


def test_4_who_was_linked_another_way_is_found_by_the_employee_id(story):
    known = story.load(last_name="Quill", email="old@x.example", employee_id="77")
    new = story.add("Quill", number="77", email="new@x.example")

    story.run()

    known.refresh_from_db()
    assert (known.clever_id, known.email) == (new, "new@x.example")


def test_5_a_sync_takes_no_role_away_that_was_given_here(story):
    manager = story.district.user_roles.get(name="District Site Manager")
    ada = story.accounts(clever_id=story.person(ADA))
    ada.update(user_role=manager, teacher_list=False)
    story.update(ADA, roles={"teacher": {"title": "Teacher, Physics"}})

    story.run()

    account = ada.get()
    assert (account.user_role, account.teacher_list) == (manager, False)
    assert account.job_title == "Teacher, Physics"


def test_6_new_clever_ids_for_everybody_cost_nobody_an_account(story):
    before = story.active()
    story.clever.sync(
        [{"do": "new_id", "id": story.person(number)} for number in range(1, 31)]
    )

    rows = story.run()

    assert story.active() == before
    assert {(row["outcome"], row["state"]) for row in rows} == {("relink", "held")}


def test_7_staff_have_schools_alone_and_a_role_may_be_null(story):
    new = story.add("Quill", "staff", at=MIDDLE)
    story.update(ADA, roles={"staff": None})

    story.run()

    assert story.accounts(clever_id=new).get().school.school_id == "1002"
    assert story.accounts(clever_id=story.person(ADA)).get().status == "active"


def test_8_a_school_of_the_same_name_and_another_id_is_not_taken_for_it(story):
    record = {"name": "Maple Valley High School", "nces_id": "069998000199"}
    twin = story.clever.change("add", kind="schools", record=record)

    done("match_schools", story.stage.slug)
    new = story.add("Quill")
    story.clever.change(
        "update",
        kind="users",
        id=new,
        set={"roles": {"teacher": {"school": twin, "schools": [twin]}}},
    )
    [row] = rows_of(story.run("test"), new)

    assert not SchoolMatch.objects.filter(clever_school__clever_id=twin).exists()
    assert row["outcome"] == "skipped"
    assert (
        "Maple Valley High School is not matched to a Naviance school"
        in (row["reason"])
    )


def test_9_a_school_without_an_nces_id_is_listed_not_left_out(story):
    record = {"name": "Night School", "nces_id": None}
    night = story.clever.change("add", kind="schools", record=record)
    path = story.folder / "matches.json"

    done("match_schools", story.stage.slug, "--json", path)

    listed = {m["clever_id"]: m for m in json.loads(path.read_text())["matches"]}
    assert listed[night]["school_id"] is None


def test_10_an_nces_id_that_lost_its_leading_zero_matches_all_the_same(story):
    school = School.objects.create(
        district=story.district, school_id="9", name="Depot", nces_id="069998000777"
    )
    record = {"name": "The Depot School", "nces_id": "69998000777"}
    story.clever.change("add", kind="schools", record=record)

    done("match_schools", story.stage.slug)

    assert SchoolMatch.objects.get(school=school).method == "nces_id"


def test_11_no_page_is_left_out(story):
    client = Client(story.clever.token, base_url=story.clever.url, page_size=7)
    with client:
        found = {user.id for user in client.users("teacher")}

    assert found == {story.person(number) for number in range(1, 21)}


def test_12_a_refusal_is_not_asked_for_again_and_again(story):
    story.clever.fault("404", path="/sections")

    assert manage("import_staff", story.stage.slug, "--sync").code == 1
    assert story.clever.requests["/v3.1/sections"] == 1


def test_13_a_refused_token_is_never_read_as_an_empty_district(story):
    story.clever.fault("revoked")
    before = story.stage.accounts()

    ended = manage("import_staff", story.stage.slug, "--sync")

    assert (ended.code, story.stage.accounts()) == (1, before)
    assert "did not accept this district's access token" in ended.err


def test_14_nobody_waits_for_clever_when_an_import_is_asked_for(story):
    story.clever.fault("slow", seconds=60)

    run = start_test(story.district, Actor("Dana Whitfield"))

    assert run.state == ImportRun.State.QUEUED
    assert sum(story.clever.requests.values()) == 0


def test_15_a_new_e_mail_with_a_new_id_is_a_relink_not_a_leaver_and_a_joiner(story):
    new = story.clever.change("new_id", id=story.person(ADA))
    story.clever.change(
        "update", kind="users", id=new, set={"email": "ada.lovell@x.example"}
    )
    before = story.active()

    rows = story.run()

    assert outcomes(rows) == {("relink", "held"): 1}
    assert story.active() == before


def test_16_two_users_of_one_person_get_one_account_between_them(story):
    """Her staff record has another e-mail, so Clever takes her for two people."""
    staff = {"schools": [story.school(HIGH)], "staff_id": "1001", "title": "Chair"}
    record = {
        "name": {"first": "Ada", "last": "Abara"},
        "email": "a.abara@x.example",
        "roles": {"staff": staff},
    }
    second = story.clever.change("add", kind="users", record=record)
    before = story.active()

    [row] = rows_of(story.run(), second)

    assert row["outcome"] == "conflict"
    assert "belongs to Ada Abara" in row["reason"]
    assert story.active() == before


def test_17_one_e_mail_of_two_people_is_two_accounts_and_no_mix_up(story):
    office = "office@maplevalley.example"
    first = story.add("Quill", email=office)
    second = story.add("Reed", email=office)

    story.run()

    names = {story.accounts(clever_id=c).get().last_name for c in (first, second)}
    assert names == {"Quill", "Reed"}


def test_18_a_school_unshared_by_mistake_costs_nobody_an_account(story):
    before = story.active()
    story.clever.change("unshare", school=story.school(HIGH))

    rows = story.run()

    assert story.active() == before
    assert {row["state"] for row in rows if row["outcome"] == "inactive"} == {"held"}


def test_19_who_has_no_e_mail_is_given_what_their_title_gives(story):
    new = story.add("Quill", email=None)

    story.run()

    account = story.accounts(clever_id=new).get()
    assert (str(account.user_role), account.teacher_list) == ("Teacher", True)


def test_21_a_co_teacher_who_becomes_the_first_pushes_nobody_out(story):
    section = story.clever.district.sections.ids()[0]
    both = [story.person(ADA), story.person(BRUNO)]
    for teachers in (both, both[::-1]):
        story.clever.change(
            "update",
            kind="sections",
            id=section,
            set={"teacher": teachers[0], "teachers": teachers},
        )
        story.run()

    for number in (ADA, BRUNO):
        account = story.accounts(clever_id=story.person(number)).get()
        assert (account.school.school_id, account.status) == ("1001", "active")


def test_22_neither_names_nor_addresses_nor_the_token_stand_in_the_log(story, caplog):
    story.add("Verysecret", email="verysecret@x.example")

    with caplog.at_level(logging.INFO):
        story.run()

    assert caplog.text
    for secret in ("Verysecret", "verysecret@", "Abara", story.clever.token):
        assert secret not in caplog.text


def test_23_whom_clever_drops_for_a_repeated_id_is_not_mixed_up_with_the_other(story):
    """Clever keeps the first of two records with one SIS id; Bruno's is missing."""
    story.clever.change("remove", kind="users", id=story.person(BRUNO))
    story.update(CARLA, roles={"teacher": {"teacher_number": "1002"}})
    bruno = story.accounts(clever_id=story.person(BRUNO)).get()

    story.run()

    bruno.refresh_from_db()
    assert (bruno.last_name, bruno.status) == ("Bell", "inactive")
    assert story.accounts(clever_id=story.person(CARLA)).get().last_name == "Cruz"


def test_24_a_district_without_a_token_is_told_what_is_missing(story):
    District.objects.filter(pk=story.district.pk).update(clever_token="")

    ended = manage("import_staff", story.stage.slug, "--sync")

    assert ended.code == 1
    assert "token" in ended.err
    assert ended.err.count(". ") >= 1, "what is missing, then what to do"
