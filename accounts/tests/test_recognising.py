"""Which account a row of a staff file is about."""

import uuid

from hypothesis import given
from hypothesis import strategies as st

from accounts.models import StaffAccount
from accounts.services.recognising import recognise
from accounts.staff_rows import TEXTS, StaffRow

names = st.sampled_from(["Ada", "Bo", ""])
ids = st.none() | st.uuids(version=4)


def staff_row(first_name, account_id=None):
    texts = {**dict.fromkeys(TEXTS, ""), "first_name": first_name, "last_name": "Lee"}
    return StaffRow(2, account_id, None, texts, "", "", "", False, False, True)


@given(
    st.lists(
        st.builds(staff_row, names, ids),
        unique_by=lambda row: row.account_id or id(row),
    )
)
def test_every_row_of_a_file_finds_the_account_made_of_it(rows):
    accounts = [
        StaffAccount(id=row.account_id or uuid.uuid4(), school=None, **row.texts)
        for row in rows
    ]

    assert recognise(rows, accounts) == accounts


@given(st.lists(st.builds(staff_row, names)), st.lists(st.builds(staff_row, names)))
def test_no_account_is_given_to_two_rows(loaded, rows):
    accounts = [StaffAccount(school=None, **row.texts) for row in loaded]

    found = [account for account in recognise(rows, accounts) if account]

    assert len(found) == len({account.pk for account in found})
