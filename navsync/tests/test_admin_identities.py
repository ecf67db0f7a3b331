"""Support's page of identities: whose it is, who reads of it, who is never left out."""

import pytest
from django.contrib.auth.models import Group

from accounts.models import User
from navsync.support.groups import LEAD, SUPPORT
from schools.models import AuditEntry
from tests.cast import make_account, make_admin, make_district, signed_in

pytestmark = pytest.mark.django_db

SEPARATE = "has accounts in districts. Make a separate identity for support."


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.SUPPORT_MFA_REQUIRED = False


@pytest.fixture
def lead():
    user = User.objects.create_user("sam@navsync.example", "secret", is_staff=True)
    user.groups.set(Group.objects.filter(name=LEAD))
    return user


@pytest.fixture
def dana():
    return make_admin(make_district("oak"))


def form(user, **changes):
    """What the page sends of an identity as it is, but for the changes."""
    ticked = {
        name: "on"
        for name in ("is_active", "is_staff", "is_superuser")
        if getattr(user, name)
    }
    held = {
        "email": user.email,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "groups": [group.pk for group in user.groups.all()],
        **ticked,
        **changes,
    }
    return {name: value for name, value in held.items() if value is not None}


def save(by, user, **changes):
    """Send the page of an identity, None for what is not ticked; return the answer."""
    page = f"/admin/accounts/user/{user.pk}/change/"
    answer = signed_in(by).post(page, form(user, **changes))
    user.refresh_from_db()
    return answer


def test_somebody_of_a_district_is_not_made_support(lead, dana):
    answer = save(lead, dana, is_staff="on")

    assert f"Dana Whitfield {SEPARATE}" in answer.content.decode()
    assert not dana.is_staff


@pytest.mark.parametrize("name", [SUPPORT, LEAD])
def test_somebody_of_a_district_gets_no_group_of_support(lead, dana, name):
    answer = save(lead, dana, groups=[Group.objects.get(name=name).pk])

    assert f"Dana Whitfield {SEPARATE}" in answer.content.decode()
    assert not dana.groups.exists()


@pytest.mark.parametrize("sent", [{"is_staff": "on"}, {"groups": True}])
def test_neither_does_whoever_has_the_address_of_an_account(lead, dana, sent):
    ann = User.objects.create_user("ann@oak.example")
    make_account(dana.staff_accounts.get().district, email=" Ann@Oak.example")
    if "groups" in sent:
        sent = {"groups": [Group.objects.get(name=SUPPORT).pk]}

    answer = save(lead, ann, **sent)

    assert "has the address ann@oak.example. Support" in answer.content.decode()
    ann.refresh_from_db()
    assert not ann.is_staff
    assert not ann.groups.exists()


@pytest.mark.parametrize("is_staff", [True, False])
def test_nor_by_taking_such_an_address_in_the_same_breath(dana, is_staff):
    root = User.objects.create_superuser("root@navsync.example", "secret")
    ann = User.objects.create_user("ann@navsync.example", is_staff=is_staff)
    make_account(dana.staff_accounts.get().district, email="ann@oak.example")

    answer = save(root, ann, email="Ann@oak.example", is_staff="on")

    assert "has the address ann@oak.example. Support" in answer.content.decode()
    ann.refresh_from_db()
    assert (ann.email, ann.is_staff) == ("ann@navsync.example", is_staff)


def test_a_group_that_somebody_of_a_district_has_may_stay_or_go(lead, dana):
    dana.groups.set(Group.objects.filter(name=SUPPORT))

    renamed = save(lead, dana, first_name="Dee")
    left = save(lead, dana, groups=None)

    assert (renamed.status_code, left.status_code) == (302, 302)
    assert not dana.groups.exists()


def test_a_page_sent_as_it_was_is_no_change_on_record(lead, dana):
    for same in (dana, lead):
        assert save(lead, same).status_code == 302

    assert not AuditEntry.objects.exists()


def test_who_is_both_already_is_left_so_and_may_stop(lead, dana):
    User.objects.filter(pk=dana.pk).update(is_staff=True)
    dana.refresh_from_db()

    renamed = save(lead, dana, first_name="Dee")
    stopped = save(lead, dana, is_staff=None)

    assert (renamed.status_code, stopped.status_code) == (302, 302)
    assert (dana.first_name, dana.is_staff) == ("Dee", False)


def test_a_district_reads_what_support_changes_of_its_person(lead, dana):
    oak = dana.staff_accounts.get().district
    elm = make_district("elm")
    for _ in range(2):
        make_account(elm, user=dana, status="inactive", inactive_cause="manual")

    save(lead, dana, last_name="White", is_active=None)

    for district in (oak, elm):
        entry = district.audit_entries.get()
        assert (entry.verb, entry.target) == ("changed user", "Dana White")
        assert (entry.actor, entry.address) == (lead, "127.0.0.1")
        assert entry.changes == {
            "last_name": ["Whitfield", "White"],
            "is_active": [True, False],
        }
    assert AuditEntry.objects.count() == 2


def test_a_lead_takes_nobodys_sign_in_over_by_another_email(lead, dana):
    lee = User.objects.create_user("lee@navsync.example", "secret", is_staff=True)
    lee.groups.set(lead.groups.all())

    for theirs in (dana, lee, lead):
        mail = theirs.email
        page = signed_in(lead).get(f"/admin/accounts/user/{theirs.pk}/change/").text
        sent = save(lead, theirs, email="mallory@elsewhere.example")

        assert 'name="email"' not in page
        assert "so superusers alone change it" in page
        assert sent.status_code == 302
        assert theirs.email == mail


def test_a_superuser_changes_an_email_on_record(dana):
    root = User.objects.create_superuser("root@navsync.example", "secret")
    page = signed_in(root).get(f"/admin/accounts/user/{dana.pk}/change/").text

    save(root, dana, email="DW@oak.example")

    assert "superusers alone change it" not in page
    assert dana.email == "dw@oak.example"
    entry = dana.staff_accounts.get().district.audit_entries.get()
    assert entry.changes == {"email": ["dana@oak.example", "dw@oak.example"]}


def test_a_district_reads_that_support_set_its_persons_password(dana):
    root = User.objects.create_superuser("root@navsync.example", "secret")
    password = "a horse of another color"

    signed_in(root).post(
        f"/admin/accounts/user/{dana.pk}/password/",
        {"password1": password, "password2": password, "usable_password": "true"},
    )

    entry = dana.staff_accounts.get().district.audit_entries.get()
    assert (entry.verb, entry.target) == ("set password", "Dana Whitfield")


def test_what_changes_of_a_colleague_is_in_supports_own_trail(lead):
    lee = User.objects.create_user("lee@navsync.example", "secret", is_staff=True)

    save(lead, lee, first_name="Lee")

    entry = AuditEntry.objects.get()
    assert (entry.district, entry.verb) == (None, "changed user")


@pytest.mark.parametrize("lost", ["is_active", "is_staff"])
def test_a_lead_does_not_lock_themselves_out(lead, lost):
    answer = save(lead, lead, **{lost: None})

    refusal = "You would lock yourself out. Have another lead or a superuser do it."
    assert refusal in answer.content.decode()
    assert getattr(lead, lost)


def test_a_lead_does_not_take_their_own_group_away(lead):
    answer = save(lead, lead, groups=None)

    refusal = (
        "You would take Support lead away from yourself. "
        "Have another lead or a superuser do it."
    )
    assert refusal in answer.content.decode()
    assert [group.name for group in lead.groups.all()] == [LEAD]


def test_a_superuser_stays_one_and_needs_no_group(lead):
    lead.is_superuser = True
    lead.save()

    less = save(lead, lead, is_superuser=None)
    without_group = save(lead, lead, groups=None)

    assert "You would lock yourself out." in less.content.decode()
    assert without_group.status_code == 302
    assert lead.is_superuser
    assert not lead.groups.exists()


def test_somebody_is_always_left_who_gives_rights(lead):
    lee = User.objects.create_user("lee@navsync.example", "secret", is_staff=True)
    lee.groups.set(lead.groups.all())

    other = save(lead, lee, is_active=None)
    oneself = save(lead, lead, is_active=None)
    own_name = save(lead, lead, first_name="Sam")

    assert [x.status_code for x in (other, oneself, own_name)] == [302, 200, 302]
    assert list(User.objects.filter(is_active=True, groups__name=LEAD)) == [lead]
