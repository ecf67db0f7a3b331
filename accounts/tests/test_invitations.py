"""Letting the holder of a district account into the console."""

import io
import re

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from accounts.models import StaffAccount, User
from accounts.services.invitations import invite
from schools.audit import Actor
from schools.errors import RefusedError

DANA = Actor("Dana Whitfield")
EMAIL = "Lee.Jordan@maple.example"


def account(district, email=EMAIL, role="District Site Manager", **changes):
    return StaffAccount.objects.create(
        district=district,
        first_name="Lee",
        last_name="Jordan",
        email=email,
        user_role=district.user_roles.get(name=role),
        **changes,
    )


def run(*args):
    out = io.StringIO()
    call_command("invite", *args, stdout=out)
    return out.getvalue()


def test_the_person_gets_an_identity_without_a_password(maple):
    account(maple)

    access = invite(maple, EMAIL, DANA)

    user = User.objects.get()
    assert (user.email, user.get_full_name()) == (EMAIL.lower(), "Lee Jordan")
    assert not user.has_usable_password()
    assert maple.staff_accounts.get().user == user
    assert maple.audit_entries.get().verb == "invited"
    assert access.sets_password
    assert access.link not in repr(access)


def test_the_address_is_found_whatever_its_case(maple):
    account(maple, email="LEE@Maple.example ")

    assert invite(maple, " lee@maple.EXAMPLE", DANA).user.email == "lee@maple.example"


def test_inviting_again_makes_no_second_identity(maple):
    account(maple)
    first = invite(maple, EMAIL, DANA)

    again = invite(maple, EMAIL, DANA)

    assert again.user == first.user
    assert maple.staff_accounts.get().revision == 2


def test_somebody_with_a_password_is_sent_to_sign_in(maple, settings):
    account(maple)
    User.objects.create_user(EMAIL, "correct horse battery")

    access = invite(maple, EMAIL, DANA)

    assert not access.sets_password
    assert access.link == f"{settings.SITE_URL}/accounts/login/"


def test_one_identity_may_have_accounts_in_two_districts(maple, cedar):
    account(maple)
    account(cedar)

    users = {invite(district, EMAIL, DANA).user for district in (maple, cedar)}

    assert len(users) == 1


@pytest.mark.parametrize(
    ("accounts", "sentence"),
    [
        ([], "has no active district account with the e-mail"),
        ([{"status": "inactive"}], "has no active district account"),
        ([{}, {}], "2 district accounts share the e-mail"),
        ([{"role": "District Analyst"}], "may not manage the data import"),
    ],
)
def test_who_may_not_in_is_refused_and_nothing_changes(maple, accounts, sentence):
    for changes in accounts:
        account(maple, **changes)

    with pytest.raises(RefusedError, match=sentence):
        invite(maple, EMAIL, DANA)

    assert not User.objects.exists()
    assert not maple.audit_entries.exists()


def test_a_school_account_is_no_way_in(maple):
    account(maple, school=maple.schools.first())

    with pytest.raises(RefusedError, match="no active district account"):
        invite(maple, EMAIL, DANA)


def test_an_address_that_gets_no_mail_is_refused(maple):
    account(maple, email="office@")

    with pytest.raises(RefusedError, match="“office@” is no e-mail address"):
        invite(maple, "office@", DANA)


def test_an_account_of_another_district_is_not_found(maple, cedar):
    account(cedar)

    with pytest.raises(RefusedError, match="Maple Valley has no active"):
        invite(maple, EMAIL, DANA)


def test_the_printed_link_sets_a_password_once(maple, client, settings):
    account(maple)
    link = run("maple", EMAIL, "--print-link").strip()
    path = link.removeprefix(settings.SITE_URL)

    form = client.get(path, follow=True)
    answer = client.post(
        form.redirect_chain[-1][0],
        {"new_password1": "correct horse 9", "new_password2": "correct horse 9"},
    )
    again = client.get(path, follow=True)

    assert answer.status_code == 302
    assert User.objects.get().check_password("correct horse 9")
    assert "new_password1" not in again.content.decode()
    assert mail.outbox == []


def test_without_print_link_the_person_gets_a_mail(maple, settings):
    account(maple)

    out = run("maple", EMAIL)

    [message] = mail.outbox
    assert message.to == [EMAIL.lower()]
    assert message.subject == "Your access to NavSync for Maple Valley"
    assert re.search(rf"{settings.SITE_URL}/\S+/\n", str(message.body))
    assert "within 3 days" in message.body
    assert out == f"A mail with the link went to {EMAIL.lower()}.\n"


def test_a_mail_server_that_does_not_answer_is_told(maple, settings):
    account(maple)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

    with pytest.raises(CommandError, match=r"not be sent.*--print-link") as failed:
        run("maple", EMAIL)

    assert failed.value.returncode == 1
