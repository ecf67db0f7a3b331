"""Adding staff accounts by hand, and no second one unnoticed."""

import pytest

from accounts.models import User
from accounts.services.staff_adding import AlikeError, HasAccountError, add_account
from accounts.tests.by_hand import JORDAN, MANAGER, fresh, last_entry, make, values
from schools.audit import Actor
from schools.errors import RefusedError


def test_an_added_account_is_marked_and_left_alone_by_imports(maple, school, dana):
    teacher = maple.user_roles.get(name="Teacher")
    wanted = values(job_title="Teacher", user_role=teacher, teacher_list=True)

    made = fresh(add_account(maple, school, wanted, dana))

    assert (made.origin, made.status, made.clever_id) == ("manual", "active", "")
    assert made.pinned_fields == ["first_name", "last_name", "job_title", "email"]
    assert (made.user_role, made.teacher_list, made.name_key) == (
        teacher,
        True,
        "lee jordan",
    )
    assert last_entry(maple) == (
        "Dana Whitfield",
        "added account",
        made.pk,
        {
            "first_name": [None, "Jordan"],
            "last_name": [None, "Lee"],
            "job_title": [None, "Teacher"],
            "email": [None, "jlee@maple.example"],
            "user_role": [None, "Teacher"],
            "teacher_list": [None, True],
        },
    )


def test_what_was_entered_may_follow_clever_one_day(maple, school, dana):
    made = add_account(maple, school, values(), dana, is_pinned=False)

    assert fresh(made).pinned_fields == []


@pytest.mark.parametrize(
    ("typed", "reasons"),
    [
        ({"email": "other@x"}, ("the same name",)),
        ({"first_name": "J."}, ("the same e-mail",)),
        ({"first_name": "X", "email": "", "employee_id": "417"},
         ("the same employee ID",)),
        ({"employee_id": " 417 "},
         ("the same name", "the same e-mail", "the same employee ID")),
    ],
)  # fmt: skip
def test_whoever_looks_alike_is_asked_about_first(maple, school, dana, typed, reasons):
    other_school = maple.schools.get(school_id="S2")
    known = make(maple, other_school, employee_id="417")

    with pytest.raises(AlikeError, match="is here already") as refused:
        add_account(maple, school, values(**typed), dana)

    (alike,) = refused.value.alike
    assert (alike.person.accounts, alike.reasons) == ((known,), reasons)
    assert maple.staff_accounts.filter(school=school).count() == 0
    add_account(maple, school, values(**typed), dana, is_another=True)
    assert maple.staff_accounts.filter(school=school).count() == 1


def test_somebody_with_nothing_in_common_is_added_at_once(maple, school, dana):
    make(maple, school, last_name="Leeson", email="x@y", employee_id="4170")

    add_account(maple, school, values(employee_id="417"), dana)

    assert maple.staff_accounts.filter(school=school).count() == 2


def test_the_same_person_elsewhere_signs_in_to_both(maple, school, dana):
    user = User.objects.create_user("jlee@maple.example")
    known = make(maple, maple.schools.get(school_id="S2"), user=user)

    made = add_account(maple, school, values(), dana, same_as=known)

    assert made.user == user


def test_an_account_of_another_address_is_in_nobodys_sign_in_yet(maple, school, dana):
    user = User.objects.create_user("jlee@maple.example", "a password")
    known = make(maple, maple.schools.get(school_id="S2"), user=user)

    made = add_account(
        maple, school, values(email="tom@maple.example"), dana, same_as=known
    )

    assert made.user is None


def test_nobody_adds_an_account_to_the_sign_in_of_whoever_may_do_more(maple, school):
    kim = User.objects.create_user("kim@maple.example", "a password")
    make(maple, role="District Analyst", user=kim, last_name="Marsh")
    vic = make(maple, role=MANAGER, last_name="Lopez", email="vic@maple.example")

    with pytest.raises(RefusedError, match="may do what you may not"):
        add_account(maple, school, values(), Actor("Kim", kim), same_as=vic)


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        ({}, False),
        ({"email": "", "employee_id": "417"}, False),
        ({"last_name": "Vance", "email": "v@x"}, True),
    ],
)
def test_nobody_gets_a_second_account_at_one_school(maple, school, dana, typed, same):
    known = make(maple, school, employee_id="417")
    same_as = known if same else None

    with pytest.raises(HasAccountError, match="Edit it instead") as refused:
        add_account(
            maple, school, values(**typed), dana, same_as=same_as, is_another=True
        )

    assert refused.value.account == known
    assert maple.staff_accounts.filter(school=school).count() == 1


def test_an_inactive_account_is_reactivated_instead(maple, school, dana):
    make(maple, school, status="inactive")

    with pytest.raises(HasAccountError, match="It is inactive: reactivate it"):
        add_account(maple, school, values(), dana)


def test_another_districts_people_are_nobody_here(maple, cedar, school, dana):
    make(cedar)

    add_account(maple, school, values(), dana)

    assert maple.staff_accounts.filter(school=school).count() == 1


class TestInvited:
    def test_somebody_new_is_invited_where_nobody_uses_clever_sso(
        self, maple, school, dana
    ):
        maple.uses_sso = False
        maple.save()

        account = add_account(maple, school, values(), dana)

        asked = account.invitations.get()
        assert (asked.state, asked.email) == ("waiting", JORDAN["email"])

    def test_a_second_account_of_somebody_is_no_second_invitation(
        self, maple, school, dana
    ):
        maple.uses_sso = False
        maple.save()
        first = add_account(maple, school, values(), dana)

        add_account(
            maple, maple.schools.get(school_id="S2"), values(), dana, same_as=first
        )

        assert maple.invitations.count() == 1

    def test_with_clever_sso_nobody_is_invited(self, maple, school, dana):
        maple.uses_sso = True
        maple.save()

        add_account(maple, school, values(), dana)

        assert not maple.invitations.exists()
