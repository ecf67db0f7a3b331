"""Bad input from Clever: a sentence, an exit code, a failed run, no account changed."""

import logging
import socket

import pytest

from accounts.models import StaffAccount
from clever.standin import Standin
from schools.models import District
from staffimport.models import ImportRun, RosterSnapshot
from tests.stage import kept, make_stage, manage, served_by

KINDS = ("test", "final", "sync")


@pytest.fixture(scope="module")
def imported(django_db_setup, django_db_blocker, tmp_path_factory):
    """The small district after its first final and one more test, for this module."""
    folder = tmp_path_factory.mktemp("stage")
    with kept(django_db_blocker, "maple"):
        with (
            django_db_blocker.unblock(),
            Standin("small") as standin,
            served_by(standin),
        ):
            stage = make_stage("maple", standin, "small", folder)
            stage.load()
            for kind in ("test", "final", "test"):
                assert stage.import_staff(kind).code == 0
        yield stage


@pytest.fixture
def standin(settings):
    """The small district's Clever, fresh for each test."""
    with Standin("small") as running:
        settings.CLEVER_API_URL = running.url
        yield running


@pytest.fixture
def clever(standin, imported, db):
    """The same, with the district imported from it."""
    return standin


def dump():
    """Everything in every account, to be compared before and after."""
    return list(StaffAccount.objects.order_by("pk").values())


def free_port():
    """Return a port of loopback that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def fails_with_a_sentence(caplog, token, kind, words):
    """Run an import that must fail, and check all that "Bad input gets" promises."""
    before, snapshots = dump(), RosterSnapshot.objects.count()

    with caplog.at_level(logging.DEBUG):
        ended = manage("import_staff", "maple", f"--{kind}")

    run = ImportRun.objects.latest("pk")
    assert ended.code == 1
    assert ended.err == f"CommandError: {run.error}\n"
    assert words in run.error
    assert run.error.count(". ") >= 1, "what is wrong, then what to do"
    assert (run.kind, run.state) == (kind, ImportRun.State.FAILED)
    assert not run.error_is_unexpected
    assert run.results.count() == 0
    assert dump() == before
    assert RosterSnapshot.objects.count() == snapshots
    assert "Traceback" not in ended.out + ended.err + caplog.text
    assert token not in ended.out + ended.err + caplog.text


# Whose token, which district


@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_token(clever, caplog, kind):
    wrong = "0123456789abcdef" * 2
    District.objects.filter(slug="maple").update(clever_token=wrong)

    fails_with_a_sentence(caplog, wrong, kind, "did not accept this district's access")


def test_a_token_that_can_not_be_one(clever, caplog):
    wrong = "two words\nand a line"
    District.objects.filter(slug="maple").update(clever_token=wrong)

    fails_with_a_sentence(caplog, wrong, "test", "characters no token has")


@pytest.mark.parametrize("kind", KINDS)
def test_a_revoked_token(clever, caplog, kind):
    clever.fault("revoked")

    fails_with_a_sentence(
        caplog, clever.token, kind, "did not accept this district's access token"
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_district_that_is_not_the_tokens(clever, caplog, kind):
    District.objects.filter(slug="maple").update(clever_id="f" * 24)

    fails_with_a_sentence(
        caplog, clever.token, kind, f"but this district is {'f' * 24}"
    )


# No way to Clever


@pytest.mark.parametrize("kind", KINDS)
def test_a_port_where_nobody_answers(clever, caplog, settings, kind):
    settings.CLEVER_API_URL = f"http://127.0.0.1:{free_port()}"

    fails_with_a_sentence(caplog, clever.token, kind, "Clever could not be reached")


def test_a_name_that_no_address_belongs_to(clever, caplog, settings):
    settings.CLEVER_API_URL = "http://clever.invalid"

    fails_with_a_sentence(caplog, clever.token, "sync", "Clever could not be reached")


@pytest.mark.parametrize(
    "address", ["clever", "ftp://clever.example", "http://127.0.0.1:1/v3.1", "http://["]
)
def test_an_address_that_is_none(clever, caplog, settings, address):
    settings.CLEVER_API_URL = address

    fails_with_a_sentence(caplog, clever.token, "test", "is not a web address")


# Answers that can't be the roster


@pytest.mark.parametrize(
    ("fault", "path", "words"),
    [
        ("ends_early", "/users?role=teacher", "Clever's list of users ended early"),
        ("ends_early", "/users?role=staff", "Clever's list of users ended early"),
        ("ends_early", "/schools", "Clever's list of schools ended early"),
        ("ends_early", "/sections", "Clever's list of sections ended early"),
        ("empty", "/users?role=teacher", "Clever returned no teachers"),
        ("empty", "/users?role=staff", "Clever returned no staff"),
        ("empty", "/users", "Clever returned no people"),
        ("html", "", "could not be read"),
        ("html", "/sections", "could not be read"),
        ("broken_json", "/users?role=staff", "could not be read"),
        ("cut_off", "/sections", "the connection broke off"),
        ("hang_up", "/users?role=staff", "the connection broke off"),
        ("stuck", "/users?role=teacher", "did not continue where it should"),
        ("unordered", "/sections", "did not continue where it should"),
        ("foreign_link", "/schools", "pointed to another address"),
        ("404", "/sections", "does not make the data at /v3.1/sections available"),
        ("500", "/users?role=staff", "Clever has a problem of its own"),
        ("502", "/schools", "Clever has a problem of its own"),
        ("429", "/sections", "refusing more requests"),
        ("501", "/sections", "Clever refused the request"),
    ],
)
@pytest.mark.parametrize("kind", ["test", "sync"])
def test_an_answer_that_can_not_be_trusted(clever, caplog, kind, fault, path, words):
    clever.fault(fault, path=path)

    fails_with_a_sentence(caplog, clever.token, kind, words)


@pytest.mark.parametrize(
    ("fault", "path"),
    [("empty", "/users"), ("ends_early", "/sections"), ("html", ""), ("stuck", "")],
)
def test_a_final_after_a_good_test_fails_like_any_other(clever, caplog, fault, path):
    clever.fault(fault, path=path)

    fails_with_a_sentence(caplog, clever.token, "final", "Clever")


def test_the_next_run_is_none_the_worse(clever, caplog):
    clever.fault("empty", path="/users")
    assert manage("import_staff", "maple", "--sync").code == 1
    before = dump()
    clever.clear_faults()

    assert manage("import_staff", "maple", "--sync").code == 0
    assert dump() == before


def test_trouble_that_passes_fails_nothing(clever):
    for fault in ("429", "500", "502", "cut_off", "hang_up", "html", "broken_json"):
        clever.fault(fault, path="/sections", times=1)

    assert manage("import_staff", "maple", "--sync").code == 0
    assert clever.state.faults.active() == []


# Frozen data


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("paused", "Notice: Clever has paused the sync of this district until 2026"),
        ("erroring", "Notice: Clever reports an error in the sync of this district"),
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_a_frozen_district_is_imported_as_it_stands(clever, fault, words, kind):
    clever.fault(fault)
    before = dump()

    ended = manage("import_staff", "maple", f"--{kind}")

    assert (ended.code, ended.err) == (0, "")
    assert words in ended.out
    assert dump() == before


# The other commands that ask Clever


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("revoked", "did not accept this district's access token"),
        ("html", "could not be read"),
        ("ends_early", "list of schools ended early"),
        ("stuck", "did not continue where it should"),
        ("500", "Clever has a problem of its own"),
    ],
)
def test_schools_are_not_matched_to_what_can_not_be_trusted(clever, fault, words):
    before = list(District.objects.get(slug="maple").clever_schools.values())
    clever.fault(fault)

    ended = manage("match_schools", "maple")

    assert ended.code == 1
    assert ended.err.startswith("CommandError: ")
    assert words in ended.err
    assert list(District.objects.get(slug="maple").clever_schools.values()) == before


# A roster that is whole but looks wrong: notices on a test, held rows, nobody archived


def held():
    """Return what the newest run holds: last names by reason."""
    found: dict[str, set[str]] = {}
    for row in ImportRun.objects.latest("pk").results.filter(state="held"):
        found.setdefault(row.held_reason, set()).add(row.last_name)
    return found


@pytest.mark.parametrize("kind", ["test", "sync"])
def test_a_school_no_longer_shared_costs_nobody_an_account(clever, imported, kind):
    clever.fault("unshared", school=imported.clever_school(3))
    before = dump()

    ended = manage("import_staff", "maple", f"--{kind}")

    assert ended.code == 3
    assert "Clever no longer shares the school" in ended.out
    assert held() == {
        "source": {"Quist", "Reyes", "Shah", "Toro", "Ware", "Ames"},
    }
    assert dump() == before


@pytest.mark.parametrize("kind", ["test", "sync"])
def test_an_e_mail_that_nobody_has_any_more_changes_nothing(clever, imported, kind):
    people = [imported.clever_user(number) for number in range(1, 31)]
    lost = {"do": "update", "kind": "users", "set": {"email": None}}
    clever.sync([{**lost, "id": person} for person in people])
    before = dump()

    ended = manage("import_staff", "maple", f"--{kind}")

    assert ended.code == 0
    assert "Most people had an e-mail in Clever and have none now." in ended.out
    assert dump() == before


@pytest.mark.parametrize("kind", ["test", "sync"])
def test_sections_that_are_gone_in_summer_cost_nobody_an_account(clever, kind):
    clever.fault("empty", path="/sections")
    before = dump()

    ended = manage("import_staff", "maple", f"--{kind}")

    assert ended.code == 3
    assert held() == {"rollover": {"Jain"}}  # he taught a section of another school
    assert dump() == before
