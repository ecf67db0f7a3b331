"""Support's form of a district: what it writes, and what it leaves to others."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from clever.standin import Standin
from schools.models import District

TOKEN = "token-that-nobody-may-see"


@pytest.fixture
def support(db, client, settings):
    settings.SUPPORT_MFA_REQUIRED = False
    user = User.objects.create_superuser("support@navsync.example", "secret-password")
    client.force_login(user)
    return client


@pytest.fixture
def maple(db):
    return District.objects.create(
        slug="maple", name="Maple Valley", clever_id="m1", clever_token=TOKEN
    )


def page_of(district):
    return reverse("admin:schools_district_change", args=[district.pk])


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


def district_form(district, **changes):
    return {
        "slug": district.slug,
        "name": district.name,
        "time_zone": district.time_zone,
        "nces_id": "",
        "uses_sso": "unknown",
        "new_clever_token": "",
        **changes,
    }


def test_saving_a_district_keeps_its_token_and_who_changed_what(support, maple):
    answer = support.post(
        page_of(maple),
        district_form(maple, nces_id="0699990"),
    )

    maple.refresh_from_db()
    entry = maple.audit_entries.get()
    assert answer.status_code == 302
    assert maple.clever_token == TOKEN
    assert (entry.actor_name, entry.address) == ("support@navsync.example", "127.0.0.1")
    assert (entry.verb, entry.changes) == (
        "changed district",
        {"nces_id": ["", "0699990"]},
    )


def test_a_new_token_is_checked_with_clever_and_never_shown(support, maple, settings):
    with Standin(roster="small") as standin:
        settings.CLEVER_API_URL = standin.url
        District.objects.update(clever_id=standin.district_id)
        wrong = support.post(
            page_of(maple),
            district_form(maple, new_clever_token="wrong-and-nobody-may-see"),
        )
        right = support.post(
            page_of(maple),
            district_form(maple, new_clever_token=standin.token),
        )

    maple.refresh_from_db()
    assert "Clever did not accept" in text_of(wrong)
    assert "nobody-may-see" not in text_of(wrong)
    assert right.status_code == 302
    assert maple.clever_token == standin.token
    assert maple.audit_entries.get().changes == {
        "new_clever_token": ["(secret)", "(replaced)"]
    }


def test_saving_a_district_takes_back_nothing_done_meanwhile(
    support, maple, monkeypatch
):
    def pause_meanwhile(*_asked):
        District.objects.filter(pk=maple.pk).update(paused_at=timezone.now())

    monkeypatch.setattr("schools.district_admin.check_token", pause_meanwhile)

    support.post(
        page_of(maple),
        district_form(maple, name="Maple Hill", new_clever_token="another"),
    )

    stored = District.objects.get(pk=maple.pk)
    assert (stored.name, stored.clever_token) == ("Maple Hill", "another")
    assert stored.is_paused


def test_a_district_that_left_while_clever_was_asked_gets_no_token(
    support, maple, monkeypatch
):
    def leave_meanwhile(*_asked):
        District.objects.filter(pk=maple.pk).update(
            disconnected_at=timezone.now(), clever_token=""
        )

    monkeypatch.setattr("schools.district_admin.check_token", leave_meanwhile)

    answer = support.post(
        page_of(maple),
        district_form(maple, name="Maple Hill", new_clever_token="another"),
        follow=True,
    )

    stored = District.objects.get(pk=maple.pk)
    assert "This district was disconnected from Clever, so nothing" in text_of(answer)
    assert stored.name == maple.name
    assert stored.clever_token != "another"


def test_an_unknown_time_zone_is_refused(support, maple):
    answer = support.post(page_of(maple), district_form(maple, time_zone="Mars/Base"))

    assert "“Mars/Base” is no time zone." in text_of(answer)
