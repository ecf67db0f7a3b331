"""Who it is that Clever has signed in, and who of them is refused."""

import pytest
from allauth.socialaccount.models import SocialAccount
from django.utils import timezone

from accounts.access import active_accounts, is_own
from accounts.models import StaffAccount, User
from accounts.services.clever_sign_in import (
    NotSignedInError,
    Reason,
    Visitor,
    identify,
)

THOMAS = "60a1b2c3d4e5f60718293a4b"
OTHER = "60a1b2c3d4e5f60718293a4c"
VISITOR = Visitor(THOMAS, "clever-maple", "Thomas Beck")


@pytest.fixture(autouse=True)
def launched(maple, cedar):
    for district in (maple, cedar):
        district.clever_id = f"clever-{district.slug}"
        district.activated_at = district.launched_at = timezone.now()
        district.uses_sso = True
        district.save()


def account(district, clever_id=THOMAS, **changes):
    return StaffAccount.objects.create(
        district=district,
        **{
            "clever_id": clever_id,
            "first_name": "Thomas",
            "last_name": "Beck",
            "email": "thomas@maple.example",
            **changes,
        },
    )


def came_by(user, clever_id):
    return SocialAccount.objects.create(provider="clever", uid=clever_id, user=user)


def tie_to_another(account):
    StaffAccount.objects.filter(pk=account.pk).update(clever_id=OTHER)


def refused(visitor=VISITOR):
    with pytest.raises(NotSignedInError) as caught:
        identify(visitor, None)
    return caught.value.reason


def test_the_first_sign_in_makes_an_identity_for_all_of_the_persons_accounts(maple):
    schools = maple.schools.all()
    accounts = [account(maple, school=school) for school in schools] + [account(maple)]

    known = identify(VISITOR, "192.0.2.7")

    user = User.objects.get()
    assert (known.user, known.district) == (user, maple)
    assert user.get_full_name() == "Thomas Beck"
    assert set(user.staff_accounts.all()) == set(accounts)
    first, *others = maple.audit_entries.order_by("pk")
    assert first.verb == "signed in with Clever for the first time"
    assert {other.verb for other in others} == {"added account to Naviance ID"}
    assert {each.about for each in (first, *others)} == {a.pk for a in accounts}
    assert (first.actor, first.address) == (user, "192.0.2.7")


def test_it_takes_no_address_and_no_password_from_clever(maple):
    account(maple)

    user = identify(VISITOR, None).user

    assert user.email is None
    assert not user.has_usable_password()


def test_signing_in_is_no_edit_of_the_account(maple):
    account(maple)

    identify(VISITOR, None)

    assert StaffAccount.objects.get().revision == 1


def test_the_second_sign_in_finds_the_same_identity(maple):
    account(maple)
    first = identify(VISITOR, None).user

    assert identify(VISITOR, None).user == first
    assert maple.audit_entries.count() == 1


def test_an_account_that_came_later_is_the_same_persons(maple):
    account(maple)
    user = identify(VISITOR, None).user
    later = account(maple, school=maple.schools.first())

    identify(VISITOR, None)

    later.refresh_from_db()
    assert later.user == user


def test_whoever_signed_in_by_e_mail_before_stays_the_same_identity(maple):
    dana = User.objects.create_user("dana@maple.example", "a password")
    account(maple, user=dana)

    assert identify(VISITOR, None).user == dana
    dana.refresh_from_db()
    assert dana.email == "dana@maple.example"


def test_an_equal_address_links_nobody(maple):
    stranger = User.objects.create_user("thomas@maple.example", "a password")
    account(maple, email="thomas@maple.example")

    user = identify(VISITOR, None).user

    assert user != stranger
    assert not stranger.staff_accounts.exists()


def test_an_account_of_somebody_else_who_signs_in_by_e_mail_is_left_alone(maple):
    account(maple)
    identify(VISITOR, None)
    dana = User.objects.create_user("dana@maple.example", "a password")
    hers = account(maple, school=maple.schools.first(), user=dana)

    user = identify(VISITOR, None).user

    hers.refresh_from_db()
    assert hers.user == dana != user


def test_an_account_that_only_another_persons_identity_has_is_refused(maple):
    dana = User.objects.create_user("dana@maple.example", "a password")
    came_by(dana, OTHER)
    account(maple, OTHER, user=dana)
    account(maple, school=maple.schools.first(), user=dana)

    assert refused() is Reason.ANOTHERS
    assert User.objects.get() == dana
    assert SocialAccount.objects.get().uid == OTHER
    assert not maple.audit_entries.exists()


def test_a_new_clever_id_of_the_same_person_keeps_the_identity(maple):
    mine = account(maple)
    user = identify(VISITOR, None).user
    tie_to_another(mine)

    assert identify(Visitor(OTHER, "clever-maple"), None).user == user


def test_after_a_mistaken_match_was_put_right_everybody_is_who_they_are(maple):
    mistaken = account(maple)
    account(maple, school=maple.schools.first())
    thomas = identify(VISITOR, None).user
    tie_to_another(mistaken)

    quinn = identify(Visitor(OTHER, "clever-maple"), None).user

    mistaken.refresh_from_db()
    assert mistaken.user == quinn != thomas
    assert identify(VISITOR, None).user == thomas


def test_an_account_of_another_district_counts_for_nothing(maple, cedar):
    account(cedar)

    assert refused() is Reason.NO_ACCOUNT
    assert not User.objects.exists()


def test_an_account_without_a_clever_id_is_nobodys(maple):
    account(maple, clever_id="")

    assert refused(Visitor("", "clever-maple")) is Reason.NO_ACCOUNT


def test_inactive_accounts_let_nobody_in(maple):
    account(maple, status="inactive")

    assert refused() is Reason.INACTIVE


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"clever_id": "elsewhere"}, Reason.UNKNOWN_DISTRICT),
        ({"activated_at": None}, Reason.NOT_LAUNCHED),
        ({"launched_at": None}, Reason.NOT_LAUNCHED),
        ({"disconnected_at": timezone.now()}, Reason.DISCONNECTED),
        ({"uses_sso": False}, Reason.NOT_USED),
    ],
)
def test_a_district_that_is_not_open_lets_nobody_in(maple, changes, reason):
    account(maple)
    type(maple).objects.filter(pk=maple.pk).update(**changes)

    assert refused() is reason
    assert not User.objects.exists()


def test_a_pause_stops_no_sign_in(maple):
    account(maple)
    maple.paused_at = maple.created_at
    maple.save()

    assert identify(VISITOR, None).district == maple


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"is_active": False}, Reason.SWITCHED_OFF),
        ({"is_staff": True}, Reason.SUPPORT),
    ],
)
def test_an_identity_that_may_not_be_used_so_is_refused_and_nothing_kept(
    maple, changes, reason
):
    account(maple, user=User.objects.create_user("s@navsync.example", **changes))

    assert refused() is reason
    assert not SocialAccount.objects.exists()
    assert not maple.audit_entries.exists()


class TestAnIdentityOfALesserAccount:
    """A password and an address opened one of the visitor's accounts before."""

    @pytest.fixture
    def manager(self, maple):
        role = maple.user_roles.get(name="District Site Manager")
        return account(maple, user_role=role)

    def identity_of_teacher(self, maple, email):
        role = maple.user_roles.get(name="Teacher")
        user = User.objects.create_user(email, "a password")
        account(maple, user=user, user_role=role, school=maple.schools.first())
        return user

    def test_it_gets_none_that_may_do_more_by_another_address(self, maple, manager):
        stranger = self.identity_of_teacher(maple, "attacker@evil.example")

        user = identify(VISITOR, None).user

        manager.refresh_from_db()
        assert manager.user == user != stranger
        assert stranger.staff_accounts.count() == 1

    def test_neither_does_it_of_somebody_who_came_before(self, maple, manager):
        user = identify(VISITOR, None).user
        self.identity_of_teacher(maple, "attacker@evil.example")
        StaffAccount.objects.filter(pk=manager.pk).update(user=None)

        assert identify(VISITOR, None).user == user
        manager.refresh_from_db()
        assert manager.user == user

    def test_it_gets_one_that_has_its_address(self, maple, manager):
        thomas = self.identity_of_teacher(maple, "thomas@maple.example")

        assert identify(VISITOR, None).user == thomas
        manager.refresh_from_db()
        assert manager.user == thomas

    def test_it_gets_none_with_another_address_however_little_it_may(self, maple):
        stranger = self.identity_of_teacher(maple, "attacker@evil.example")
        other = account(maple, school=maple.schools.last())

        user = identify(VISITOR, None).user

        other.refresh_from_db()
        assert other.user == user != stranger

    def test_having_come_by_clever_before_gives_it_none_that_comes_later(self, maple):
        stranger = self.identity_of_teacher(maple, "attacker@evil.example")
        assert identify(VISITOR, None).user == stranger
        later = account(maple, school=maple.schools.last())

        assert identify(VISITOR, None).user == stranger
        later.refresh_from_db()
        assert later.user is None

    def test_a_new_account_of_another_address_takes_nobodys_clever_away(self, maple):
        """Clever has changed the mail domain, and the person gets one more school."""
        thomas = self.identity_of_teacher(maple, "thomas@old.example")
        assert identify(VISITOR, None).user == thomas
        first = thomas.staff_accounts.get()
        account(maple, school=maple.schools.last(), email="thomas@new.example")

        assert identify(VISITOR, None).user == thomas
        first.refresh_from_db()
        assert first.user == thomas

    def test_with_clever_it_reaches_also_what_has_another_address(self, maple):
        thomas = self.identity_of_teacher(maple, "thomas@old.example")
        first = thomas.staff_accounts.get()
        identify(VISITOR, None)
        new = account(maple, school=maple.schools.last(), email="thomas@new.example")
        others = account(maple, OTHER, email="thomas@new.example")
        user = identify(VISITOR, None).user

        assert list(active_accounts(user)) == [first]
        assert not is_own(new, user)
        user.came_by = (maple.pk, THOMAS)
        assert set(active_accounts(user)) == {first, new}
        assert [is_own(each, user) for each in (first, new, others)] == [
            True,
            True,
            False,
        ]

    def test_switched_off_it_stays_out_whatever_is_new(self, maple):
        thomas = self.identity_of_teacher(maple, "thomas@maple.example")
        identify(VISITOR, None)
        User.objects.filter(pk=thomas.pk).update(is_active=False)
        account(maple, school=maple.schools.last(), email="new@maple.example")

        with pytest.raises(NotSignedInError) as refused:
            identify(VISITOR, None)

        assert refused.value.reason == Reason.SWITCHED_OFF
        assert User.objects.count() == 1
