"""A redacted input plans as the one it was made of, and tells of nobody."""

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from staffimport.core.planning import PlanInput, plan
from staffimport.core.redaction import MANY, Redactor, wordless
from staffimport.core.snapshot import RosterPerson, RosterSchool, Snapshot
from staffimport.core.tests.builders import OAK, OAK_ID, place
from staffimport.core.tests.districts import inputs
from staffimport.core.values import Account, Keyword, Outcome, PlannedRow, Settings

KEY = b"of this test"


def redacted(given_input):
    """The input redacted, and the rows of its plan."""
    made = plan(given_input)
    redactor = Redactor(KEY, given_input, made.rows)
    return redactor.input(given_input, made.rows), list(map(redactor.row, made.rows))


def facts(rows):
    """All that rows say but for sentences and ids of new accounts, in any order."""

    def fact(row: PlannedRow):
        account = "" if row.outcome is Outcome.CREATED else row.account_id
        return msgspec.json.encode(replace(wordless(row), account_id=account))

    return sorted(map(fact, rows))


@settings(max_examples=60)
@given(inputs())
def test_the_plan_of_the_redacted_input_is_the_redacted_plan(given_input):
    hidden, rows = redacted(given_input)

    assert facts(plan(hidden).rows) == facts(rows)


@settings(max_examples=40)
@given(inputs(kinds=("final",)))
def test_what_was_seen_approved_or_waits_is_known_again(given_input):
    keys = sorted({r.change_key for r in plan(given_input).rows if r.change_key})
    given_input = replace(
        given_input,
        reviewed=frozenset(keys[::2]),
        approved=frozenset(keys[::3]),
        dismissed=frozenset(keys[1::4]),
        waiting=dict.fromkeys(keys[::5], ("brake", "Held: Ana Lee is the last one.")),
    )
    hidden, rows = redacted(given_input)

    assert facts(plan(hidden).rows) == facts(rows)


def district(people=(), accounts=(), keywords=()):
    return PlanInput(
        district="maple",
        kind="test",
        snapshot=Snapshot("d1", schools=[RosterSchool(OAK_ID, "Oak")], people=people),
        places=[place()],
        accounts=list(accounts),
        settings=Settings(keywords=tuple(map(Keyword, keywords))),
    )


def staff(number, **fields):
    return RosterPerson(
        f"p{number:03}", is_staff=True, staff_schools=(OAK_ID,), **fields
    )


PAIRS = [
    ("accents", {"last": "Castañeda"}, {"last_name": "Castaneda"}),
    ("decomposed", {"last": "Nun\u0303ez"}, {"last_name": "Nuñez"}),
    ("typographic", {"last": "O’Brien"}, {"last_name": "OBRIEN"}),
    ("parted", {"last": "De La Cruz"}, {"last_name": "Delacruz"}),
    ("suffix", {"last": "Smith Jr."}, {"last_name": "Smith"}),
    ("not a suffix", {"last": "Smith Jo"}, {"last_name": "Smith"}),
    ("spaces", {"last": "  Van  Dyke "}, {"last_name": "Van Dyke"}),
    ("another script", {"last": "王"}, {"last_name": "Wang"}),
    ("sharp s", {"last": "Groß"}, {"last_name": "Gross"}),
    ("too long", {"last": "Ab" * 200}, {"last_name": ("Ab" * 200)[:255]}),
    ("lost zeros", {"staff_id": "00417"}, {"employee_id": "417"}),
    ("only zeros", {"staff_id": "000"}, {"employee_id": "0000"}),
    ("capitals", {"email": " Ana.Lee@X.org"}, {"email": "ana.lee@x.org"}),
    ("no address", {"email": "analee.x.org"}, {"email": "analee.x.org"}),
    ("nothing", {"email": "n/a"}, {"email": "N/A"}),
    ("emoji", {"last": "Lee 🎓"}, {"last_name": "Lee"}),
]


@pytest.mark.parametrize(("in_clever", "in_naviance"), [p[1:] for p in PAIRS])
@pytest.mark.parametrize("email", ["", "ana@x.org"])
def test_what_compares_as_one_goes_on_doing_so(in_clever, in_naviance, email):
    person = {"first": "Ana", "last": "Lee", "email": email, **in_clever}
    account = {"first_name": "Ana", "last_name": "Lee", "email": email, **in_naviance}
    given_input = district([staff(1, **person)], [Account("a1", OAK, **account)])
    hidden, rows = redacted(given_input)

    assert facts(plan(hidden).rows) == facts(rows)


def test_a_name_in_one_field_is_that_of_two_fields():
    given_input = district(
        [staff(1, first="Mary", last="🎓"), staff(2, first="Mary Ann", last="Smith")],
        [
            Account("a1", OAK, first_name="", last_name="Maryann Smith"),
            Account("a2", OAK, first_name="Maryannsmith", last_name=""),
        ],
    )
    hidden, rows = redacted(given_input)

    assert facts(plan(hidden).rows) == facts(rows)


WILHELMINA = {
    "first": "Wilhelmina",
    "middle": "Zenobia",
    "last": "Quackenbush-Ó Súilleabháin",
    "email": "wquack@thornbury.k12.or.us",
    "staff_id": "00219087",
    "staff_title": "Counselor to the Quackenbushes",
}
HER_ACCOUNT: dict[str, Any] = {
    "first_name": "Wilhelmina",
    "last_name": "Xanthopoulos",
    "email": "wilhelmina@gmail.com",
    "employee_id": "219087",
    "clever_id": "p001",
    "active": False,
    "inactive_by": "Dana Whitfield",
}
OF_HERS = ["wilhelmina", "quackenbush", "lleabh", "zenobia", "wquack", "thornbury"]
OF_HERS += ["219087", "xanthopoulos", "whitfield", "acc-1", "p001", "maple"]


def test_no_name_address_id_or_rare_word_is_left_and_what_is_diagnosed_is():
    custodians = [
        staff(number, last=f"Lee{number}", staff_title="Head Custodian")
        for number in range(2, 2 + MANY)
    ]
    given_input = district(
        [staff(1, **WILHELMINA), *custodians],
        [Account("acc-1", OAK, **HER_ACCOUNT)],
        ["counselor"],
    )
    hidden, rows = redacted(given_input)
    text = msgspec.json.encode([hidden, rows]).decode().casefold()

    assert [word for word in OF_HERS if word in text] == []
    person, account = hidden.snapshot.people[0], hidden.accounts[0]
    assert person.clever_id == account.clever_id
    assert person.staff_title.startswith("Counselor ")
    assert hidden.snapshot.people[1].staff_title == "Head Custodian"
    assert person.staff_id == f"00{account.employee_id}"
    assert account.email.endswith("@gmail.com")
    assert person.email.split(".")[1::2] == ["k12", "us"]
    assert len(person.last.partition("-")[0]) == len("Quackenbush")


def test_another_key_gives_other_stand_ins():
    given_input = district([staff(1, first="Wilhelmina", last="Quackenbush")])
    made = plan(given_input)

    people = {
        Redactor(key, given_input, made.rows)
        .input(given_input, made.rows)
        .snapshot.people[0]
        for key in (b"one", b"two", b"one")
    }

    assert len(people) == 2
