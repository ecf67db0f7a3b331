"""Whoever a zone restricts sees in the console the staff of its schools, no more."""

from uuid import uuid4

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import Right, StaffAccount
from accounts.services.roles import create_built_in_roles
from staffimport.models import FieldDrift
from tests.cast import (
    make_account,
    make_admin,
    make_district,
    make_rows,
    make_run,
    make_school,
    signed_in,
)

pytestmark = pytest.mark.django_db

OF_STAFF = "staffimport:staff"
# The way in, support's visits, support's own download, and whether the server is well.
OF_NO_DISTRICT = {"home", "visit", "end_visit", "healthz"}


@pytest.fixture
def oak():
    return make_district("oak")


@pytest.fixture
def lincoln(oak):
    return make_school(oak)


@pytest.fixture
def eastgate(oak):
    return make_school(oak, "Eastgate High School")


@pytest.fixture
def north(oak, lincoln):
    zone = oak.zones.create(name="North")
    zone.schools.add(lincoln)
    return zone


@pytest.fixture
def dana(oak, north):
    """An admin with every right, whom the zone North restricts."""
    user = make_admin(oak, rights=list(Right))
    StaffAccount.objects.filter(user=user).update(zone=north)
    return user


@pytest.fixture
def client(dana):
    return signed_in(dana)


@pytest.fixture
def lee(lincoln, eastgate):
    """One person with an account within the zone and one beyond it."""
    same = {"first_name": "Jordan", "last_name": "Lee", "clever_id": "c1"}
    return [
        make_account(lincoln, email="lee@lincoln.example", **same),
        make_account(eastgate, email="lee@eastgate.example", **same),
    ]


@pytest.fixture
def harmless(oak, dana):
    """Dana's other account at the district, with full access and no right."""
    role = oak.user_roles.create(name="Guest")
    return make_account(oak, user=dana, user_role=role, last_name="Whitfield")


def get(client, name, *args, **query):
    return client.get(reverse(f"staffimport:{name}", args=args), query)


def names(page):
    return [line.name for line in page.context["lines"]]


def test_the_list_shows_the_zones_schools_alone(client, lee, eastgate, oak):
    make_account(eastgate, last_name="Becker")
    make_account(oak, last_name="Abbott")

    page = get(client, "staff")

    assert names(page) == ["Lee, Jordan"]
    assert page.context["page"].accounts == 1
    assert "lee@eastgate.example" not in page.text
    assert "Eastgate" not in page.text
    assert "restricted to the zone North" in page.text
    assert "You see its 1 school and no other" in page.text


def test_another_account_without_a_zone_or_rights_shows_no_more(
    client, lee, eastgate, harmless
):
    make_account(eastgate, last_name="Becker")

    page = get(client, "staff")

    assert names(page) == ["Lee, Jordan"]
    assert "You see its 1 school and no other" in page.text
    assert client.get("/runs/").status_code == 403


def test_another_account_that_manages_the_whole_import_lifts_the_zone(
    client, lee, eastgate, harmless
):
    harmless.user_role.rights = [Right.MANAGE_DATA_IMPORT]
    harmless.user_role.save()
    make_account(eastgate, last_name="Becker")

    page = get(client, "staff")

    assert {"Lee, Jordan", "Becker, Jordan"} <= set(names(page))
    assert "restricted to the zone" not in page.text
    assert client.get("/runs/").status_code == 200


@pytest.mark.parametrize(
    "query", ["school=district", "school=", "status=active", "q=e"]
)
def test_no_filter_shows_more(client, lee, eastgate, query):
    make_account(eastgate, last_name="Becker")

    page = client.get(f"{reverse('staffimport:staff')}?{query}")
    lines = client.get(f"{reverse('staffimport:staff_csv')}?{query}")

    assert set(names(page)) <= {"Lee, Jordan"}
    assert "astgate" not in b"".join(lines.streaming_content).decode()


def test_drift_beyond_the_zone_is_not_counted(client, lee):
    for account in lee:
        FieldDrift.objects.create(account=account, field="email", clever_value="x")

    assert get(client, "staff").context["drifts"] == 1


def test_a_person_is_shown_with_the_accounts_of_the_zone(client, oak, lee):
    within, _beyond = lee
    run = make_run(oak, kind="final", state="succeeded", applied_at=within.created_at)
    written = {"outcome": "created", "writes": True, "state": "applied"}
    make_rows(run, *({"account_id": account.pk, **written} for account in lee))

    page = get(client, "staff_person", within.pk)

    assert page.status_code == 200
    assert "astgate" not in page.text
    assert str(run) in page.text
    assert f'"/runs/{run.pk}/' not in page.text
    assert 'id="in-clever"' not in page.text


@pytest.mark.parametrize(
    "name",
    ["person", "edit", "deactivate", "reactivate", "invite", "take_out", "unpin"],
)
def test_an_account_beyond_the_zone_is_not_there(client, lee, oak, dana, name):
    own = StaffAccount.objects.get(user=dana)
    _within, beyond = lee

    for account in (beyond, own):
        address = reverse(f"staffimport:staff_{name}", args=[account.pk])
        answers = [client.get(address), client.post(address)]
        assert {answer.status_code for answer in answers} <= {404, 405}


def test_an_account_is_added_within_the_zone_alone(client, oak, lincoln, eastgate, lee):
    form = get(client, "staff_add").context["form"]
    typed = {"last_name": "Lee", "first_name": "Jordan", "pinning": "pinned"}

    sent = client.post(
        reverse("staffimport:staff_add"), {**typed, "place": str(eastgate.pk)}
    )
    alike = client.post(reverse("staffimport:staff_alike"), typed)

    assert [value for value, _ in form.fields["place"].choices] == [
        "",
        str(lincoln.pk),
    ]
    assert "place" in sent.context["form"].errors
    assert "Lincoln High School" in alike.text
    assert "Eastgate" not in alike.text


def test_somebody_alike_beyond_the_zone_stops_nobody_unseen(client, eastgate, lincoln):
    make_account(eastgate, first_name="Jordan", last_name="Lee")

    client.post(
        reverse("staffimport:staff_add"),
        {
            "last_name": "Lee",
            "first_name": "Jordan",
            "pinning": "pinned",
            "place": str(lincoln.pk),
        },
    )

    assert lincoln.staff_accounts.get().last_name == "Lee"


@pytest.mark.parametrize("way", ["after", "before"])
def test_a_mark_beyond_the_zone_is_none(client, lee, lincoln, eastgate, way):
    make_account(lincoln, last_name="Abbott")
    beyond = make_account(eastgate, last_name="Becker")

    assert len(names(get(client, "staff", **{way: str(beyond.pk)}))) == 2


def test_roles_of_the_district_are_not_offered(client, oak):
    create_built_in_roles(oak)

    asked = get(client, "staff_add")
    filtered = get(client, "staff")

    for offered in (asked.context["form"]["user_role"], filtered.context["choices"]):
        assert "Teacher" in str(offered)
        assert "District Analyst" not in str(offered)
    assert reverse("staffimport:roles") not in asked.text


def test_a_right_that_works_at_the_district_alone_is_in_nobodys_way(
    client, oak, lincoln
):
    clerk = oak.user_roles.create(name="Clerk", rights=[Right.MANAGE_DATA_IMPORT])
    lee = make_account(lincoln, last_name="Lee", user_role=clerk)
    form = get(client, "staff_edit", lee.pk)
    sent = {field.html_name: field.value() or "" for field in form.context["form"]}
    sent |= {"base": form.context["base"], "revision": lee.revision}

    client.post(
        reverse("staffimport:staff_edit", args=[lee.pk]), {**sent, "job_title": "Dean"}
    )

    lee.refresh_from_db()
    assert lee.job_title == "Dean"


def test_a_zone_without_schools_shows_nobody(client, north, lee):
    north.schools.clear()

    page = get(client, "staff")

    assert names(page) == []
    assert "North, which has no schools" in page.text
    assert "Add an account" not in page.text


def test_home_leads_to_staff_and_nothing_else_is_offered(client):
    page = client.get("/", follow=True)

    assert page.redirect_chain == [(reverse("staffimport:staff"), 302)]
    for url in ("staffimport:runs", "staffimport:readiness", "schools:setup"):
        assert f'href="{reverse(url)}"' not in page.text
    assert "Sync now" not in page.text


def addresses(patterns, space=""):
    """Yield the name of each of the console's views, and its arguments' converters."""
    for each in patterns:
        if isinstance(each, URLResolver):
            inner = f"{each.namespace}:" if each.namespace else space
            if not str(each.pattern).startswith(("admin", "accounts")):
                yield from addresses(each.url_patterns, inner)
        elif isinstance(each, URLPattern) and each.name:
            yield f"{space}{each.name}", each.pattern.converters


WHOLE = sorted(
    {
        name: converters
        for name, converters in addresses(get_resolver().url_patterns)
        if not name.startswith(OF_STAFF) and name not in OF_NO_DISTRICT
    }.items()
)


@pytest.mark.parametrize(
    ("name", "converters"), WHOLE, ids=[name for name, _converters in WHOLE]
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_whatever_concerns_the_whole_district_takes_full_access(
    client, oak, name, converters, method
):
    values = {"IntConverter": 1, "UUIDConverter": uuid4(), "SlugConverter": "x"}
    url = reverse(name, args=[values[type(c).__name__] for c in converters.values()])

    answer = getattr(client, method)(url)

    assert answer.status_code in (403, 405), answer
    if answer.status_code != 405:
        assert "This takes full access" in answer.text
    assert not oak.import_runs.exists()
