"""Support's pages of replays and redacted bundles."""

import zipfile
from io import BytesIO

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from accounts.models import User
from navsync.support.groups import SUPPORT
from staffimport.core.snapshot import Snapshot
from staffimport.inquiries.answering import answer
from staffimport.models import Inquiry
from staffimport.store import snapshots
from tests.cast import make_admin, make_district, make_rows, make_run, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_second_factor(settings):
    settings.SUPPORT_MFA_REQUIRED = False


@pytest.fixture
def run():
    oak = make_district("oak")
    run = make_run(oak, snapshot=snapshots.save(oak, Snapshot("oak")))
    make_rows(run, {"outcome": "created", "last_name": "Vance", "writes": True})
    return run


@pytest.fixture
def kim():
    user = User.objects.create_user("kim@navsync.example", "x", is_staff=True)
    user.groups.add(Group.objects.get(name=SUPPORT))
    return user


@pytest.fixture
def support(kim, sent):
    return signed_in(kim)


def page(run, kind):
    return reverse("admin:staffimport_inquiry_ask", args=[run.pk, kind])


def asked(client, run, kind):
    """Ask as the page does; return the address of the answer, and the inquiry."""
    address = client.post(page(run, kind)).url
    return address, Inquiry.objects.get(kind=kind)


def test_a_replay_is_asked_for_from_the_runs_page_and_read_there(support, run):
    of_run = reverse("admin:staffimport_importrun_change", args=[run.pk])
    assert page(run, "replay") in support.get(of_run).content.decode()
    assert "Nothing in the district changes" in (
        support.get(page(run, "replay")).content.decode()
    )

    address, inquiry = asked(support, run, "replay")
    waiting = support.get(address).content.decode()
    answer(inquiry.pk)
    shown = support.get(address).content.decode()

    assert "Waits for a worker." in waiting
    assert 'hx-trigger="every 2s"' in waiting
    assert "Only in the stored results: 1." in shown
    assert "Vance, Jordan" in shown
    assert "every 2s" not in shown


def test_an_answer_counts_in_words_what_there_is_and_leaves_zeros_out(support, run):
    address, inquiry = asked(support, run, "replay")
    answer(inquiry.pk)
    counts = {"rows": 43, "matched": 42, "created": 1, "changed": 1, "relink": 0}
    summary = {**Inquiry.objects.get().summary, "counts": counts, "same": 1}
    Inquiry.objects.update(summary=summary)

    shown = " ".join(support.get(address).content.decode().split())

    told = "43 rows: 1 created and 42 matched. 1 of those matched changes."
    assert f"<p>{told}</p>" in shown
    assert "1 row says the same as the stored one." in shown


def test_the_answer_about_an_applied_run_says_that_it_made_the_accounts_so(
    support, run
):
    address, inquiry = asked(support, run, "replay")
    answer(inquiry.pk)
    summary = Inquiry.objects.get().summary
    Inquiry.objects.update(summary={**summary, "is_applied": True, "done": 116})

    shown = support.get(address).content.decode()

    assert "the accounts have changed since by the import itself" in shown
    assert "Of its rows 116 are done" in shown
    assert shown.index("by the import itself") < shown.index("Only in the stored")


def test_the_answer_stands_first_on_its_page_and_leads_to_no_empty_history(
    support, run
):
    address, _ = asked(support, run, "replay")

    page = support.get(address).content.decode()

    assert page.index('id="answer"') < page.index('id="inquiry_form"')
    assert "historylink" not in page


def test_a_bundle_is_downloaded_and_the_district_reads_who_did(support, run):
    address, inquiry = asked(support, run, "bundle")
    answer(inquiry.pk)
    before, button, _ = (
        support.get(address)
        .content.decode()
        .partition('<form method="post" action="/admin/staffimport')
    )
    assert button
    assert before.count("<form") == before.count("</form>")  # none lies in another
    download = reverse("admin:staffimport_inquiry_download", args=[inquiry.pk])

    sent = support.post(download)

    assert f"navsync-run-{run.pk}-redacted.zip" in sent["Content-Disposition"]
    assert set(zipfile.ZipFile(BytesIO(sent.content)).namelist()) == {
        *("README.txt", "run.json", "settings.json", "input.json", "results.jsonl")
    }
    entries = run.district.audit_entries.filter(actor_name="kim@navsync.example")
    assert [entry.verb for entry in entries.order_by("pk")] == [
        "asked for a redacted bundle",
        "downloaded a redacted bundle",
    ]
    assert support.get(download).status_code == 405


def test_without_the_pull_no_replay_is_offered_and_a_bundle_says_so(support, run):
    run.snapshot.delete()
    of_run = support.get(
        reverse("admin:staffimport_importrun_change", args=[run.pk])
    ).content.decode()

    assert page(run, "replay") not in of_run
    assert page(run, "bundle") in of_run
    assert "no longer kept" in support.get(page(run, "replay")).content.decode()
    assert "no longer kept" in support.get(page(run, "bundle")).content.decode()
    refused = support.post(page(run, "replay"), follow=True).content.decode()
    assert "no longer kept" in refused
    assert not Inquiry.objects.exists()


def test_a_failure_says_why(support, run, monkeypatch):
    address, inquiry = asked(support, run, "replay")
    run.snapshot.delete()
    answer(inquiry.pk)

    assert "no longer kept" in support.get(address).content.decode()


def test_nobody_else_asks_or_downloads(support, kim, run):
    _, inquiry = asked(support, run, "bundle")
    answer(inquiry.pk)
    download = reverse("admin:staffimport_inquiry_download", args=[inquiry.pk])
    kim.groups.clear()
    dana = signed_in(make_admin(run.district))

    assert support.post(download).status_code == 403
    assert support.post(page(run, "replay")).status_code == 403
    assert dana.post(download).status_code == 302
    assert dana.post(page(run, "replay")).status_code == 302
    assert Inquiry.objects.count() == 1


@pytest.mark.parametrize("kind", ["replays", "undo"])
def test_another_question_or_run_is_a_404(support, run, kind):
    assert support.get(page(run, kind)).status_code == 404
    elsewhere = reverse("admin:staffimport_inquiry_ask", args=[run.pk + 1, "replay"])
    assert support.post(elsewhere).status_code == 404
