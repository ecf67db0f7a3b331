import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import StaffAccount
from tests.cast import (
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
def client(oak):
    return signed_in(make_admin(oak))


@pytest.fixture
def final(oak):
    """An applied final that has created one account, which nobody used."""
    run = make_run(oak, "final", applied_at=timezone.now())
    school = make_school(oak)
    account = StaffAccount.objects.create(
        district=oak, school=school, clever_id="c1", origin="import", last_name="Tran"
    )
    make_rows(
        run,
        {
            "outcome": "created",
            "state": "applied",
            "writes": True,
            "school": school,
            "clever_id": "c1",
            "account_id": account.pk,
            "last_name": "Tran",
            "first_name": "",
        },
    )
    return run


def undo_url(run):
    return reverse("staffimport:undo", args=[run.pk])


def test_the_last_applied_run_offers_an_undo_with_its_preview(client, final):
    page = client.get(reverse("staffimport:run", args=[final.pk])).content.decode()
    preview = client.get(undo_url(final))

    assert undo_url(final) in page
    assert preview.context["preview"].removed == 1
    assert "removed: created by this run and never used" in preview.content.decode()


def test_the_preview_is_a_dialog_where_htmx_asks(client, final):
    answer = client.get(undo_url(final), headers={"HX-Request": "true"})

    assert answer.content.decode().startswith("<dialog")


def test_an_undo_is_queued_and_shown(oak, client, final, sent):
    answer = client.post(undo_url(final))

    undo = oak.import_runs.get(kind="undo")
    assert undo.base_run == final
    assert answer.url == reverse("staffimport:run", args=[undo.pk])


def test_a_run_that_changed_nothing_says_that_there_is_nothing_to_undo(oak, client):
    test = make_run(oak)

    page = client.get(undo_url(test), follow=True)
    dialog = client.get(undo_url(test), headers={"HX-Request": "true"})

    assert "nothing to undo" in page.content.decode()
    assert dialog.headers["HX-Redirect"] == f"/runs/{test.pk}/"
