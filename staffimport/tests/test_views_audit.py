from datetime import datetime

import pytest
from django.urls import reverse

from schools.audit import Actor, record
from schools.models import AuditEntry
from staffimport.services.import_settings import save_settings
from staffimport.settings.file import KeywordEntry, SettingsFile
from tests.cast import make_admin, make_district, signed_in

pytestmark = pytest.mark.django_db

AUDIT = reverse("staffimport:audit")
LEE = Actor("Jordan Lee", address="10.0.0.7")


@pytest.fixture
def oak():
    return make_district("oak")


@pytest.fixture
def client(oak):
    return signed_in(make_admin(oak))


def test_the_trail_says_who_did_what_from_where_and_what_was_before(client, oak):
    save_settings(oak, SettingsFile(), LEE)
    save_settings(oak, SettingsFile(keywords=(KeywordEntry("coach"),)), LEE)

    answer = client.get(AUDIT)
    page, line = answer.content.decode(), answer.context["audit"].lines[0]

    assert line.entry.verb == "saved import settings"
    assert [(c.part, c.old, c.new) for c in line.changes] == [
        ("Keyword “coach”", "", "Both: no user role, no job function")
    ]
    for words in ("Jordan Lee", "from 10.0.0.7", "Keyword “coach”"):
        assert words in page


def test_other_entries_show_their_changes_as_they_are_kept(client, oak):
    record(oak, LEE, "moved date", "Oak", changes={"launch_date": [None, "x" * 500]})

    change = client.get(AUDIT).context["audit"].lines[0].changes[0]

    assert (change.part, change.old) == ("launch date", "")
    assert change.new == "x" * 300 + "…"


@pytest.mark.parametrize(
    ("kept", "read"),
    [
        ([True, False], ("yes", "no")),
        (["2026-12-24", "2027-01-08"], ("Dec 24, 2026", "Jan 8, 2027")),
        (
            ["2026-07-01T05:02:00Z", "2026-07-01 17:02:09.5+00:00"],
            ("Jul 1, 2026, 12:02 AM", "Jul 1, 2026, 12:02 PM"),
        ),
        # What only looks like one, and an employee's number, stay.
        (["2026-13-24", "20261224"], ("2026-13-24", "20261224")),
        ([None, ["email", "last_name"]], ("", "email, last_name")),
        ([1, {"a": True}], ("1", '{"a": true}')),
    ],
)
def test_values_are_written_as_pages_write_them_in_the_districts_zone(
    client, oak, kept, read
):
    type(oak).objects.update(time_zone="America/Chicago")
    record(oak, LEE, "changed", changes={"it": kept})

    change = client.get(AUDIT).context["audit"].lines[0].changes[0]

    assert (change.old, change.new) == read


@pytest.mark.parametrize(
    ("field", "pair", "read"),
    [
        (
            "pinned_fields",
            [["email"], ["last_name", "email"]],
            ("E-mail", "Last name, E-mail"),
        ),
        ("state", ["ready", "launched"], ("Ready for launch", "Launched")),
        ("state", ["made up", None], ("made up", "")),
        ("slug", ["ready", "email"], ("ready", "email")),
    ],
)
def test_names_of_the_programs_are_told_in_words(client, oak, field, pair, read):
    record(oak, LEE, "changed", changes={field: pair})

    change = client.get(AUDIT).context["audit"].lines[0].changes[0]

    assert (change.old, change.new) == read


def test_supports_visits_are_told_in_words_and_found_by_them(client, oak):
    record(oak, LEE, "began to view as admin", note="Dana asked")

    page = client.get(f"{AUDIT}?verb=began+to+view+as+admin").content.decode()

    assert "view as admin</" not in page
    assert page.count("egan to look at the console") == 3  # heading, list, entry
    assert '<option value="began to view as admin" selected>' in page


def test_settings_of_another_version_still_show(client, oak):
    changes: dict[str, list[object]] = {"keywords": ["all", "none"]}
    record(oak, LEE, "saved import settings", changes=changes)

    change = client.get(AUDIT).context["audit"].lines[0].changes[0]

    assert (change.part, change.old, change.new) == ("keywords", "all", "none")


def test_the_trail_narrows_to_what_was_done_and_pages_through_it(
    client, oak, django_assert_max_num_queries
):
    entries = [record(oak, LEE, "reset match", f"School {n}") for n in range(120)]
    record(oak, LEE, "created zone", "North")
    address = f"{AUDIT}?verb=reset+match"

    with django_assert_max_num_queries(8):
        first = client.get(address)
    second = client.get(f"{AUDIT}?{first.context['page']['next']}")
    last = client.get(f"{AUDIT}?{first.context['page']['last']}")
    back = client.get(f"{AUDIT}?{second.context['page']['previous']}")

    def numbers(answer):
        return [line.entry.pk for line in answer.context["audit"].lines]

    newest_first = [entry.pk for entry in reversed(entries)]
    assert numbers(first) == numbers(back) == newest_first[:50]
    assert numbers(second) == newest_first[50:100]
    assert numbers(last) == newest_first[70:]
    assert [verb for verb, _ in first.context["verbs"]] == [
        *("created zone", "reset match"),
    ]


@pytest.fixture
def november(oak):
    """Three entries of three days, by their targets; midnight is Chicago's."""
    oak.time_zone = "America/Chicago"
    oak.save()
    for who, address, target, at in (
        ("Jordan Lee", "10.0.0.7", "North", "2026-11-01T23:59:00-06:00"),
        ("Kim Marsh", "203.0.113.9", "Nora’s zone", "2026-11-02T00:00:00-06:00"),
        ("Jordan Lee", None, "West", "2026-11-03T23:59:00-06:00"),
    ):
        AuditEntry.objects.create(
            district=oak,
            actor_name=who,
            address=address,
            verb="created zone",
            target=target,
            at=datetime.fromisoformat(at),
        )


@pytest.mark.parametrize(
    ("query", "targets"),
    [
        ("q=kim", ["Nora’s zone"]),
        ("q=NOR", ["Nora’s zone", "North"]),
        ("q=lee+nor", ["North"]),
        ("q=203.0", ["Nora’s zone"]),
        ("since=2026-11-02", ["West", "Nora’s zone"]),
        ("until=2026-11-02", ["Nora’s zone", "North"]),
        ("since=2026-11-02&until=2026-11-02&verb=created+zone", ["Nora’s zone"]),
        ("since=2026-11-04", []),
        (
            "since=yesterday&until=0001-01-01&q=%00&verb=%00",
            ["West", "Nora’s zone", "North"],
        ),
    ],
)
@pytest.mark.usefixtures("november")
def test_the_trail_narrows_to_who_and_to_days_of_the_district(client, query, targets):
    answer = client.get(f"{AUDIT}?{query}")

    assert [line.entry.target for line in answer.context["audit"].lines] == targets
    again = client.get(f"{AUDIT}?{answer.context['page']['last']}")
    assert [line.entry.target for line in again.context["audit"].lines] == targets


@pytest.mark.parametrize(
    ("query", "words"),
    [("", "No changes yet"), ("?verb=flew", "Nothing like it"), ("?before=1", "here")],
)
def test_an_empty_trail_says_what_to_do(client, query, words):
    assert words in client.get(f"{AUDIT}{query}").content.decode()


def test_another_districts_trail_never_shows(client):
    record(make_district("elm"), LEE, "reset match", "Elm High")
    record(None, LEE, "rotated keys")

    page = client.get(AUDIT).content.decode()

    assert "Elm High" not in page
    assert "rotated keys" not in page
    assert AuditEntry.objects.count() == 2
