"""Which e-mail addresses are one, and which letters only look like another's."""

import pytest

from accounts.addresses import folded, is_address
from accounts.invitation_mail import issue_token
from accounts.models import Invitation, StaffAccount, User
from accounts.reach import has_address
from accounts.services.acceptance import set_up
from accounts.services.inviting import invite_by_hand
from accounts.tests.by_hand import MANAGER, fresh, make
from schools.audit import Actor
from schools.errors import RefusedError

KELVIN, LONG_S = "\u212a", "\u017f"
KATE = {"first_name": "Kate", "last_name": "King", "email": "kate.s@maple.example"}
LOOK_ALIKES = [f"{KELVIN}ate.s@maple.example", f"kate.{LONG_S}@maple.example"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (" Kate@Maple.Example ", "kate@maple.example", True),
        (f"{KELVIN}ate@maple.example", "kate@maple.example", False),
        (f"kate.{LONG_S}@maple.example", "kate.s@maple.example", False),
        ("ka\u0308te@maple.example", "kate@maple.example", False),
        ("strasse@maple.example", "stra\u00dfe@maple.example", False),
    ],
)
def test_ascii_letters_alone_are_the_same_large_and_small(one, other, same):
    assert (folded(one) == folded(other)) == same


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("kate@maple.example", True),
        ("o'neil+staff@maple.example", True),
        ("kate@m\u00fcnchen.example", True),
        *((address, False) for address in LOOK_ALIKES),
        ("k\u00e4te@maple.example", False),
        ("kate@", False),
        ("", False),
    ],
)
def test_mail_goes_to_plain_letters_before_the_at_sign(text, is_one):
    assert is_address(text) == is_one


@pytest.mark.parametrize("address", LOOK_ALIKES)
def test_an_address_with_look_alike_letters_is_not_invited(mails, school, address):
    made = make(mails, school, "Teacher", **(KATE | {"email": address}))

    with pytest.raises(RefusedError, match="is no e-mail address"):
        invite_by_hand(made, Actor("Kim Marsh"))


@pytest.mark.parametrize("address", LOOK_ALIKES)
def test_a_link_to_look_alike_letters_opens_no_account_of_the_real_address(
    mails, school, address
):
    """Mailed before such addresses were refused."""
    manager = make(mails, role=MANAGER, **KATE)
    made = make(mails, school, "Teacher", **(KATE | {"email": address}))
    StaffAccount.objects.update(clever_id="c-kate")
    link = Invitation.objects.create(
        district=mails, account=made, person="c-kate", email=address
    )

    user = set_up(issue_token(link), "correct horse 9", None)

    assert fresh(manager).user is None
    assert not has_address(fresh(manager), user.email or "")
    assert not User.objects.filter(email=KATE["email"]).exists()
