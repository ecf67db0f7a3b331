import pytest
from django.urls import reverse
from django.utils import timezone

from tests.cast import make_admin, make_district, make_rows, make_run, signed_in

pytestmark = pytest.mark.django_db

HELD = {
    "outcome": "created",
    "state": "held",
    "held_reason": "pair",
    "writes": True,
    "matched_by": "",
}


@pytest.fixture
def oak():
    return make_district("oak")


@pytest.fixture
def client(oak):
    return signed_in(make_admin(oak))


def resolve(client, run, **sent):
    url = reverse("staffimport:held", args=[run.pk])
    return client.post(url, sent, follow=True)


def states(run):
    return [row.state for row in run.results.order_by("position")]


@pytest.mark.parametrize(
    ("deed", "state", "words"),
    [
        ("approve", "planned", "1 row approved. The final import takes them along."),
        ("dismiss", "dismissed", "1 row dismissed. The accounts stay as they are."),
    ],
)
def test_ticked_rows_of_a_test_are_decided(oak, client, deed, state, words):
    run = make_run(oak)
    rows = make_rows(run, {**HELD, "change_key": "a"}, {**HELD, "change_key": "b"})

    page = resolve(client, run, deed=deed, row=rows[0].pk, filter="state=held")

    assert states(run) == [state, "held"]
    assert words in page.content.decode()
    assert page.redirect_chain[-1][0].startswith(f"/runs/{run.pk}/?state=held")


def test_all_means_every_held_row_the_filter_leaves(oak, client):
    run = make_run(oak)
    keys = iter("abcdefgh")
    row = {**HELD, "last_name": "Vance"}
    make_rows(
        run,
        *({**row, "change_key": next(keys)} for _ in range(3)),
        {**HELD, "last_name": "Lee", "change_key": next(keys)},
        {"last_name": "Vance"},
    )

    resolve(client, run, deed="dismiss", all="on", filter="state=held&q=vance")

    assert states(run) == ["dismissed"] * 3 + ["held", "planned"]


def test_a_dismissal_can_be_taken_back(oak, client):
    run = make_run(oak)
    [row] = make_rows(run, {**HELD, "state": "dismissed", "change_key": "a"})

    page = client.get(reverse("staffimport:run", args=[run.pk]))
    resolve(client, run, deed="approve", row=row.pk)

    assert f'value="{row.pk}" form="bulk"' in page.content.decode()
    assert states(run) == ["planned"]


def test_a_refusal_is_said_and_changes_nothing(oak, client):
    old = make_run(oak)
    [row] = make_rows(old, {**HELD, "change_key": "a"})
    make_run(oak, "final", base_run=old, applied_at=timezone.now())

    page = resolve(client, old, deed="approve", row=row.pk)

    assert "is not the newest test" in page.content.decode()
    assert states(old) == ["held"]


@pytest.mark.parametrize(
    "sent", [{"deed": "approve"}, {"deed": "burn", "row": "1"}, {}]
)
def test_without_rows_or_a_deed_it_says_what_to_do(oak, client, sent):
    run = make_run(oak)
    make_rows(run, HELD)

    page = resolve(client, run, **sent)

    assert "Tick the rows first" in page.content.decode()
    assert states(run) == ["held"]


def test_rows_of_another_run_or_district_are_left_alone(oak, client):
    run = make_run(oak)
    make_rows(run, HELD)
    elm = make_district("elm")
    theirs = make_run(elm)
    [row] = make_rows(theirs, HELD)

    resolve(client, run, deed="approve", row=row.pk)
    answer = client.post(
        reverse("staffimport:held", args=[theirs.pk]),
        {"deed": "approve", "row": row.pk},
    )

    assert answer.status_code == 404
    assert states(theirs) == ["held"]
