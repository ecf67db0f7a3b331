"""Which accounts of a person an invitation opens: those that have its address."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from accounts.invitation_mail import issue_token, send_one
from accounts.models import Invitation, Right, User, UserRole
from accounts.services.acceptance import Closed, LinkClosedError, open_link, set_up
from accounts.services.invitations import send_again
from accounts.services.staff import edit_account
from accounts.tests.by_hand import MANAGER, fresh, make, values
from schools.audit import Actor
from schools.models import AuditEntry
from tests.cast import signed_in

EVIL = "attacker@evil.example"
OWN = "vic@maple.example"
PASSWORD = "correct horse 9"
LONG_AGO = timezone.now() - timedelta(days=1)
VIC = {"first_name": "Vic", "last_name": "Lopez", "email": OWN}


@pytest.fixture(autouse=True)
def _invites(mails):
    cache.clear()


@pytest.fixture
def kim(maple):
    """Somebody who may manage the import and staff, but not roles."""
    rights = [Right.MANAGE_DATA_IMPORT, Right.MANAGE_STAFF]
    UserRole.objects.create(district=maple, name="Importer", rights=rights)
    user = User.objects.create_user("kim@maple.example", first_name="Kim")
    make(maple, role="Importer", user=user, last_name="Marsh", email=user.email)
    return Actor("Kim Marsh", user)


@pytest.fixture
def teacher(school):
    return make(school.district, school, "Teacher", clever_id="c-vic", **VIC)


@pytest.fixture
def manager(maple):
    """Vic's other account, which may do more than Kim."""
    return make(maple, role=MANAGER, clever_id="c-vic", **VIC)


@pytest.fixture
def invitation(teacher):
    """Vic's invitation hangs on the teacher's account; its link has expired unused."""
    return invited(teacher)


def invited(account, email=None):
    return Invitation.objects.create(
        district=account.district,
        account=account,
        person=account.clever_id or f"account {account.pk}",
        email=account.email if email is None else email,
        state="sent",
        expires_at=timezone.now(),
    )


def change(account, actor, **changes):
    edit_account(fresh(account), values(fresh(account), **changes), {}, actor)


def closed(token):
    with pytest.raises(LinkClosedError) as refused:
        open_link(token)
    return refused.value.why


def owners(*accounts):
    return [fresh(account).user for account in accounts]


class TestAnotherAddressOnTheLesserAccount:
    def test_its_link_opens_that_account_alone(
        self, maple, kim, teacher, manager, invitation
    ):
        change(teacher, kim, email=EVIL)

        assert send_again(maple, [invitation.pk], kim).number == 1
        user = set_up(issue_token(invitation), PASSWORD, None)

        assert owners(teacher, manager) == [user, None]

    @pytest.mark.parametrize("own", [OWN, ""])
    def test_a_link_that_is_out_already_opens_neither(
        self, client, maple, kim, teacher, manager, own
    ):
        """It was mailed before the account got another address."""
        change(manager, Actor("Naviance Support"), email=own)
        token = issue_token(invited(teacher, EVIL))

        page = client.get(reverse("invitation", args=[token]))

        assert closed(token) == Closed.OTHER_ADDRESS
        assert page.status_code == 403
        refusals = AuditEntry.objects.filter(verb="refused invitation")
        assert set(refusals.values_list("district", "about")) == {
            (maple.pk, teacher.pk)
        }
        assert "another e-mail address" in page.content.decode()
        with pytest.raises(LinkClosedError):
            set_up(token, PASSWORD, None)
        assert owners(teacher, manager) == [None, None]
        renewed = client.post(reverse("invitation", args=[token]))
        assert "Look into your e-mail" in renewed.text
        assert Invitation.objects.get().email == OWN
        assert closed(token) == Closed.UNKNOWN

    def test_it_leaves_the_identity_that_clever_made_for_both(
        self, kim, teacher, manager
    ):
        """Also if the account with the other address is inactive for now."""
        vic = User.objects.create_user(None, first_name="Vic")
        change(teacher, kim, email=EVIL)
        for account in (teacher, manager):
            type(account).objects.filter(pk=account.pk).update(user=vic)
        type(manager).objects.filter(pk=manager.pk).update(status="inactive")

        user = set_up(issue_token(invited(teacher, EVIL)), PASSWORD, None)

        assert owners(teacher, manager) == [user, vic]
        vic.refresh_from_db()
        assert not vic.has_usable_password()
        assert vic.email is None


def test_whoever_came_by_clever_first_adds_it_to_the_naviance_id_they_have(
    client, maple, teacher
):
    """The district has ended Clever SSO."""
    by_clever = User.objects.create_user(None, first_name="Vic")
    type(teacher).objects.filter(pk=teacher.pk).update(user=by_clever)
    vic = User.objects.create_user(OWN, PASSWORD)
    link = reverse("invitation", args=[issue_token(invited(teacher))])

    shown = client.get(link).text
    signed_in(vic).post(link)

    assert f"{OWN} has a Naviance ID already" in shown
    assert owners(teacher) == [vic]


def test_an_invitation_that_waited_goes_to_the_address_of_now(kim, teacher, mailoutbox):
    made = invited(teacher)
    Invitation.objects.update(state="waiting")
    change(teacher, kim, email="new@maple.example")

    assert send_one(made).state == "sent"
    assert [message.to for message in mailoutbox] == [["new@maple.example"]]


class TestAnAccountThatComesToBeThePersons:
    """A link went to one address; only then its account turns out to be Vic's."""

    @pytest.fixture
    def hired(self, school):
        """An account somebody has made up."""
        return make(school.district, school, "Teacher", **(VIC | {"email": EVIL}))

    def test_by_name_and_address(self, kim, hired, manager):
        token = issue_token(invited(hired))
        change(hired, kim, email=OWN)

        assert closed(token) == Closed.OTHER_ADDRESS

    def test_by_a_tie_to_the_same_person_in_clever(self, hired, manager):
        token = issue_token(invited(hired))
        type(hired).objects.filter(pk=hired.pk).update(clever_id="c-vic")

        user = set_up(token, PASSWORD, None)

        assert owners(hired, manager) == [user, None]

    def test_an_address_that_gets_no_mail_leaves_no_link_of_another(
        self, maple, kim, hired, manager
    ):
        made = invited(hired)
        token = issue_token(made)
        Invitation.objects.update(sent_at=LONG_AGO)
        change(hired, kim, email=OWN)
        make(maple, role="Teacher (D)", last_name="Other", email=OWN)

        assert "is shared" in send_again(maple, [made.pk], kim).refused[made.pk]

        assert closed(token) == Closed.UNKNOWN


class TestWhatIsThePersonsStays:
    def test_one_address_for_all_opens_all(self, maple, kim, teacher, manager):
        made = invited(teacher)
        change(manager, Actor("Naviance Support"), email=f" {OWN.upper()}")

        assert send_again(maple, [made.pk], kim).number == 1
        user = set_up(issue_token(made), PASSWORD, None)

        assert owners(teacher, manager) == [user, user]

    def test_two_schools_with_an_address_each_take_an_invitation_each(
        self, maple, kim, teacher
    ):
        there = maple.schools.get(school_id="S2")
        other = {**VIC, "clever_id": "c-vic", "email": "vic@other.example"}
        second = make(maple, there, "Counselor", **other)

        user = set_up(issue_token(invited(teacher)), PASSWORD, None)

        assert owners(teacher, second) == [user, None]

    def test_whoever_has_a_naviance_id_adds_an_account_of_a_new_address(
        self, client, maple, teacher
    ):
        """Clever has changed their e-mail; they sign in with the one they had."""
        vic = User.objects.create_user("vic@home.example", PASSWORD)
        type(teacher).objects.filter(pk=teacher.pk).update(user=vic)
        there = maple.schools.get(school_id="S2")
        second = make(maple, there, "Teacher", **{**VIC, "clever_id": "c-vic"})
        link = reverse("invitation", args=[issue_token(invited(second))])

        offered = client.get(link).text
        asked = signed_in(vic).get(link).text
        signed_in(vic).post(link)

        assert "Sign in with it first" in offered
        assert "vic@home.example has a Naviance ID already" in asked
        assert owners(teacher, second) == [vic, vic]

    def test_signed_in_as_somebody_else_nobody_adds_it(self, maple, kim, teacher):
        link = reverse("invitation", args=[issue_token(invited(teacher))])

        signed_in(kim.user).post(link)

        assert owners(teacher) == [None]

    def test_an_inactive_account_that_nobody_signs_in_to_is_in_nobodys_way(
        self, maple, kim, teacher, manager
    ):
        type(manager).objects.filter(pk=manager.pk).update(status="inactive", email="")
        change(teacher, kim, email="new@maple.example")

        assert send_again(maple, [invited(teacher).pk], kim).number == 1
