"""What support downloads while it looks at a district's console is on record there."""

import pytest
from django.urls import reverse

from accounts.models import Right, User
from tests.cast import (
    PASSWORD,
    make_account,
    make_admin,
    make_district,
    make_rows,
    make_run,
    make_school,
    signed_in,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def oak():
    return make_district("oak")


@pytest.fixture
def visitor(oak, settings):
    settings.SUPPORT_MFA_REQUIRED = False
    client = signed_in(User.objects.create_superuser("kim@navsync.example", PASSWORD))
    begin = reverse("admin:accounts_consolevisit_begin", args=[oak.pk])
    assert client.post(begin, {"reason": "Dana asked."}).url == "/"
    return client


def told(district):
    entries = district.audit_entries.filter(verb="downloaded on a visit").order_by("pk")
    return [(entry.actor_name, entry.address, entry.target) for entry in entries]


@pytest.mark.parametrize(
    ("address", "file"),
    [
        ("/staff/accounts.csv", "oak-staff"),
        ("/runs/{run}/results.csv?outcome=created", "oak-run-"),
        ("/runs/{run}/results.xlsx", "oak-run-"),
        ("/setup/import-staff-data/settings.json", "settings"),
        ("/setup/import-staff-data/titles.csv", "titles"),
    ],
)
def test_a_download_on_a_visit_leaves_its_trace(visitor, oak, address, file):
    make_account(make_school(oak))
    run = make_run(oak)
    make_rows(run, {"outcome": "created", "last_name": "Haskell"})

    answer = visitor.get(address.format(run=run.pk))
    if answer.streaming:
        b"".join(answer.streaming_content)

    assert answer.status_code == 200
    [(who, where, what)] = told(oak)
    assert (who, where) == ("kim@navsync.example", "127.0.0.1")
    assert what in answer["Content-Disposition"]
    assert file in what


def test_a_page_looked_at_or_a_file_asked_about_is_no_download(visitor, oak):
    for address in ("/", "/staff/", "/audit/"):
        assert visitor.get(address).status_code == 200
    assert visitor.head("/staff/accounts.csv").status_code == 200

    assert told(oak) == []


def test_a_districts_own_download_is_no_visit(oak):
    admin = make_admin(oak, rights=list(Right))

    assert signed_in(admin).get("/staff/accounts.csv").status_code == 200

    assert told(oak) == []
