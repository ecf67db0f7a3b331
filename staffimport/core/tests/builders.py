"""Small builders for rosters, accounts and plans, and a plan applied on values."""

from collections.abc import Iterable

from msgspec.structs import replace

from staffimport.core.planning import PlanInput, plan
from staffimport.core.snapshot import RosterPerson, RosterSchool, Snapshot
from staffimport.core.values import (
    Account,
    Assignment,
    Keyword,
    Outcome,
    Place,
    Plan,
    PlannedRow,
    RowState,
    Settings,
)

OAK, ELM = 1, 2
OAK_ID, ELM_ID = "c-oak", "c-elm"
SCHOOLS = (RosterSchool(OAK_ID, "Oak High"), RosterSchool(ELM_ID, "Elm High"))
TIES = (Outcome.CREATED, Outcome.MATCHED, Outcome.REACTIVATED, Outcome.RELINK)
VALUES = (
    "first_name",
    "middle_name",
    "last_name",
    "job_title",
    "email",
    "employee_id",
)


def teacher(clever_id="p1", at=(OAK_ID,), **given):
    """Return a teacher of schools; `title` and `number` are the teacher record's."""
    at = (at,) if isinstance(at, str) else tuple(at)
    return person(clever_id, is_teacher=True, teacher_schools=at, **given)


def staff(clever_id="p1", at=(OAK_ID,), title="", number="", **given):
    """Return a person of the user type Staff."""
    at = (at,) if isinstance(at, str) else tuple(at)
    return person(
        clever_id,
        is_staff=True,
        staff_schools=at,
        staff_title=title,
        staff_id=number,
        **given,
    )


def district_admin(clever_id="p1", title="", **given):
    """Return a district admin."""
    return person(clever_id, is_district_admin=True, admin_title=title, **given)


def person(clever_id="p1", title="", number="", **given):
    """Return a person named Ana Lee, of no role unless `given` says so."""
    values = {
        "first": "Ana",
        "last": "Lee",
        "email": f"{clever_id}@x.org",
        "teacher_title": title,
        "teacher_id": number,
    }
    return RosterPerson(clever_id, **{**values, **given})


def account(account_id="a1", school: int | None = OAK, **given):
    """Return an active account of Ana Lee, whose e-mail no builder's person has."""
    values = {
        "first_name": "Ana",
        "last_name": "Lee",
        "email": f"{account_id}@old.org",
    }
    return Account(account_id, school, **{**values, **given})


def inactive(account_id="a1", school: int | None = OAK, cause="run", **given):
    """Return an inactive account."""
    return account(account_id, school, active=False, inactive_cause=cause, **given)


def place(school=OAK, name="Oak High", clever_id=OAK_ID, **given):
    """Return an included place that a final has covered."""
    return Place(school, name, clever_id, **{"covered": True, **given})


def places():
    """Return Oak and Elm."""
    return [place(), place(ELM, "Elm High", ELM_ID)]


def keyword(text, role="", applies_to="both", **given):
    """Return a title keyword that gives a role."""
    return Keyword(text, applies_to, Assignment(user_role=role or text, **given))


def crowd(count=40, school: int | None = OAK, prefix="crowd"):
    """Return people and their tied accounts, so that the brake sees no accident."""
    people, accounts = [], []
    for number in range(count):
        name = f"{prefix}{school}x{number:03}"
        where = {OAK: OAK_ID, ELM: ELM_ID, None: ""}[school]
        values = {"first": name, "last": name}
        one = staff(name, where, **values) if where else district_admin(name, **values)
        people.append(one)
        accounts.append(
            account(
                f"a-{name}",
                school,
                first_name=name,
                last_name=name,
                email=f"{name}@x.org",
                clever_id=name,
            )
        )
    return people, accounts


def snapshot_of(people: Iterable[RosterPerson] = (), teaching=None, schools=SCHOOLS):
    """Return a snapshot; `teaching` maps people to the schools of their sections."""
    return Snapshot(
        "d1", schools=list(schools), people=list(people), teaching=teaching or {}
    )


def input_of(people=(), accounts=(), *, teaching=None, schools=SCHOOLS, **given):
    """Return the input of a test import; anything of PlanInput may be given."""
    values = {"kind": "test", "places": places(), "settings": Settings()}
    return PlanInput(
        district="maple",
        snapshot=snapshot_of(people, teaching, schools),
        accounts=list(accounts),
        **{**values, **given},
    )


def plan_of(people=(), accounts=(), **given) -> Plan:
    """Return the plan of a test import of these people and accounts."""
    return plan(input_of(people, accounts, **given))


def only(made: Plan) -> PlannedRow:
    """Return the only row of a plan."""
    (row,) = made.rows
    return row


def rows_of(made: Plan, clever_id: str) -> list[PlannedRow]:
    """Return the rows of one person's placements (and of accounts tied to them)."""
    return [row for row in made.rows if row.clever_id == clever_id]


def row_of(made: Plan, clever_id: str) -> PlannedRow:
    """Return the only row of one person."""
    (row,) = rows_of(made, clever_id)
    return row


def row_at(made: Plan, account_id: str) -> PlannedRow:
    """Return the only row of one account."""
    (row,) = [row for row in made.rows if row.account_id == account_id]
    return row


def outcomes(made: Plan) -> dict[str, str]:
    """Return the outcome by account id, or by Clever id where there is no account."""
    return {row.account_id or row.clever_id: str(row.outcome) for row in made.rows}


def writing(made: Plan) -> list[PlannedRow]:
    """Return the rows that applying the plan would write."""
    return [r for r in made.rows if r.writes and r.state is RowState.PLANNED]


def applied(made: Plan, accounts: Iterable[Account]) -> list[Account]:
    """Return the accounts as applying the plan leaves them."""
    after = {one.id: one for one in accounts}
    for row in writing(made):
        if row.outcome in TIES:
            _cut_tie(after, row)
    for row in writing(made):
        after[row.account_id] = _written(after.get(row.account_id), row)
    return list(after.values())


def _cut_tie(after: dict[str, Account], row: PlannedRow) -> None:
    """A Clever id is unique at its place: the account that had it loses it."""
    for one in list(after.values()):
        if (one.school, one.clever_id) == (row.school, row.clever_id):
            after[one.id] = replace(one, clever_id="")


def _written(before: Account | None, row: PlannedRow) -> Account:
    values = {field: getattr(row, field) for field in VALUES}
    if before is None:
        assigned = ("job_function", "user_role", "teacher_list", "counselor_list")
        values |= {field: getattr(row, field) for field in (*assigned, "zone")}
        return Account(row.account_id, row.school, clever_id=row.clever_id, **values)
    if row.outcome is Outcome.INACTIVE:
        gone = {"active": False, "inactive_cause": "run", "inactive_by": "Final 1"}
        return replace(before, **gone, revision=before.revision + 1)
    back = {"active": True, "inactive_cause": "", "inactive_by": ""}
    return replace(
        before,
        **values,
        **back,
        clever_id=row.clever_id,
        revision=before.revision + 1,
    )
