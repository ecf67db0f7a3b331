"""Asking for invitations: of new people, again, and for the console."""

import io
import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Invitation, StaffAccount, User
from accounts.services.invitations import (
    NOT_ACTIVE,
    ON_ITS_WAY,
    WITH_CLEVER,
    invite_new,
    send_again,
    send_all_again,
)
from accounts.services.inviting import invite_to_console
from schools.audit import Actor
from schools.errors import RefusedError

DANA = Actor("Dana Whitfield")
EMAIL = "Lee.Jordan@maple.example"
MANAGER = "District Site Manager"


@pytest.fixture
def sent(monkeypatch):
    """The districts whose invitations a worker was asked to send, after commit."""
    asked: list[int] = []
    monkeypatch.setattr("accounts.invitation_mail.ask_worker", asked.append)
    return asked


def account(district, email=EMAIL, role=MANAGER, **changes):
    return StaffAccount.objects.create(
        district=district,
        email=email,
        user_role=district.user_roles.get(name=role),
        **{"first_name": "Lee", "last_name": "Jordan", **changes},
    )


def invitation(account, state="sent", **changes):
    return Invitation.objects.create(
        district=account.district,
        account=account,
        person=account.clever_id or str(account.pk),
        state=state,
        **{"email": account.email, "expires_at": timezone.now(), **changes},
    )


class TestNewPeople:
    def test_somebody_new_is_invited_once_it_is_committed(
        self, mails, sent, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            asked = invite_new(account(mails))
            assert sent == []

        assert asked is not None
        assert (asked.state, asked.email) == ("waiting", EMAIL)
        assert sent == [mails.pk]

    @pytest.mark.parametrize("answer", [True, None])
    def test_nobody_is_with_clever_sso_or_before_the_question_is_answered(
        self, maple, answer
    ):
        maple.uses_sso = answer

        assert invite_new(account(maple)) is None
        assert not Invitation.objects.exists()

    def test_a_person_at_two_schools_is_invited_once(self, mails):
        for school in mails.schools.all():
            invite_new(account(mails, clever_id="c1", school=school))

        assert Invitation.objects.count() == 1

    def test_somebody_who_signs_in_already_is_not(self, mails):
        user = User.objects.create_user("lee@maple.example", "a password")

        assert invite_new(account(mails, user=user)) is None

    @pytest.mark.parametrize(
        ("email", "why"),
        [
            ("", "No e-mail address"),
            ("office@", "“office@” is no e-mail address"),
            (f"{'x' * 60}@{'y' * 200}.example", "is no e-mail address"),
            ("OFFICE@maple.example", "is shared by several people"),
        ],
    )
    def test_an_address_that_gets_no_mail_is_listed_with_its_reason(
        self, mails, email, why
    ):
        account(mails, "office@maple.example", last_name="Other")

        listed = invite_new(account(mails, email))

        assert listed is not None
        assert listed.state == "unmailed"
        assert why in listed.problem

    def test_an_address_is_not_shared_with_oneself(self, mails):
        account(mails, clever_id="c1", school=mails.schools.first())
        own = account(mails, clever_id="c1")
        Invitation.objects.all().delete()

        invite_new(own)
        send_again(mails, [invitation(own).pk], DANA)

        assert Invitation.objects.get().state == "waiting"


class TestSendingAgain:
    def test_it_waits_for_a_new_link_to_the_present_address(
        self, mails, sent, django_capture_on_commit_callbacks
    ):
        lee = account(mails, "new@maple.example")
        old = invitation(lee, email="old@maple.example", token_digest="x")

        with django_capture_on_commit_callbacks(execute=True):
            done = send_again(mails, [old.pk], DANA)

        old.refresh_from_db()
        assert (done.number, done.refused) == (1, {})
        assert (old.state, old.email, old.token_digest) == (
            "waiting",
            "new@maple.example",
            "",
        )
        assert sent == [mails.pk]
        entry = mails.audit_entries.get()
        assert (entry.verb, entry.target) == ("sent invitation again", "Jordan, Lee")

    @pytest.mark.parametrize(
        ("state", "of_account", "why"),
        [
            ("waiting", {}, ON_ITS_WAY),
            ("sending", {}, ON_ITS_WAY),
            ("sent", {"status": "inactive"}, NOT_ACTIVE),
            ("unmailed", {"email": "office@"}, "is no e-mail address"),
        ],
    )
    def test_some_are_not_sent_and_the_reason_is_told(
        self, mails, state, of_account, why
    ):
        refused = invitation(account(mails, **of_account), state)

        done = send_again(mails, [refused.pk], DANA)

        assert done.number == 0
        assert why in done.refused[refused.pk]
        assert not mails.audit_entries.exists()

    def test_whoever_moved_to_another_school_is_invited_by_the_account_there(
        self, mails
    ):
        first, second = mails.schools.all()
        tied = {"role": "Teacher", "clever_id": "c-lee"}
        left = account(mails, school=first, status="inactive", **tied)
        new = account(mails, "lee@new.example", school=second, **tied)
        old = invitation(left)

        assert send_again(mails, [old.pk], DANA).number == 1

        old.refresh_from_db()
        assert (old.account, old.email) == (new, "lee@new.example")
        assert old.person == "c-lee"

    def test_a_person_whose_address_was_corrected_can_be_mailed(self, mails):
        mended = invitation(account(mails), "unmailed", problem="No e-mail address")

        assert send_again(mails, [mended.pk], DANA).number == 1
        mended.refresh_from_db()
        assert mended.problem == ""

    def test_all_expired_or_all_failed_are_sent_and_no_others(self, mails):
        for number in range(6):
            account(mails, f"p{number}@maple.example")
        ago, ahead = (timezone.now() + timedelta(days=days) for days in (-1, 1))
        states = [("sent", ago), ("sent", ago), ("sent", ahead), ("failed", ago)]
        for of, (state, expires) in zip(
            mails.staff_accounts.all(), states, strict=False
        ):
            invitation(of, state, expires_at=expires)

        assert send_all_again(mails, "expired", DANA).number == 2
        assert send_all_again(mails, "failed", DANA).number == 1
        assert mails.invitations.filter(state="sent").count() == 1

    @pytest.mark.parametrize(("role", "number"), [("Teacher", 0), (MANAGER, 1)])
    def test_with_clever_sso_only_links_into_the_console_are_sent(
        self, mails, role, number
    ):
        mails.uses_sso = True
        mails.save()
        old = invitation(account(mails, role=role))

        done = send_again(mails, [old.pk], DANA)

        assert done.number == number
        assert list(done.refused.values()) == [WITH_CLEVER] * (1 - number)
        assert mails.audit_entries.count() == number

    def test_another_districts_is_not_there(self, mails, cedar):
        theirs = invitation(account(cedar))

        assert send_again(mails, [theirs.pk], DANA).number == 0
        theirs.refresh_from_db()
        assert theirs.state == "sent"


class TestConsoleAccess:
    """`invite SLUG EMAIL [--print-link]`."""

    def run(self, *args):
        out = io.StringIO()
        call_command("invite", *args, stdout=out)
        return out.getvalue()

    def test_the_address_is_found_whatever_its_case(self, maple):
        account(maple, email="LEE@Maple.example ")

        asked = invite_to_console(maple, " lee@maple.EXAMPLE", DANA)

        assert asked is not None
        assert asked.email == "LEE@Maple.example"
        assert maple.audit_entries.get().verb == "invited"

    def test_no_identity_is_made_or_tied_before_the_link_is_opened(self, maple):
        User.objects.create_user(EMAIL, "correct horse battery")
        account(maple)

        invite_to_console(maple, EMAIL, DANA)

        assert maple.staff_accounts.get().user is None

    def test_inviting_again_makes_the_old_link_worthless(self, maple, settings):
        account(maple)
        first, second = (
            self.run("maple", EMAIL, "--print-link").strip() for _ in range(2)
        )

        assert first != second
        assert first.startswith(f"{settings.SITE_URL}/accounts/invitation/")
        assert Invitation.objects.count() == 1

    def test_somebody_who_signs_in_already_is_told_where(self, maple, settings):
        account(maple, user=User.objects.create_user(EMAIL, "correct horse battery"))

        out = self.run("maple", EMAIL)

        assert f"sign in at {settings.SITE_URL}/accounts/login/" in out
        assert mail.outbox == []

    @pytest.mark.parametrize(
        ("accounts", "sentence"),
        [
            ([], "has no active district account with the e-mail"),
            ([{"status": "inactive"}], "has no active district account"),
            ([{}, {}], "2 district accounts share the e-mail"),
            ([{"role": "District Analyst"}], "may not manage the data import"),
        ],
    )
    def test_who_may_not_in_is_refused_and_nothing_changes(
        self, maple, accounts, sentence
    ):
        for changes in accounts:
            account(maple, **changes)

        with pytest.raises(RefusedError, match=sentence):
            invite_to_console(maple, EMAIL, DANA)

        assert not Invitation.objects.exists()
        assert not maple.audit_entries.exists()

    def test_whom_a_zone_restricts_is_refused(self, maple):
        account(maple, zone=maple.zones.create(name="No Schools Zone"))

        with pytest.raises(RefusedError, match="restricted to the zone No Schools"):
            invite_to_console(maple, EMAIL, DANA)

    def test_a_school_account_is_no_way_in(self, maple):
        account(maple, school=maple.schools.first())

        with pytest.raises(RefusedError, match="no active district account"):
            invite_to_console(maple, EMAIL, DANA)

    def test_an_address_that_gets_no_mail_is_refused(self, maple):
        account(maple, email="office@")

        with pytest.raises(RefusedError, match="“office@” is no e-mail address"):
            invite_to_console(maple, "office@", DANA)

    def test_an_account_of_another_district_is_not_found(self, maple, cedar):
        account(cedar)

        with pytest.raises(RefusedError, match="Maple Valley has no active"):
            invite_to_console(maple, EMAIL, DANA)

    def test_without_print_link_the_person_gets_a_mail_with_sso_too(
        self, maple, settings
    ):
        maple.uses_sso = True
        maple.save()
        account(maple)

        out = self.run("maple", EMAIL)

        [message] = mail.outbox
        assert message.to == [EMAIL]
        link = rf"{settings.SITE_URL}/accounts/invitation/\S+/"
        assert re.search(link, str(message.body))
        assert out == f"A mail with the link went to {EMAIL}.\n"

    def test_a_mail_server_that_does_not_answer_is_told(self, maple, settings):
        account(maple)
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

        with pytest.raises(CommandError, match=r"can’t be reached.*--print-link"):
            self.run("maple", EMAIL)
