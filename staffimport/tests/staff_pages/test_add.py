"""Adding an account on its page, and who is here already."""

import pytest

from accounts.models import StaffAccount, User
from accounts.staff_rows import TEXTS
from schools.audit import Actor
from staffimport.store.settings import make_settings
from staffimport.tests.staff_pages.filling import notes, url
from tests.cast import (
    make_account,
    make_admin,
    make_district,
    make_school,
    signed_in,
)

pytestmark = pytest.mark.django_db

KIM = Actor("Kim Marsh")


NEW = {"first_name": "Pat", "last_name": "Ortiz", "email": "pat@oak.example"}


def add(client, **data):
    sent = {**NEW, "place": "district", "pinning": "pinned", **data}
    return client.post(url("staff_add"), sent, follow=True)


def test_a_new_account_is_added_and_shown(client, oak, lincoln):
    added = add(client, place=lincoln.pk)

    account = StaffAccount.objects.get(last_name="Ortiz")
    assert (account.school, account.origin) == (lincoln, "manual")
    assert added.redirect_chain == [(url("staff_person", account), 302)]
    assert "Imports leave it alone until Clever has this person" in notes(added)[0]
    assert "Imports never archive it" in added.text


def test_what_nobody_can_see_is_no_name(client, oak):
    page = add(client, last_name="\u200b")
    add(client, first_name="P\u0007at\u202e", last_name=" Or\u200btiz")

    assert "Enter the last name" in page.text
    account = StaffAccount.objects.get(email="pat@oak.example")
    assert (account.first_name, account.last_name) == ("Pat", "Ortiz")


def test_roles_stand_under_the_accounts_they_are_for(client, oak):
    choices = client.get(url("staff_add")).context["form"].fields["user_role"].choices

    groups = {label: [name for _pk, name in roles] for label, roles in choices[1:]}
    assert "Teacher" in groups["School accounts"]
    assert "District Analyst" in groups["District accounts"]
    assert list(groups) == ["School accounts", "District accounts"]


def test_whoever_is_alike_must_be_told_apart_first(client, oak, lincoln, jordan):
    typed = {name: getattr(jordan, name) for name in TEXTS}

    page = add(client, **typed)
    another = add(client, **typed, who="another")

    assert "Say first under “Here already?”" in page.text
    (known,) = page.context["people"]
    assert (known.account, known.places, known.same) == (
        jordan,
        "Lincoln High School",
        "the same name and the same e-mail",
    )
    assert page.context["form"]["last_name"].value() == "Lee"
    assert another.redirect_chain
    assert StaffAccount.objects.filter(last_name="Lee").count() == 2


def test_one_of_them_gets_one_more_account_with_the_same_sign_in(client, oak, jordan):
    jordan.user = User.objects.create_user("jlee@oak.example")
    jordan.save()
    form = client.get(f"{url('staff_add')}?person={jordan.pk}")
    typed = {field.html_name: field.value() or "" for field in form.context["texts"]}

    add(client, **typed, who=str(jordan.pk))

    account = StaffAccount.objects.get(last_name="Lee", school=None)
    assert (typed["last_name"], account.user) == ("Lee", jordan.user)


def test_without_an_e_mail_one_more_account_gets_theirs(client, oak, jordan):
    typed = {"last_name": "Lee", "first_name": "Jordan", "email": ""}

    page = add(client, **typed, who=str(jordan.pk))

    account = StaffAccount.objects.get(last_name="Lee", school=None)
    assert account.email == jordan.email
    assert {a for a, _place in page.context["accounts"]} == {account, jordan}
    assert not any("as another person" in note for note in notes(page))


def test_one_more_account_that_does_not_join_theirs_says_so(client, oak, jordan):
    typed = {"last_name": "Lee", "first_name": "Jordan", "email": "else@oak.example"}

    page = add(client, **typed, who=str(jordan.pk))

    (told,) = [note for note in notes(page) if "as another person" in note]
    assert "give both accounts the same name and e-mail" in told


def test_with_clever_it_is_said_that_nobody_signs_in_to_a_new_account(client, oak):
    oak.uses_sso = True
    oak.save()

    form, added = client.get(url("staff_add")), add(client)

    assert "Nobody can sign in to an account that is added here" in form.text
    assert "Nobody can sign in to it: your district uses Clever SSO" in added.text


def test_a_second_account_at_one_school_leads_to_the_first(client, lincoln, jordan):
    typed = {name: getattr(jordan, name) for name in TEXTS}

    page = add(client, **typed, place=lincoln.pk, who="another")

    assert "has an account at Lincoln High School already" in page.text
    assert url("staff_person", jordan) in page.text
    assert StaffAccount.objects.filter(last_name="Lee").count() == 1


def test_people_show_up_while_somebody_types(client, oak, jordan):
    make_account(make_district("cedar"), last_name="Lee", email="x@cedar.example")

    found = client.post(url("staff_alike"), {"last_name": "Le"})
    nobody = client.post(url("staff_alike"), {"last_name": "", "email": " "})

    assert [known.account for known in found.context["people"]] == [jordan]
    assert nobody.context["people"] == []


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"last_name": ""}, "Enter the last name"),
        ({"place": ""}, "Choose a school, or the district level."),
        ({"place": "4711"}, "What was chosen is gone meanwhile."),
        ({"email": "pat"}, "“pat” is no e-mail address"),
    ],
)
def test_a_new_account_lacking_something_says_what(client, oak, data, sentence):
    page = add(client, **data)

    assert sentence in page.text
    assert page.context["form"]["first_name"].value() == "Pat"
    assert not StaffAccount.objects.filter(first_name="Pat").exists()


@pytest.mark.parametrize(
    ("at", "role", "sentence"),
    [
        (
            "a school",
            "District Analyst",
            "The role District Analyst is for accounts at the district, and this "
            "account is at a school. Choose a role for accounts at a school.",
        ),
        (
            "the district",
            "Teacher",
            "The role Teacher is for accounts at schools, and this account is at the "
            "district. Choose a role for accounts at the district.",
        ),
    ],
)
def test_a_role_that_does_not_suit_the_place_is_told_at_its_field(
    client, oak, lincoln, at, role, sentence
):
    place = "district" if at == "the district" else lincoln.pk
    chosen = oak.user_roles.get(name=role).pk

    page = add(client, place=place, user_role=chosen, last_name="")

    faults = {field.name: fault for field, fault in page.context["faults"]}
    assert faults["user_role"] == sentence
    assert "Enter the last name" in faults["last_name"]
    assert page.context["told"].refusal == ""
    assert '<a href="#id_user_role">User role</a>: The role' in page.text
    field = str(page.context["form"]["user_role"])
    assert 'aria-invalid="true"' in field
    assert 'aria-describedby="id_user_role_error"' in field
    assert f'value="{chosen}" selected' in field
    assert 'id="id_user_role_error"' in page.text


def test_a_role_that_may_do_what_one_may_not_is_told_at_its_field(oak):
    clerk = make_admin(oak, rights=["manage_data_import", "manage_staff"])
    head = oak.user_roles.create(name="Head", rights=["manage_roles"])

    page = add(signed_in(clerk), user_role=head.pk)

    [(field, fault)] = page.context["faults"]
    assert field.name == "user_role"
    assert "The role Head may do what you may not: manage user roles." in fault


def test_a_school_of_another_district_is_no_place(client, oak):
    foreign = make_school(make_district("cedar"))

    page = add(client, place=foreign.pk)

    assert "What was chosen is gone meanwhile." in page.text


def test_at_the_district_one_begins_with_the_default_zone(client, oak, lincoln):
    none = oak.zones.create(name="No Schools Zone")
    settings = make_settings(oak)
    settings.district_zone = none
    settings.save()

    begun = client.get(url("staff_add")).context["form"]["zone"].value()
    add(client, zone=begun)
    add(client, place=lincoln.pk, zone=begun, last_name="Ruiz", email="r@oak.example")

    zones = dict(StaffAccount.objects.values_list("last_name", "zone__name"))
    assert begun == none.pk
    assert zones["Ortiz"] == "No Schools Zone"
    assert not zones["Ruiz"]


def test_whoever_is_added_as_a_manager_in_a_zone_may_not_manage_the_import(client, oak):
    zone = oak.zones.create(name="North")
    manager = oak.user_roles.get(name="District Site Manager")

    added = add(client, zone=zone.pk, user_role=manager.pk)

    assert notes(added)[-1] == (
        "The zone North restricts the account: it may not manage the data import. For "
        "that, edit it and give it full access."
    )


def test_without_a_school_to_add_at_there_is_no_form(oak, dana):
    StaffAccount.objects.filter(user=dana).update(zone=oak.zones.create(name="None"))

    page = signed_in(dana).get(url("staff_add"))

    assert "There is no school you could add an account at." in page.text
    assert "Add the account</button>" not in page.text


def test_each_of_a_persons_accounts_says_who_signs_in_to_it(client, oak, lincoln):
    same = {"first_name": "Ana", "last_name": "Ruiz", "clever_id": "c-ana"}
    for place, address in ((oak, "ana@oak.example"), (lincoln, "ana@home.example")):
        user = User.objects.create_user(address, "a password")
        account = make_account(place, user=user, email=address, **same)

    page = client.get(url("staff_person", account)).text

    assert "signs in as ana@oak.example and as ana@home.example" in page
    assert "ana@home.example signs in to it" in page
