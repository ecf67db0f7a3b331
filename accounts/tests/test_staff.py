"""Editing, adding, deactivating and reactivating staff accounts by hand."""

import pytest

from accounts.access import rights_in
from accounts.models import Right, StaffAccount, User, UserRole
from accounts.searching import search_text
from accounts.services.staff import EditedMeanwhileError, edit_account, unpin
from accounts.services.staff_adding import AlikeError, HasAccountError, add_account
from accounts.services.staff_status import deactivate_account, reactivate_account
from accounts.staff_rows import TEXTS
from accounts.staff_values import FIELDS, Pin, Values
from schools.audit import Actor
from schools.errors import RefusedError

MANAGER = "District Site Manager"
JORDAN = {"first_name": "Jordan", "last_name": "Lee", "email": "jlee@maple.example"}


def make(district, school=None, role="", **fields):
    fields = {**JORDAN, **fields}
    made = StaffAccount.objects.create(
        district=district,
        school=school,
        user_role=district.user_roles.get(name=role) if role else None,
        search_text=search_text(*(fields.get(name, "") for name in TEXTS)),
        **fields,
    )
    return fresh(made)


def fresh(account):
    related = ("district", "school", "user_role", "job_function", "zone", "user")
    return StaffAccount.objects.select_related(*related).get(pk=account.pk)


def values(account=None, **changes):
    known = {name: getattr(account, name) for name in FIELDS} if account else {}
    blank = dict.fromkeys(TEXTS, "")
    return Values(**{**blank, **(known or JORDAN), **changes})


@pytest.fixture
def school(maple):
    return maple.schools.get(school_id="S1")


@pytest.fixture
def dana(maple):
    """The district's site manager, as who asks."""
    user = User.objects.create_user("dana@maple.example", first_name="Dana")
    make(maple, role=MANAGER, user=user, last_name="Whitfield", email=user.email)
    return Actor("Dana Whitfield", user)


@pytest.fixture
def clerk(maple):
    """Somebody who may manage staff, but neither imports nor roles."""
    rights = [Right.MANAGE_STAFF]
    UserRole.objects.create(district=maple, name="Clerk", rights=rights)
    user = User.objects.create_user("kim@maple.example", first_name="Kim")
    make(maple, role="Clerk", user=user, last_name="Marsh", email=user.email)
    assert rights_in(user, maple) == {Right.MANAGE_STAFF}
    return Actor("Kim Marsh", user)


@pytest.fixture
def jordan(school):
    return make(school.district, school, "Teacher", clever_id="c1")


def last_entry(district):
    entry = district.audit_entries.first()
    return entry.actor_name, entry.verb, entry.about, entry.changes


# Editing


def test_an_edit_writes_what_differs_and_says_what_was_before(maple, jordan, dana):
    counselor = maple.user_roles.get(name="Counselor")
    wanted = values(jordan, last_name="Vance", user_role=counselor, teacher_list=True)

    changes = edit_account(jordan, wanted, {}, dana)

    after = fresh(jordan)
    assert (after.last_name, after.user_role, after.teacher_list) == (
        "Vance",
        counselor,
        True,
    )
    assert (after.revision, after.search_text) == (
        2,
        "vance jordan\njlee@maple.example",
    )
    assert after.updated_at > jordan.updated_at
    assert changes == {
        "last_name": ["Lee", "Vance"],
        "user_role": ["Teacher", "Counselor"],
        "teacher_list": [None, True],
        "pinned_fields": [[], ["last_name"]],
    }
    assert last_entry(maple) == (
        "Dana Whitfield",
        "edited account",
        jordan.pk,
        changes,
    )


@pytest.mark.parametrize(
    ("pinned", "change", "pin", "expected"),
    [
        ([], {"email": "new@x"}, Pin.CHANGED, ["email"]),
        ([], {"email": "new@x"}, Pin.FOLLOWS, []),
        ([], {}, Pin.CHANGED, []),
        ([], {}, Pin.PINNED, ["email"]),
        (["email"], {}, Pin.CHANGED, ["email"]),
        (["email"], {}, Pin.FOLLOWS, []),
        (["email"], {"email": "new@x"}, Pin.FOLLOWS, []),
        (["last_name"], {"email": "new@x"}, Pin.CHANGED, ["last_name", "email"]),
    ],
)
def test_a_changed_field_is_pinned_unless_it_is_to_follow_clever(
    jordan, dana, pinned, change, pin, expected
):
    jordan.pinned_fields = pinned
    jordan.save()

    edit_account(jordan, values(jordan, **change), {"email": pin}, dana)

    assert fresh(jordan).pinned_fields == expected


def test_an_edit_of_nothing_writes_nothing(maple, jordan, dana):
    before = maple.audit_entries.count()

    assert edit_account(jordan, values(jordan), {}, dana) == {}

    assert fresh(jordan).revision == 1
    assert maple.audit_entries.count() == before


def test_an_edit_begun_before_another_is_refused_whole(maple, jordan, dana):
    edit_account(fresh(jordan), values(jordan, job_title="Dean"), {}, dana)

    with pytest.raises(EditedMeanwhileError, match="was changed meanwhile"):
        edit_account(jordan, values(jordan, email="new@x"), {}, dana)

    after = fresh(jordan)
    assert (after.job_title, after.email, after.revision) == (
        "Dean",
        "jlee@maple.example",
        2,
    )
    assert maple.audit_entries.filter(verb="edited account").count() == 1


def test_an_unpinned_field_follows_clever_again(maple, jordan, dana):
    jordan.pinned_fields = ["last_name", "email"]
    jordan.save()

    unpin(jordan, "email", dana)

    assert (fresh(jordan).pinned_fields, fresh(jordan).revision) == (["last_name"], 2)
    assert last_entry(maple)[1:] == (
        "unpinned field",
        jordan.pk,
        {"pinned_fields": [["last_name", "email"], ["last_name"]]},
    )
    with pytest.raises(RefusedError, match="not pinned any more"):
        unpin(fresh(jordan), "email", dana)


@pytest.mark.parametrize(
    ("at_school", "role", "sentence"),
    [
        (True, MANAGER, "is for accounts at the district"),
        (False, "Teacher", "is for accounts at schools"),
    ],
)
def test_a_role_fits_the_place(maple, school, dana, at_school, role, sentence):
    account = make(maple, school if at_school else None)
    wanted = values(account, user_role=maple.user_roles.get(name=role))

    with pytest.raises(RefusedError, match=sentence):
        edit_account(account, wanted, {}, dana)


def test_a_zone_is_for_the_district_alone(maple, jordan, dana):
    zone = maple.zones.create(name="North")

    with pytest.raises(RefusedError, match="A zone is for accounts at the district"):
        edit_account(jordan, values(jordan, zone=zone), {}, dana)


def test_nobody_gives_a_right_over_others_that_they_lack(maple, clerk):
    account = make(maple, role="District Analyst")
    wanted = values(account, user_role=maple.user_roles.get(name=MANAGER))

    with pytest.raises(RefusedError, match="manage data import, manage user roles"):
        edit_account(account, wanted, {}, clerk)


def test_nobody_edits_an_account_that_may_do_more_over_others(maple, dana, clerk):
    manager = fresh(maple.staff_accounts.get(last_name="Whitfield"))

    for deed in (
        lambda: edit_account(manager, values(manager, email="mine@x"), {}, clerk),
        lambda: deactivate_account(manager, "", clerk),
        lambda: reactivate_account(manager, "", clerk),
    ):
        with pytest.raises(RefusedError, match="may do what you may not"):
            deed()


def test_nobody_changes_their_own_role(maple, dana):
    own = fresh(maple.staff_accounts.get(last_name="Whitfield"))
    make(maple, role=MANAGER, last_name="Other")
    wanted = values(own, user_role=maple.user_roles.get(name="District Analyst"))

    with pytest.raises(RefusedError, match="you can't change its role yourself"):
        edit_account(own, wanted, {}, dana)


def test_the_last_site_manager_keeps_role_and_account(maple):
    last = make(maple, role=MANAGER)
    make(maple, role=MANAGER, last_name="Gone", status="inactive")
    process = Actor("Naviance Support")
    analyst = maple.user_roles.get(name="District Analyst")

    with pytest.raises(RefusedError, match="last active District Site Manager"):
        edit_account(last, values(last, user_role=analyst), {}, process)
    with pytest.raises(RefusedError, match="last active District Site Manager"):
        deactivate_account(last, "", process)
    make(maple, role=MANAGER, last_name="Next")
    deactivate_account(last, "", process)

    assert fresh(last).status == "inactive"


# Deactivate, reactivate


def test_a_deactivated_account_says_by_whom_and_why(maple, jordan, dana):
    deactivate_account(jordan, " Left in June ", dana)

    after = fresh(jordan)
    assert (after.status, after.inactive_cause, after.inactive_by, after.revision) == (
        "inactive",
        "manual",
        "Dana Whitfield",
        2,
    )
    assert after.inactive_at > jordan.updated_at
    entry = maple.audit_entries.first()
    assert (entry.verb, entry.note, entry.changes) == (
        "deactivated account",
        "Left in June",
        {"status": ["active", "inactive"]},
    )
    with pytest.raises(RefusedError, match="is inactive already"):
        deactivate_account(jordan, "", dana)


def test_a_reactivated_account_has_nothing_left_of_it(jordan, dana):
    deactivate_account(jordan, "", dana)

    reactivate_account(jordan, "Back", dana)

    after = fresh(jordan)
    assert (after.status, after.inactive_cause, after.inactive_at) == (
        "active",
        "",
        None,
    )
    assert (after.inactive_by, after.revision) == ("", 3)
    assert after.user_role.name == "Teacher"
    with pytest.raises(RefusedError, match="is active already"):
        reactivate_account(jordan, "", dana)


def test_nobody_deactivates_their_own_account(maple, dana):
    make(maple, role=MANAGER, last_name="Other")
    own = maple.staff_accounts.get(last_name="Whitfield")

    with pytest.raises(RefusedError, match="This is your own account"):
        deactivate_account(own, "", dana)


# Adding


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
