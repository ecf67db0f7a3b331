"""From an invitation's mail to the first sign-in, in a real browser."""

import re

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import expect

from accounts.invitation_mail import send_waiting
from accounts.models import Invitation, StaffAccount, User, UserRole
from accounts.services.invitations import invite_new
from schools.models import District
from tests.browser.looks import LOOKS, faults, fits
from tests.browser.steps import sign_in
from tests.cast import make_school

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "a horse of another color"


@pytest.fixture
def oak_mails(oak, settings, live_server):
    """Oak Unified, which does not use Clever SSO."""
    settings.SITE_URL = live_server.url
    District.objects.filter(pk=oak.pk).update(uses_sso=False)
    oak.refresh_from_db()
    return oak


def newcomer(district, last_name="Tran", school="Lincoln High School", **changes):
    role, _ = UserRole.objects.get_or_create(district=district, name="Counselor")
    return StaffAccount.objects.create(
        district=district,
        school=make_school(district, school),
        user_role=role,
        first_name="Minh",
        last_name=last_name,
        job_title="School Counselor",
        **{"email": f"minh.{last_name.lower()}@oak.example", **changes},
    )


def mailed_link():
    """The link in the newest mail."""
    [link] = re.findall(r"http\S+/accounts/invitation/\S+", str(mail.outbox[-1].body))
    return link


def invited(account):
    invite_new(account)
    send_waiting()
    return mailed_link()


def set_up(page):
    page.get_by_label("Choose a password").fill(PASSWORD)
    page.get_by_label("The same password again").fill(PASSWORD)
    page.get_by_role("button", name="Set up your Naviance ID").click()


@pytest.mark.parametrize("look", ["light 1280", "light 390"])
def test_from_the_mail_to_the_first_sign_in(visitor, oak_mails):
    visitor.goto(invited(newcomer(oak_mails)))
    expect(visitor.get_by_label("You sign in with")).to_have_value(
        "minh.tran@oak.example"
    )

    set_up(visitor)

    expect(visitor.get_by_text("Your Naviance ID is set up.")).to_be_visible()
    expect(visitor.get_by_role("heading", name="Minh Tran")).to_be_visible()
    visitor.get_by_role("button", name="Sign out").click()
    visitor.goto("/accounts/login/")
    sign_in(visitor, "Minh.Tran@oak.example", PASSWORD)
    expect(visitor.get_by_role("heading", name="Minh Tran")).to_be_visible()


def test_a_link_that_is_used_expired_or_forged_sets_nothing_up(visitor, oak_mails):
    link = invited(newcomer(oak_mails))
    visitor.goto(link)
    set_up(visitor)
    expect(visitor.get_by_text("Your Naviance ID is set up.")).to_be_visible()

    visitor.goto(link)
    expect(visitor.get_by_text("It was used already")).to_be_visible()
    assert faults(visitor) == []

    visitor.goto("/accounts/invitation/forged/")
    expect(visitor.get_by_text("It was cut off")).to_be_visible()

    second = invited(newcomer(oak_mails, "Vo", "Roosevelt Middle School"))
    Invitation.objects.exclude(state="used").update(expires_at=timezone.now())
    visitor.goto(second)
    visitor.get_by_role("button", name="E-mail me a new link").click()
    expect(visitor.get_by_role("heading", name="Look into your e-mail")).to_be_visible()
    send_waiting()
    visitor.goto(mailed_link())
    expect(visitor.get_by_label("You sign in with")).to_have_value(
        "minh.vo@oak.example"
    )
    assert User.objects.filter(email__startswith="minh").count() == 1


def test_an_address_with_a_naviance_id_adds_the_account_after_signing_in(
    visitor,
    oak_mails,
):
    User.objects.create_user("minh.tran@oak.example", PASSWORD, first_name="Minh")
    visitor.goto(invited(newcomer(oak_mails)))

    visitor.get_by_role("link", name="Sign in").click()
    sign_in(visitor, "minh.tran@oak.example", PASSWORD)
    visitor.get_by_role("button", name="Add the account").click()

    expect(visitor.get_by_role("heading", name="Minh Tran")).to_be_visible()
    expect(visitor.get_by_text("Lincoln High School, Oak Unified")).to_be_visible()


@pytest.fixture
def some_of_each(oak_mails):
    now = timezone.now()
    each: list[tuple[str, dict[str, object]]] = [
        ("sent", {"sent_at": now, "expires_at": now}),
        ("failed", {"problem": "The mail server refused it: 550 No such user"}),
        ("unmailed", {"problem": "office@oak.example is shared by several people"}),
        ("waiting", {}),
        ("used", {"used_at": now}),
    ]
    for number, (state, changes) in enumerate(each):
        account = newcomer(oak_mails, f"Tran{number}", f"School {number}")
        Invitation.objects.create(
            district=oak_mails,
            account=account,
            person=str(account.pk),
            email=account.email,
            state=state,
            **changes,
        )


def test_an_admin_sends_what_has_expired_again(page, some_of_each):
    page.goto("/")
    page.locator("details.menu > summary").click()
    page.locator("details.menu").get_by_role("link", name="Invitations").click()

    page.get_by_role("button", name="Send the expired one again").click()

    expect(page.get_by_text("1 person is e-mailed a new link now.")).to_be_visible()
    page.get_by_role("link", name="Failed").click()
    page.get_by_role("button", name="Send again").click()
    expect(page.get_by_text("Nobody fits this filter")).to_be_visible()
    page.get_by_role("link", name="Waiting").click()
    expect(page.get_by_text("3 people")).to_be_visible()


@LOOKS
def test_pages_of_invitations_are_accessible_and_fit(page, some_of_each, oak_mails):
    found = {}
    link = invited(newcomer(oak_mails))
    for address in (
        "/staff/invitations/",
        "/staff/invitations/?state=unmailed",
        "/staff/invitations/?q=nobody",
        link,
        "/accounts/me/",
        "/accounts/password/change/",
        "/accounts/2fa/",
    ):
        page.goto(address)
        found[address] = (faults(page), fits(page))

    assert found == dict.fromkeys(found, ([], True))
