from urllib.parse import urlencode

import msgspec
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.urls import reverse

from schools.audit import Actor
from schools.models import AuditEntry, District
from staffimport.core.values import AppliesTo
from staffimport.models import ImportSettings
from staffimport.services.import_settings import current_settings, save_settings
from staffimport.settings.draft import read_draft
from staffimport.settings.file import KeywordEntry, SettingsFile
from staffimport.tests.settings_forms import (
    form_of,
    keyword,
    save_titles,
    settings_file,
)
from tests.cast import make_admin, make_district, make_match, make_school, signed_in

pytestmark = pytest.mark.django_db

PAGE = reverse("staffimport:settings")
PREVIEW = reverse("staffimport:settings_preview")
LEE = Actor("Jordan Lee")
SCHOOL = AppliesTo.SCHOOL
TEACHER = KeywordEntry("teacher", SCHOOL, "Teacher", "Teacher")
COUNSELOR = KeywordEntry("counselor", SCHOOL, "Counselor", "Counselor")


@pytest.fixture
def oak():
    return make_district("oak")


@pytest.fixture
def match(oak):
    return make_match(make_school(oak))


@pytest.fixture
def client(oak):
    return signed_in(make_admin(oak))


@pytest.fixture
def saved(oak):
    """Two keywords and the rest as every district begins."""
    wanted = msgspec.structs.replace(
        current_settings(oak), keywords=(TEACHER, COUNSELOR)
    )
    save_settings(oak, wanted, LEE)
    return current_settings(oak)


def now(district):
    """The settings as they are stored now."""
    district.refresh_from_db()
    return current_settings(district)


def words(response):
    return response.content.decode()


def test_the_page_says_what_to_do_before_anything_is_set(client, oak):
    page = words(client.get(PAGE))

    assert "No keywords yet" in page
    assert "No titles yet" in page
    assert "New district staff would be unrestricted." in page


def test_the_page_costs_few_queries_however_many_keywords_there_are(
    client, oak, match, saved, django_assert_max_num_queries
):
    save_titles(oak, match, *(f"Teacher {n}" for n in range(30)))
    wanted = msgspec.structs.replace(
        saved, keywords=tuple(KeywordEntry(f"word {n}") for n in range(40))
    )
    save_settings(oak, wanted, LEE)
    client.get(PAGE)

    with django_assert_max_num_queries(75):
        client.get(PAGE)


def test_saving_keeps_the_new_settings_and_says_who_changed_what(client, oak, saved):
    sent = form_of(oak, row=["2", "1", "3"], sso="no", **keyword(3, " Librarian "))

    answer = client.post(PAGE, sent, follow=True)

    stored = now(oak)
    entry = AuditEntry.objects.filter(verb="saved import settings").latest("pk")
    assert "Settings saved." in words(answer)
    assert [k.keyword for k in stored.keywords] == ["counselor", "teacher", "Librarian"]
    assert stored.uses_sso is False
    assert entry.actor_name == "Dana Whitfield"
    assert entry.changes["uses_sso"] == [True, False]


def test_an_unchanged_form_saves_nothing(client, oak, saved):
    before = oak.audit_entries.count()

    answer = client.post(PAGE, form_of(oak), follow=True)

    assert "Nothing had changed." in words(answer)
    assert oak.audit_entries.count() == before


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        (keyword(1, "  "), "keyword-1", "Enter a keyword, or delete the row."),
        (keyword(1, "x" * 300), "keyword-1", "this one has 300"),
        (keyword(1, "🎓 teacher"), "keyword-1", "holds an emoji"),
        (keyword(1, "--"), "keyword-1", "no letter or digit"),
        (keyword(1, "Counselor"), "keyword-2", "stands in row 1 already"),
        (keyword(1, "t", role="Headmaster"), "role-1", "is no user role here"),
        (keyword(1, "t", function="Wizard"), "function-1", "is no job function here"),
        (keyword(1, "t", "planet"), "applies-1", "Pick School, District or Both."),
        ({"role-school": "Headmaster"}, "role-school", "is no user role here"),
        ({"zone": "Nowhere"}, "zone", "is no zone here"),
        (
            keyword(1, "t", "school", role="District Analyst"),
            "role-1",
            "The keyword “t” is for school staff, but the role District Analyst is for "
            "district staff alone. Choose another role.",
        ),
        (
            {"role-district": "Teacher"},
            "role-district",
            "The default of district accounts is for district staff, but the role "
            "Teacher is for school staff alone. Choose another role.",
        ),
        ({"protected": ["Ghost"]}, "protected", "is no user role here"),
        ({"scope": "chosen", "school": []}, "schools", "Tick a school"),
        ({"scope": "chosen", "school": ["gone"]}, "schools", "is gone"),
        ({"sso": "perhaps"}, "sso", "Answer Yes or No."),
        ({"removal-percent": "ten"}, "removal-percent", "is no percentage"),
        ({"update-percent": "101"}, "update-percent", "is no percentage"),
        ({"removal-people": "1.5"}, "removal-people", "is no number of people"),
    ],
)
def test_bad_input_is_told_at_its_field_and_nothing_is_saved(
    client, oak, saved, changes, field, sentence
):
    sent = form_of(oak) | changes | {"sso": changes.get("sso", "no")}

    answer = client.post(PAGE, sent)

    assert sentence in answer.context["faults"][field]
    assert sentence in words(answer)
    assert "Nothing was saved." in words(answer)
    assert now(oak) == saved
    draft = answer.context["draft"]
    assert draft == read_draft(QueryDict(urlencode(sent, doseq=True)))


@pytest.mark.parametrize(
    ("role", "staff", "level"),
    [
        ("Teacher", "school staff", "School"),
        ("District Analyst", "district staff", "District"),
    ],
)
def test_a_keyword_for_both_levels_with_a_role_of_one_is_told_at_its_role(
    client, oak, saved, role, staff, level
):
    sent = form_of(oak) | keyword(1, "lead", "both", role=role)

    answer = client.post(PAGE, sent)

    assert answer.context["faults"] == {
        "role-1": f"The keyword “lead” is for school and district staff, but the role "
        f"{role} is for {staff} alone. Choose “{level}”, or a role for both."
    }
    assert 'aria-invalid="true" aria-describedby="fault-role-1"' in words(answer)
    assert now(oak) == saved


def test_a_keyword_for_both_levels_with_a_role_of_both_is_saved(client, oak, saved):
    oak.user_roles.create(name="Office", level="both")

    client.post(PAGE, form_of(oak) | keyword(1, "office", "both", role="Office"))

    entry = now(oak).keywords[0]
    assert (entry.applies_to, entry.user_role) == (AppliesTo.BOTH, "Office")


def test_a_new_row_is_for_whom_its_role_is(client, oak, saved):
    answer = client.post(PAGE, form_of(oak, do="add"))

    row = answer.context["draft"].keywords[-1]
    assert (row.applies_to, row.assignment.user_role) == (
        "school",
        "Other School Staff",
    )


def test_the_bench_says_where_a_keyword_for_both_levels_does_not_count(
    client, oak, saved
):
    sent = form_of(oak) | keyword(1, "lead", "both") | {"try": "Lead"}

    school, district = client.post(PREVIEW, sent).context["trials"]

    assert (school.gets, school.by) == ("Teacher, function Teacher", "By “lead” (1st).")
    assert district.gets == "Other District Staff"
    assert district.by == (
        "The keyword “lead” fits, but does not count here: its role Teacher is for "
        "school staff alone. The default."
    )


def test_a_file_with_a_keyword_for_both_levels_says_which_it_is_kept_to(client, oak):
    content = settings_file(keywords=[{"keyword": "lead", "user_role": "Teacher"}])
    sent = {"file": SimpleUploadedFile("mine.json", content)}

    answer = client.post(reverse("staffimport:import_settings"), sent, follow=True)

    assert (
        "The keyword “lead” is for school and district staff, but the role Teacher is "
        "for school staff alone. Choose “School”, or a role for both. It is saved for "
        "school staff alone."
    ) in words(answer)
    assert now(oak).keywords[0].applies_to is AppliesTo.SCHOOL


def test_a_default_offers_the_roles_of_its_level_alone(client, saved):
    school, district = client.get(PAGE).context["defaults"]

    assert "Teacher" in school.roles
    assert "District Analyst" not in school.roles
    assert "District Analyst" in district.roles
    assert "Teacher" not in district.roles


def test_one_keyword_may_stand_for_school_and_district_apart(client, oak, saved):
    sent = (
        form_of(oak)
        | keyword(1, "lead", "school")
        | keyword(2, "lead", "district", role="District Analyst")
    )

    client.post(PAGE, sent)

    assert [k.keyword for k in now(oak).keywords] == ["lead", "lead"]


def test_save_and_begin_test_import_saves_and_shows_the_test(client, oak, saved):
    answer = client.post(PAGE, form_of(oak, sso="no", do="test"))

    run = oak.import_runs.get()
    assert (run.kind, run.requested_by_name) == ("test", "Dana Whitfield")
    assert answer.url == reverse("staffimport:run", args=[run.pk])
    assert now(oak).uses_sso is False


def test_two_editors_lose_nothing(client, oak, saved):
    sent = form_of(oak) | keyword(1, "teacher", role="Other School Staff")
    theirs = msgspec.structs.replace(
        saved,
        keywords=(
            msgspec.structs.replace(TEACHER, user_role="Counselor"),
            COUNSELOR,
            KeywordEntry("coach"),
        ),
        uses_sso=False,
    )
    save_settings(oak, theirs, LEE)

    answer = client.post(PAGE, sent)
    page = words(answer)

    assert now(oak) == theirs
    assert "Jordan Lee saved these settings" in page
    clash = answer.context["joined"].clashes[0]
    assert clash.part == "Keyword “teacher”"
    assert clash.old.startswith("School: Counselor")
    assert clash.new.startswith("School: Other School Staff")
    draft = answer.context["draft"]
    assert [row.keyword for row in draft.keywords] == ["teacher", "counselor", "coach"]
    assert draft.keywords[0].assignment.user_role == "Other School Staff"
    assert draft.uses_sso == "no"


def test_a_form_without_its_base_is_saved_as_it_stands(client, oak, saved):
    client.post(PAGE, form_of(oak, base="{broken", sso="no"))

    assert now(oak).uses_sso is False


def test_the_no_schools_zone_is_made_and_used_with_one_click(client, oak, saved):
    sent = form_of(oak, do="zone") | keyword(1, "typed meanwhile")

    page = words(client.post(PAGE, sent))

    assert oak.zones.get().name == "No Schools Zone"
    assert oak.zones.get().schools.count() == 0
    assert now(oak).district_default.zone == "No Schools Zone"
    assert now(oak).keywords == saved.keywords
    assert "typed meanwhile" in page
    assert "would be unrestricted" not in page
    assert oak.audit_entries.filter(verb="created zone").exists()


@pytest.mark.parametrize(
    ("deed", "id_"),
    [("add", "keyword-3"), ("delete:1", "delete-2"), ("delete:2", "delete-1")],
)
def test_the_focus_is_in_the_new_row_or_beside_the_deleted_one(
    client, saved, deed, id_
):
    oak = District.objects.get()

    page = client.post(PAGE, form_of(oak, do=deed)).content.decode()
    part = client.post(PREVIEW, form_of(oak, do=deed), headers={"HX-Request": "true"})

    for text, attribute in ((page, "autofocus"), (part.content.decode(), "data-focus")):
        [tag] = [tag for tag in text.split("<") if f" {attribute}" in tag]
        assert f'id="{id_}"' in tag


@pytest.mark.parametrize(
    ("deed", "numbers", "said"),
    [
        ("down:1", [2, 1], "teacher is now 2 of 2"),
        ("up:2", [2, 1], "counselor is now 1 of 2"),
        ("up:1", [1, 2], "teacher is now 1 of 2"),
        ("delete:1", [2], "teacher deleted. Nothing is saved yet."),
        ("add", [1, 2, 3], "Row 3 added."),
        ("down:99", [1, 2], ""),
        ("up:x", [1, 2], ""),
    ],
)
def test_buttons_of_the_table_change_the_form_alone(client, saved, deed, numbers, said):
    oak = District.objects.get()
    for address in (PAGE, PREVIEW):
        answer = client.post(address, form_of(oak, do=deed))

        rows = answer.context["draft"].keywords
        assert [row.number for row in rows] == numbers
        assert answer.context["said"] == said
        assert now(oak) == saved


def test_the_preview_shows_what_an_edit_changes_before_saving(
    client, oak, match, saved
):
    save_titles(oak, match, "Teacher", "Teacher", "Librarian", "")
    sent = form_of(oak, row=["1", "2", "3"], do=None) | keyword(3, "librarian")

    answer = client.post(PREVIEW, sent)
    view = answer.context["view"]
    page = words(answer)

    assert [line.title for line in view.changed.first] == ["Librarian"]
    assert [line.title for line in view.unmapped.first] == ["(no title in Clever)"]
    assert view.decided.first[0].holders == (
        "2 hold this title: 2 would be created so."
    )
    assert view.bench.of_keyword == [2, 0, 1]
    assert "Keyword “librarian” added." in page
    assert "1 unsaved change" in page
    assert now(oak) == saved


def test_a_title_can_be_tried(client, oak, saved):
    sent = form_of(oak, do=None) | {"try": "Lead Counselor-Teacher"}

    page = words(client.post(PREVIEW, sent))

    assert "By “teacher” (1st); “counselor” (2nd) also fits, further down." in page


def test_the_workbench_follows_accounts_and_pulls(client, oak, match, saved):
    save_titles(oak, match, "Teacher")
    first = client.get(PAGE).context["view"].decided.first[0].holders
    oak.staff_accounts.create(
        school=match.school, clever_id="person-000", last_name="Lovelace0"
    )

    second = client.get(PAGE).context["view"].decided.first[0].holders
    save_titles(oak, match, "Teacher", "Teacher", "Teacher")
    third = client.get(PAGE).context["view"].decided.first[0].people

    assert first == "1 holds this title: 1 would be created so."
    assert second == "1 holds this title: 1 keeps the role they have."
    assert third == 3


def test_settings_go_out_as_a_file_and_come_back_the_same(client, oak, saved):
    exported = client.get(reverse("staffimport:export_settings")).content
    save_settings(oak, SettingsFile(), LEE)

    answer = client.post(
        reverse("staffimport:import_settings"),
        {"file": SimpleUploadedFile("mine.json", exported)},
        follow=True,
    )

    assert "“mine.json” is saved." in words(answer)
    assert now(oak) == saved


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"{", "is not JSON"),
        (settings_file(keywords=[{"keyword": ""}]), "keywords[0].keyword"),
        (settings_file(schools=["gone"]), "which is no school of"),
        (b" " * (2 * 1024 * 1024 + 1), "is over 2 MB"),
        (None, "Choose a settings file first"),
    ],
)
def test_a_bad_file_changes_nothing(client, oak, saved, content, sentence):
    sent = {"file": SimpleUploadedFile("mine.json", content)} if content else {}

    answer = client.post(reverse("staffimport:import_settings"), sent, follow=True)

    assert sentence in words(answer)
    assert now(oak) == saved


def test_all_titles_come_as_csv_without_formulas(client, oak, match, saved):
    save_titles(oak, match, "Teacher", "=HYPERLINK(1)")

    lines = words(client.get(reverse("staffimport:titles_csv"))).splitlines()

    assert lines[1].startswith("'=HYPERLINK(1),School staff,1,")
    assert lines[2].startswith("Teacher,School staff,1,,")


def test_another_districts_names_and_titles_never_show(client, oak, saved):
    elm = make_district("elm")
    save_titles(elm, make_match(make_school(elm)), "Elm Secret")
    elm.user_roles.create(name="Elm Role")
    elm.zones.create(name="Elm Zone")

    page = words(client.get(PAGE))
    answer = client.post(PAGE, form_of(oak, zone="Elm Zone"))

    assert "Elm" not in page
    assert "zone" in answer.context["faults"]


@pytest.mark.parametrize("name", ["settings", "audit", "export_settings", "titles_csv"])
def test_without_the_right_there_is_no_page(name):
    elm = make_district("elm")
    client = signed_in(make_admin(elm, rights=()))

    assert client.get(reverse(f"staffimport:{name}")).status_code == 403


def test_looking_at_the_settings_writes_nothing(client, oak):
    page = words(client.get(PAGE))

    assert '<option selected="">Other School Staff</option>' in page.replace(
        "<option selected>", '<option selected="">'
    )
    assert not ImportSettings.objects.exists()
    assert not oak.job_functions.exists()
