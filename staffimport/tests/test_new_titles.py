import pytest
from django.urls import reverse
from django.utils import timezone

from staffimport import runner
from staffimport.notices import new_titles
from staffimport.services.start import start_test
from staffimport.store.settings import make_settings
from staffimport.tests.conftest import DANA
from staffimport.tests.settings_forms import save_titles
from tests.cast import (
    make_admin,
    make_district,
    make_match,
    make_run,
    make_school,
    signed_in,
)

pytestmark = pytest.mark.django_db


def test_a_title_first_seen_in_a_later_pull_is_a_notice(maple, standin, ids):
    first = carry_out_test(maple)
    standin.change(
        "add",
        kind="users",
        record={
            "name": {"first": "New", "last": "Comer"},
            "roles": {
                "staff": {"title": "Beekeeper", "schools": [ids.school_id(1)]},
            },
        },
    )

    second, third = carry_out_test(maple), carry_out_test(maple)

    def notices(run):
        return [n for n in run.notices if n["kind"] == "new_titles"]

    assert notices(first) == notices(third) == []
    assert notices(second)[0]["titles"] == ["Beekeeper"]
    assert notices(second)[0]["count"] == 1
    assert notices(second)[0]["text"].startswith(
        "A title is new in Clever: “Beekeeper”"
    )


def carry_out_test(district):
    return runner.carry_out(start_test(district, DANA, send=False).pk, beat_every=None)


def test_a_notice_names_some_titles_and_counts_the_rest():
    notice = new_titles([], [f"Title {n}" for n in range(8)])[0]

    text = str(notice["text"])
    assert text.startswith("8 titles are new in Clever: “Title 0”")
    assert "and 3 more. Check on Import Staff Data" in text
    assert notice["count"] == 8
    assert notice["titles"] == [f"Title {n}" for n in range(8)]


def test_the_workbench_marks_new_titles_until_somebody_saves():
    oak = make_district("oak")
    client = signed_in(make_admin(oak))
    save_titles(oak, make_match(make_school(oak)), "Teacher", "Beekeeper")
    make_run(oak, notices=new_titles(["Teacher"], ["Beekeeper"]))
    page = reverse("staffimport:settings")

    before = client.get(page).context["view"].unmapped.first
    settings = make_settings(oak)
    settings.saved_at = timezone.now()
    settings.save()
    after = client.get(page).context["view"].unmapped.first

    assert [(line.title, line.is_new) for line in before] == [
        ("Beekeeper", True),
        ("Teacher", False),
    ]
    assert not any(line.is_new for line in after)
