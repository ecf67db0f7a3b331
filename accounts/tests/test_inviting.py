"""Inviting one person by hand, from their page."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.invitation_mail import issue_token
from accounts.models import Invitation, User
from accounts.services.acceptance import set_up
from accounts.services.invitations import (
    IS_SET_UP,
    JUST_SENT,
    NOT_ACTIVE,
    WITH_CLEVER,
    send_again,
)
from accounts.services.inviting import (
    NOT_SAID,
    TOOK_OUT,
    invite_by_hand,
    invite_to_console,
    take_out_of_identity,
)
from accounts.tests.by_hand import MANAGER, fresh, last_entry, make
from schools.audit import Actor
from schools.errors import RefusedError
from schools.models import District
from tests.cast import PASSWORD

KIM = Actor("Kim Marsh")


@pytest.fixture(autouse=True)
def _invites(mails):
    """Nobody in Maple Valley signs in with Clever."""


@pytest.fixture
def lee(maple, school):
    return make(maple, school, "Teacher", clever_id="c-lee")


def refused(account, actor=KIM):
    with pytest.raises(RefusedError) as error:
        invite_by_hand(fresh(account), actor)
    return error.value.user_message


def test_whoever_was_loaded_without_a_naviance_id_is_invited(maple, lee):
    invitation = invite_by_hand(fresh(lee), KIM)

    assert (invitation.state, invitation.email) == ("waiting", "jlee@maple.example")
    assert last_entry(maple)[:3] == ("Kim Marsh", "invited", lee.pk)
    assert set_up(issue_token(invitation), PASSWORD, None) == fresh(lee).user


def test_whose_address_clever_has_changed_is_invited_beside_the_link_they_used(
    maple, lee
):
    set_up(issue_token(invite_by_hand(fresh(lee), KIM)), PASSWORD, None)
    there = maple.schools.get(school_id="S2")
    second = make(
        maple, there, "Teacher", clever_id="c-lee", email="jordan@new.example"
    )

    invitation = invite_by_hand(fresh(second), KIM)

    assert invitation.email == "jordan@new.example"
    assert sorted(Invitation.objects.values_list("state", flat=True)) == [
        "used",
        "waiting",
    ]


def test_a_link_to_another_address_by_another_account_stays_good(maple, lee):
    """Whoever decides on one account would else take the link to the other away."""
    there = maple.schools.get(school_id="S2")
    second = make(maple, there, "Teacher", clever_id="c-lee", email="lee@home.example")
    first = invite_by_hand(fresh(lee), KIM)
    token = issue_token(first)

    invitation = invite_by_hand(fresh(second), KIM)

    assert invitation.email == "lee@home.example"
    assert set_up(token, PASSWORD, None) == fresh(lee).user
    assert fresh(second).user is None


def test_inviting_an_admin_leaves_the_link_to_their_other_address(maple, lee):
    token = issue_token(invite_by_hand(fresh(lee), KIM))
    own = make(maple, role=MANAGER, clever_id="c-lee", email="lee@home.example")

    invitation = invite_to_console(maple, "lee@home.example", KIM)

    assert invitation is not None
    assert set_up(token, PASSWORD, None) == fresh(lee).user
    assert set_up(issue_token(invitation), PASSWORD, None) == fresh(own).user


def test_a_refused_resend_leaves_a_good_link_to_the_same_address(maple, school, lee):
    """Somebody else has got the address since; the link was mailed before."""
    invitation = invite_by_hand(fresh(lee), KIM)
    token = issue_token(invitation)
    Invitation.objects.update(sent_at=timezone.now() - timedelta(minutes=2))
    make(maple, school, "Teacher", first_name="Xx", last_name="Yy")

    refusal = send_again(maple, [invitation.pk], KIM).refused[invitation.pk]

    assert refusal == (
        "jlee@maple.example is shared by several people, so no invitation."
    )
    assert set_up(token, PASSWORD, None) == fresh(lee).user


def test_whose_the_address_is_beyond_their_zone_nobody_is_told(maple, school, lee):
    """A zone restricts what is seen."""
    north = maple.zones.create(name="North")
    north.schools.add(school)
    nora = User.objects.create_user("nora@maple.example")
    make(maple, role=MANAGER, user=nora, last_name="Ek", zone=north)
    there = maple.schools.get(school_id="S2")
    other = make(maple, there, "Teacher", first_name="Xx", last_name="Yy")

    told = refused(lee, Actor("Nora Ek", nora))
    other.school = school
    other.save()

    assert told == (
        "jlee@maple.example is shared by several people, so no invitation. Correct the "
        "address that is wrong, then invite again."
    )
    assert "is also the e-mail of Xx Yy" in refused(lee, Actor("Nora Ek", nora))


def test_pressing_twice_makes_no_link_worthless(maple, lee):
    invitation = invite_by_hand(fresh(lee), KIM)
    issue_token(invitation)

    assert refused(lee) == JUST_SENT
    assert send_again(maple, [invitation.pk], KIM).refused == {invitation.pk: JUST_SENT}
    Invitation.objects.update(sent_at=timezone.now() - timedelta(minutes=2))
    assert invite_by_hand(fresh(lee), KIM).state == "waiting"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"email": ""}, "No e-mail address"),
        ({"email": "office@"}, "is no e-mail address"),
        ({"status": "inactive"}, NOT_ACTIVE),
    ],
)
def test_who_can_not_be_invited_is_refused_with_the_reason(
    maple, lee, changes, sentence
):
    type(lee).objects.filter(pk=lee.pk).update(**changes)

    assert sentence in refused(lee)
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(("uses_sso", "said"), [(True, WITH_CLEVER), (None, NOT_SAID)])
def test_nobody_is_invited_where_clever_signs_in(maple, lee, uses_sso, said):
    District.objects.update(uses_sso=uses_sso)

    assert refused(lee) == said


def test_whoever_signs_in_already_is_not_invited(maple, lee):
    user = User.objects.create_user("lee@home.example", PASSWORD)
    type(lee).objects.filter(pk=lee.pk).update(user=user)

    assert refused(lee) == IS_SET_UP


def test_nobody_invites_to_an_account_that_may_do_more(maple):
    kim = User.objects.create_user("kim@maple.example", PASSWORD)
    make(maple, role="District Analyst", user=kim, last_name="Marsh")
    manager = make(maple, role=MANAGER, email="vic@maple.example")

    assert "may do what you may not" in refused(manager, Actor("Kim", kim))


def test_an_account_in_the_wrong_hands_is_taken_out_and_given_to_the_right_ones(
    maple, lee
):
    """Its e-mail had a slip, and whoever has that address used the invitation."""
    stranger = set_up(issue_token(invite_by_hand(fresh(lee), KIM)), PASSWORD, None)
    type(lee).objects.filter(pk=lee.pk).update(email="right@maple.example")

    taken_from = take_out_of_identity(fresh(lee), "A slip in the e-mail", KIM)
    owner = set_up(issue_token(invite_by_hand(fresh(lee), KIM)), PASSWORD, None)

    assert taken_from == stranger != owner == fresh(lee).user
    assert fresh(lee).revision == lee.revision
    entry = maple.audit_entries.get(verb=TOOK_OUT)
    assert entry.changes == {"naviance_id": [str(stranger), None]}
    assert entry.note == "A slip in the e-mail"


def test_an_account_nobody_signs_in_to_is_not_taken_out(maple, lee):
    with pytest.raises(RefusedError, match="Nobody signs in to this account"):
        take_out_of_identity(fresh(lee), "", KIM)


def test_nobody_takes_their_own_account_out(maple):
    kim = User.objects.create_user("kim@maple.example", PASSWORD)
    own = make(maple, role=MANAGER, user=kim, last_name="Marsh")

    with pytest.raises(RefusedError, match="This is your own account"):
        take_out_of_identity(own, "", Actor("Kim", kim))
