"""What the audit trail tells of single accounts after a load."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.tests.test_loading import ADA, BORIS, ID, load

MANAGER = {**BORIS, "user_role": "District Site Manager", "email": "bo@maple.example"}


def told(district, verb):
    """The one entry of a verb."""
    return district.audit_entries.get(verb=verb)


def test_a_changed_account_has_an_entry_of_its_own_with_old_and_new(maple):
    load(maple, {**ADA, "account_id": ID, "teacher_list": "yes"})
    changes = {"email": "eve@x.example", "user_role": "", "school_id": "S2"}

    load(maple, {**ADA, **changes, "account_id": ID})

    entry = told(maple, "edited account by file")
    assert (str(entry.about), entry.target) == (ID, "Abara, Ada, S2")
    assert entry.actor_name == "Dana Whitfield"
    assert entry.changes == {
        "school": ["S1", "S2"],
        "email": ["ada@maple.example", "eve@x.example"],
        "user_role": ["Teacher", None],
        "teacher_list": [True, False],
    }


@pytest.mark.parametrize(
    ("status", "verb"),
    [
        ("inactive", "deactivated account by file"),
        ("active", "reactivated account by file"),
    ],
)
def test_an_account_whose_status_a_file_changes_has_an_entry_that_says_so(
    maple, status, verb
):
    before = "active" if status == "inactive" else "inactive"
    load(maple, {**ADA, "status": before})

    load(maple, {**ADA, "status": status, "job_title": "Dean"})

    assert told(maple, verb).changes == {
        "job_title": [None, "Dean"],
        "status": [before, status],
    }


def test_a_new_account_with_rights_over_others_has_an_entry_of_its_own(maple):
    load(maple, MANAGER)

    entry = told(maple, "loaded account")
    account = maple.staff_accounts.get()
    assert entry.about == account.pk
    assert entry.target == "Bauer, Boris, district level"
    assert entry.changes == {
        "first_name": [None, "Boris"],
        "last_name": [None, "Bauer"],
        "email": [None, "bo@maple.example"],
        "user_role": [None, "District Site Manager"],
        "status": [None, "active"],
    }


def test_other_new_accounts_have_none_however_many_there_are(maple):
    """At a school no right over others works."""
    maple.user_roles.create(name="Office", rights=["manage_staff"])

    load(maple, ADA, ADA, BORIS, {**ADA, "user_role": "Office"})

    assert told(maple, "loaded staff").target == "4 new, 0 changed"
    assert maple.audit_entries.count() == 1


def test_one_entry_says_how_many_accounts_a_load_brought_and_changed(maple):
    load(maple, ADA, BORIS)

    load(
        maple,
        {**ADA, "job_title": "Dean"},
        {**BORIS, "status": "inactive"},
        {**MANAGER, "last_name": "Ito"},
        {**BORIS, "last_name": "Lee"},
    )

    newest = maple.audit_entries.first()
    assert (newest.verb, newest.about) == ("loaded staff", None)
    assert newest.target == (
        "2 new (1 with rights over others), 2 changed (1 deactivated)"
    )


def test_a_file_that_changes_nothing_leaves_no_entry(maple):
    load(maple, ADA, MANAGER)
    before = list(maple.audit_entries.all())

    load(maple, ADA, MANAGER)

    assert list(maple.audit_entries.all()) == before


def test_many_changes_are_told_in_few_queries(maple):
    many = [{**ADA, "last_name": f"Ito {n}"} for n in range(200)]
    load(maple, *many)

    with CaptureQueriesContext(connection) as queries:
        load(maple, *({**row, "job_title": "Dean"} for row in many))

    assert maple.audit_entries.filter(verb="edited account by file").count() == 200
    assert len(queries) < 60
