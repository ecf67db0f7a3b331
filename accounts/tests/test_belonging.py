"""Whoever has a Naviance ID gets accounts that came later with the next sign-in."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.tests.by_hand import MANAGER, fresh, make
from tests.cast import PASSWORD, make_district, make_school

LEE = {"first_name": "Lee", "last_name": "Jordan", "clever_id": "c-lee"}
EMAIL = "lee@maple.example"


@pytest.fixture(autouse=True)
def _no_throttle():
    cache.clear()


@pytest.fixture
def lee():
    return User.objects.create_user(EMAIL, PASSWORD, first_name="Lee")


@pytest.fixture
def teacher(school, lee):
    return make(school.district, school, "Teacher", user=lee, email=EMAIL, **LEE)


@pytest.fixture
def elsewhere(maple):
    return maple.schools.create(school_id="elsewhere", name="Elsewhere High")


def sign_in(user=EMAIL):
    client = Client()
    client.post(reverse("account_login"), {"login": user, "password": PASSWORD})
    return client


def test_an_account_at_another_school_is_there_at_the_next_sign_in(
    maple, teacher, lee, elsewhere
):
    second = make(maple, elsewhere, "Teacher", email=EMAIL, **LEE)

    page = sign_in().get(reverse("choose_account")).content.decode()

    assert fresh(second).user == lee
    assert fresh(second).revision == second.revision
    assert "Elsewhere High" in page
    assert "Your account at Elsewhere High is part of your Naviance ID now." in page
    entry = maple.audit_entries.get(verb="added account to Naviance ID")
    assert (entry.actor, entry.about) == (lee, second.pk)
    assert entry.address


def test_whoever_moved_to_another_school_is_not_locked_out(
    maple, teacher, lee, elsewhere
):
    teacher.status = "inactive"
    teacher.save()
    second = make(maple, elsewhere, "Teacher", email=EMAIL, **LEE)

    answer = sign_in().get("/", follow=True)

    assert answer.status_code == 200
    assert "no longer active" not in answer.content.decode()
    assert fresh(second).user == lee


def test_the_same_name_and_address_are_one_person_without_clever(
    maple, school, lee, elsewhere
):
    name = {**LEE, "clever_id": "", "email": EMAIL}
    make(maple, school, "Teacher", user=lee, **name)
    second = make(maple, elsewhere, "Teacher", **name)
    namesake = make(maple, elsewhere, "Teacher", **{**name, "email": "x@maple.example"})

    sign_in()

    assert fresh(second).user == lee
    assert fresh(namesake).user is None


@pytest.mark.parametrize(
    ("email", "is_added"),
    [("other@maple.example", False), ("", False), (EMAIL.upper(), True)],
)
@pytest.mark.parametrize("role", ["Teacher (D)", MANAGER])
def test_one_is_added_by_its_own_address_alone(
    maple, teacher, lee, role, email, is_added
):
    other = make(maple, role=role, email=email, **LEE)

    sign_in()

    assert (fresh(other).user == lee) is is_added


def test_whoever_renames_their_own_account_gets_none_of_the_other_persons(
    maple, school, lee, elsewhere
):
    """Name and e-mail of an account are its editor's to choose."""
    mark = {"first_name": "Mark", "last_name": "Akana", "email": "mark@maple.example"}
    victims = [
        make(maple, elsewhere, "Teacher", clever_id="c-mark", **mark),
        make(maple, role=MANAGER, **mark),
    ]
    make(maple, school, "Teacher", user=lee, **mark)

    sign_in()

    assert [fresh(account).user for account in victims] == [None, None]


def test_accounts_that_are_somebodys_or_inactive_are_left_alone(
    maple, teacher, lee, elsewhere
):
    other = User.objects.create_user("other@maple.example", PASSWORD)
    theirs = make(maple, elsewhere, "Teacher", user=other, email=EMAIL, **LEE)
    gone = make(maple, None, "Teacher", email=EMAIL, status="inactive", **LEE)

    sign_in()

    assert fresh(theirs).user == other
    assert fresh(gone).user is None
    assert not maple.audit_entries.filter(verb__startswith="added").exists()


def test_another_districts_account_is_another_persons(teacher, lee):
    there = make_school(make_district("elm"))
    same = make(there.district, there, None, email=EMAIL, **LEE)

    sign_in()

    assert fresh(same).user is None


def test_support_gets_no_account_by_signing_in(maple, teacher, lee, elsewhere):
    User.objects.filter(pk=lee.pk).update(is_staff=True)
    second = make(maple, elsewhere, "Teacher", email=EMAIL, **LEE)

    sign_in()

    assert fresh(second).user is None


def test_a_sign_in_with_nothing_new_writes_nothing(maple, teacher, lee):
    sign_in()

    assert not maple.audit_entries.exists()
    assert fresh(teacher).user == lee
