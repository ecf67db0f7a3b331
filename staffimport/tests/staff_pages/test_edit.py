"""Editing an account on its page, and who may."""

import pytest

from accounts.forms import values_of
from accounts.models import Right, StaffAccount
from accounts.services.staff import edit_account
from accounts.staff_values import FIELDS, Values
from schools.audit import Actor
from staffimport.models import FieldDrift
from staffimport.tests.staff_pages.filling import notes, pull, save, url
from tests.cast import (
    make_account,
    make_admin,
    make_district,
    signed_in,
)

pytestmark = pytest.mark.django_db

KIM = Actor("Kim Marsh")


def test_a_saved_edit_is_told_and_pinned(client, jordan):
    saved = save(client, jordan, email="jordan@oak.example", teacher_list="on")

    jordan.refresh_from_db()
    assert (jordan.email, jordan.teacher_list) == ("jordan@oak.example", True)
    assert jordan.pinned_fields == ["email"]
    assert saved.redirect_chain == [(url("staff_person", jordan), 302)]
    assert notes(saved) == [
        "Saved: E-mail and Teacher List. E-mail is pinned: no import changes it."
    ]
    assert "By hand, Dana Whitfield" in saved.text


def test_an_e_mail_that_somebody_else_has_is_saved_with_a_warning(
    client, lincoln, jordan
):
    make_account(lincoln, last_name="Ruiz", email="ana@oak.example", first_name="Ana")

    saved = save(client, jordan, email="ana@oak.example")

    jordan.refresh_from_db()
    assert jordan.email == "ana@oak.example"
    assert notes(saved)[1].startswith("ana@oak.example is also the e-mail of Ana Ruiz.")


def test_a_changed_field_may_follow_clever(client, jordan):
    saved = save(client, jordan, job_title="Dean", **{"pin-job_title": "follows"})

    jordan.refresh_from_db()
    assert (jordan.job_title, jordan.pinned_fields) == ("Dean", [])
    assert notes(saved) == ["Saved: Job title."]


def test_a_page_saved_as_it_is_changes_nothing(client, jordan):
    saved = save(client, jordan)

    jordan.refresh_from_db()
    assert (jordan.revision, notes(saved)) == (
        1,
        ["Nothing to save: nothing was changed."],
    )


def test_what_nobody_can_see_is_no_name(client, jordan):
    page = save(client, jordan, last_name="\u200b")
    save(client, jordan, first_name="J\u0007o\u202e")

    jordan.refresh_from_db()
    assert "Enter the last name" in page.text
    assert (jordan.first_name, jordan.last_name) == ("Jo", "Lee")


def test_a_name_as_clever_has_it_is_left_so(client, jordan):
    StaffAccount.objects.filter(pk=jordan.pk).update(last_name="Lee\u200b  Park")

    saved = save(client, jordan, job_title="Dean")

    jordan.refresh_from_db()
    assert (jordan.last_name, jordan.job_title) == ("Lee\u200b  Park", "Dean")
    assert notes(saved) == [
        "Saved: Job title. Job title is pinned: no import changes it."
    ]


def test_drift_is_kept_and_let_go_with_the_pin(client, oak, jordan):
    pull(oak)
    page = save(client, jordan, email="jordan@oak.example")
    drifting = client.get(url("staff") + "?pins=drifting").context["lines"]

    assert "Clever says “jlee@oak.example”" in page.text
    assert [line.name for line in drifting] == ["Lee, Jordan"]
    freed = client.post(url("staff_unpin", jordan), {"field": "email"}, follow=True)

    jordan.refresh_from_db()
    assert (jordan.pinned_fields, FieldDrift.objects.count()) == ([], 0)
    assert "E-mail at Lincoln High School follows Clever again." in notes(freed)[0]


def test_the_form_shows_what_clever_says_at_this_place(client, oak, jordan):
    pull(oak, is_district_admin=True, admin_title="Director", email="j@clever.example")

    page = client.get(url("staff_edit", jordan))

    clever = {line.field.name: line.clever for line in page.context["lines"]}
    assert clever == {
        "first_name": "Jordan",
        "middle_name": "",
        "last_name": "Lee",
        "job_title": "Teacher",
        "email": "j@clever.example",
        "employee_id": "",
    }


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"last_name": " "}, "Enter the last name"),
        ({"email": "office"}, "“office” is no e-mail address"),
        ({"job_title": "x" * 300}, "It has 300 characters; at most 255 fit."),
        ({"user_role": "4711"}, "What was chosen is gone meanwhile."),
    ],
)
def test_what_cant_be_saved_is_said_and_kept(client, jordan, changes, sentence):
    typed = {"first_name": "Jordana", **changes}

    page = save(client, jordan, **typed)

    jordan.refresh_from_db()
    assert jordan.revision == 1
    assert page.status_code == 200
    assert sentence in page.text
    assert 'value="Jordana"' in page.text
    assert page.context["form"]["first_name"].value() == "Jordana"


def test_the_form_offers_the_roles_that_fit_the_place(client, oak, jordan):
    oak.user_roles.create(name="Front Office", level="both")
    analyst = make_account(oak, user_role=oak.user_roles.get(name="Teacher"))

    at_school, at_district = (
        [str(role) for _pk, role in sent_choices(client, account)]
        for account in (jordan, analyst)
    )

    assert {"Teacher", "Front Office"} <= {*at_school}
    assert "District Analyst" not in at_school
    assert {"District Analyst", "Front Office", "Teacher"} <= {*at_district}
    assert "Counselor" not in at_district


def test_a_role_that_suits_another_place_is_told_at_its_field(client, oak, jordan):
    analyst = oak.user_roles.get(name="District Analyst")

    page = save(client, jordan, user_role=analyst.pk, email="jordan")

    faults = {field.name: fault for field, fault in page.context["faults"]}
    assert set(faults) == {"user_role", "email"}
    assert faults["user_role"].startswith(
        "The role District Analyst is for accounts at the district, and this account is"
    )
    field = str(page.context["form"]["user_role"])
    assert f'value="{analyst.pk}" selected' in field
    assert 'aria-invalid="true"' in field


def test_a_role_that_an_account_had_before_is_no_reason_to_refuse(client, oak, jordan):
    jordan.user_role = oak.user_roles.get(name="District Analyst")
    jordan.save()

    save(client, jordan, job_title="Dean")

    jordan.refresh_from_db()
    assert (str(jordan.user_role), jordan.job_title) == ("District Analyst", "Dean")


def sent_choices(client, account):
    form = client.get(url("staff_edit", account)).context["form"]
    return form.fields["user_role"].choices


def test_a_value_that_was_bad_before_is_no_reason_to_refuse(client, jordan):
    StaffAccount.objects.filter(pk=jordan.pk).update(email="n/a", last_name="")

    save(client, jordan, job_title="Dean")

    jordan.refresh_from_db()
    assert (jordan.email, jordan.last_name, jordan.job_title) == ("n/a", "", "Dean")


def test_spaces_and_line_breaks_are_put_in_order(client, jordan):
    save(client, jordan, job_title="  Dean \n of   Students ")

    jordan.refresh_from_db()
    assert jordan.job_title == "Dean of Students"


def test_somebody_elses_edit_meanwhile_is_joined_and_shown_first(client, oak, jordan):
    page = client.get(url("staff_edit", jordan))
    theirs = {name: getattr(jordan, name) for name in FIELDS}
    theirs |= {"email": "kim@oak.example", "job_title": "Dean"}
    edit_account(jordan, Values(**theirs), {}, KIM)

    joined = save(client, jordan, page, email="dana@oak.example", first_name="Jo")

    jordan.refresh_from_db()
    assert (jordan.email, jordan.revision) == ("kim@oak.example", 2)
    assert "Kim Marsh changed this account while you were editing." in joined.text
    shown = joined.context["joined"]
    assert [(c.name, c.was, c.now, c.yours) for c in shown["clashes"]] == [
        ("E-mail", "jlee@oak.example", "kim@oak.example", "dana@oak.example")
    ]
    assert [(c.name, c.was, c.now) for c in shown["taken"]] == [
        ("Job title", "Teacher", "Dean")
    ]
    save(client, jordan, joined)

    jordan.refresh_from_db()
    assert [getattr(jordan, n) for n in ("first_name", "email", "job_title")] == [
        "Jo",
        "dana@oak.example",
        "Dean",
    ]


def test_what_both_changed_is_found_at_its_own_field(client, oak, jordan):
    page = client.get(url("staff_edit", jordan))
    theirs = {name: getattr(jordan, name) for name in FIELDS}
    edit_account(jordan, Values(**{**theirs, "first_name": "Ann"}), {}, KIM)

    pin = {"pin-first_name": "changed"}
    joined = save(client, jordan, page, first_name="Jo", **pin)

    (clash,) = joined.context["joined"]["clashes"]
    assert f'href="#{clash.control}">First name</a>' in joined.text
    assert clash.control == joined.context["form"]["first_name"].id_for_label
    assert joined.context["form"]["pin-first_name"].value() == "pinned"
    assert 'aria-invalid="true"' not in joined.text


def test_an_import_meanwhile_is_named_too(client, jordan):
    page = client.get(url("staff_edit", jordan))
    StaffAccount.objects.filter(pk=jordan.pk).update(teacher_list=True, revision=2)

    joined = save(client, jordan, page)

    (taken,) = joined.context["joined"]["taken"]
    assert (taken.name, taken.was, taken.now) == ("Teacher List", "no", "yes")
    assert joined.context["form"]["teacher_list"].value() is True


@pytest.mark.parametrize("base", ["", "{", "[1]", '{"email": 7}', "[" * 100_000])
def test_a_form_that_says_nothing_of_its_beginning_overwrites_nothing(
    client, jordan, base
):
    page = client.get(url("staff_edit", jordan))
    StaffAccount.objects.filter(pk=jordan.pk).update(job_title="Dean", revision=2)

    save(client, jordan, page, base=base)

    jordan.refresh_from_db()
    assert (jordan.job_title, jordan.revision) == ("Dean", 2)


def test_a_refusal_keeps_what_was_typed(client, oak, dana):
    own = dana.staff_accounts.get()
    analyst = oak.user_roles.get(name="District Analyst")

    page = save(client, own, first_name="Dan", user_role=analyst.pk)

    assert "you can&#x27;t change its role yourself" in page.text
    assert page.context["form"]["first_name"].value() == "Dan"
    own.refresh_from_db()
    assert own.first_name == "Dana"


# Who may


PAGES = ["staff_edit", "staff_deactivate", "staff_reactivate"]


@pytest.mark.parametrize("page", PAGES)
def test_nobody_reaches_another_districts_account(client, page):
    foreign = make_account(make_district("cedar"))

    assert client.get(url(page, foreign)).status_code == 404
    assert client.post(url(page, foreign)).status_code == 404


@pytest.mark.parametrize("page", [*PAGES, "staff_unpin", "staff_add", "staff_alike"])
def test_it_takes_the_right_to_manage_staff(oak, jordan, page):
    client = signed_in(make_admin(oak, rights=[Right.MANAGE_DATA_IMPORT]))
    address = url(page, None if page in ("staff_add", "staff_alike") else jordan)

    refused = client.post(address)

    assert refused.status_code == 403
    assert "Manage staff accounts" in refused.text
    jordan.refresh_from_db()
    assert jordan.revision == 1


def test_without_the_right_the_pages_offer_no_edit(oak, jordan):
    client = signed_in(make_admin(oak, rights=[Right.MANAGE_DATA_IMPORT]))

    person, people = client.get(url("staff_person", jordan)), client.get(url("staff"))

    assert url("staff_edit", jordan) not in person.text
    assert "It takes the right “Manage staff accounts”" in person.text
    assert url("staff_add") not in people.text


def test_values_are_sent_as_they_are_read(jordan):
    assert values_of(jordan) == {
        "first_name": "Jordan",
        "middle_name": "",
        "last_name": "Lee",
        "job_title": "Teacher",
        "email": "jlee@oak.example",
        "employee_id": "",
        "job_function": "",
        "user_role": str(jordan.user_role_id),
        "teacher_list": "",
        "counselor_list": "",
        "zone": "",
    }
