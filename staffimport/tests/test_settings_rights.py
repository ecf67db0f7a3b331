"""Which user roles somebody may have Staff Import Settings give to new staff."""

import msgspec
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from accounts.models import Right, User, UserRole
from accounts.services.roles import create_built_in_roles
from schools.audit import Actor
from schools.errors import RefusedError
from staffimport.core.values import AppliesTo
from staffimport.services.import_settings import current_settings, save_settings
from staffimport.settings.file import KeywordEntry, encode
from staffimport.tests.settings_forms import form_of, keyword, settings_file
from tests.cast import make_account, make_district, signed_in

pytestmark = pytest.mark.django_db

PAGE = reverse("staffimport:settings")
MANAGER = "District Site Manager"
PROCESS = Actor("Command line")
DISTRICT = AppliesTo.DISTRICT
ASSISTANT = KeywordEntry(
    "assistant superintendent", DISTRICT, user_role="Other District Staff"
)
SUPERINTENDENT = KeywordEntry("superintendent", DISTRICT, user_role=MANAGER)


@pytest.fixture
def oak():
    district = make_district("oak")
    create_built_in_roles(district)
    return district


def make_actor(district, *rights):
    """Make somebody of the district whose role has the rights."""
    role = UserRole.objects.create(district=district, name="Clerk", rights=list(rights))
    user = User.objects.create_user("kim@oak.example", first_name="Kim")
    make_account(district, user=user, user_role=role, last_name="Marsh")
    return Actor("Kim Marsh", user)


@pytest.fixture
def kim(oak):
    """Somebody who may manage the data import alone."""
    return make_actor(oak, Right.MANAGE_DATA_IMPORT)


@pytest.fixture
def client(kim):
    return signed_in(kim.user)


def changed(district, **changes):
    return msgspec.structs.replace(current_settings(district), **changes)


def with_default(district, level, role):
    name = f"{level}_default"
    default = getattr(current_settings(district), name)
    default = msgspec.structs.replace(default, user_role=role)
    return changed(district, **{name: default})


@pytest.fixture
def given(oak):
    """The settings give a mighty role already, which somebody who may has saved."""
    keywords = (ASSISTANT, SUPERINTENDENT)
    save_settings(oak, changed(oak, keywords=keywords), PROCESS)
    return keywords


@pytest.mark.parametrize(
    ("level", "role", "lacking"),
    [
        ("district", MANAGER, "manage staff accounts, manage user roles"),
        ("school", "Office", "manage staff accounts"),
    ],
)
def test_no_default_gives_a_right_over_others_that_the_actor_lacks(
    oak, kim, level, role, lacking
):
    oak.user_roles.create(name="Office", level="both", rights=["manage_staff"])

    with pytest.raises(RefusedError) as refused:
        save_settings(oak, with_default(oak, level, role), kim)

    assert refused.value.user_message.splitlines() == [
        f"The default of {level} accounts would give the role {role}, which may do "
        f"what you may not: {lacking}. Choose another role, or leave it and all that "
        "comes before it as they were.",
        "No setting was changed.",
    ]
    assert not oak.audit_entries.exists()


def test_no_keyword_gives_one_and_all_that_do_are_told(oak, kim):
    keywords = (ASSISTANT, SUPERINTENDENT, KeywordEntry("dean", user_role=MANAGER))

    with pytest.raises(RefusedError) as refused:
        save_settings(oak, changed(oak, keywords=keywords), kim)

    first, second, _ = refused.value.user_message.splitlines()
    assert first.startswith("The keyword “superintendent” would give the role")
    assert second.startswith("The keyword “dean” would give the role")
    assert current_settings(oak).keywords == ()


def test_a_name_in_another_case_is_the_same_role(oak, kim):
    keywords = (KeywordEntry("dean", user_role=MANAGER.upper()),)

    with pytest.raises(RefusedError, match="The keyword “dean”"):
        save_settings(oak, changed(oak, keywords=keywords), kim)


@pytest.mark.parametrize(
    "keywords",
    [
        (SUPERINTENDENT,),
        (SUPERINTENDENT, ASSISTANT),
        (ASSISTANT, KeywordEntry("teacher", DISTRICT, user_role=MANAGER)),
        (KeywordEntry("assistants", user_role="Counselor"), SUPERINTENDENT),
        (
            KeywordEntry(ASSISTANT.keyword, AppliesTo.SCHOOL),
            SUPERINTENDENT,
        ),
    ],
    ids=["taken out", "moved down", "another word", "another before", "fewer before"],
)
def test_what_gives_one_already_comes_to_nobody_else(oak, kim, given, keywords):
    with pytest.raises(RefusedError, match="would give the role District Site Manager"):
        save_settings(oak, changed(oak, keywords=keywords), kim)

    assert current_settings(oak).keywords == given


@pytest.mark.parametrize(
    "keywords",
    [
        (ASSISTANT, SUPERINTENDENT, KeywordEntry("coach", DISTRICT)),
        (KeywordEntry("coach"), ASSISTANT, SUPERINTENDENT),
        (msgspec.structs.replace(ASSISTANT, user_role="Other (D)"), SUPERINTENDENT),
        (ASSISTANT, msgspec.structs.replace(SUPERINTENDENT, job_function="Other")),
        (ASSISTANT, msgspec.structs.replace(SUPERINTENDENT, user_role=None)),
        (ASSISTANT,),
    ],
)
def test_what_gives_one_already_may_stay_or_go(oak, kim, given, keywords):
    save_settings(oak, changed(oak, keywords=keywords), kim)

    assert current_settings(oak).keywords == keywords


def test_a_default_that_gives_one_stays_behind_its_keywords(oak, kim, given):
    save_settings(oak, with_default(oak, "district", MANAGER), PROCESS)

    save_settings(oak, changed(oak, uses_sso=False), kim)
    with pytest.raises(RefusedError, match="The default of district accounts"):
        save_settings(oak, changed(oak, keywords=(SUPERINTENDENT,)), kim)


def test_nobody_bares_a_role_to_imports_that_may_do_what_they_may_not(oak, kim):
    with pytest.raises(RefusedError) as refused:
        save_settings(oak, changed(oak, protected_roles=()), kim)

    assert refused.value.user_message.splitlines()[0] == (
        f"The role {MANAGER} may do what you may not: manage staff accounts, manage "
        "user roles. Leave it among the roles that imports never make inactive."
    )
    assert current_settings(oak).protected_roles == (MANAGER,)


def test_the_page_tells_it_at_the_roles_and_keeps_what_was_ticked(client, oak):
    answer = client.post(PAGE, form_of(oak, protected=["Teacher"]))

    page = answer.content.decode()
    assert "Leave it among the roles that imports never make inactive." in page
    assert current_settings(oak).protected_roles == (MANAGER,)


def test_a_lesser_role_is_protected_or_not_as_one_likes(oak, kim):
    for roles in ((MANAGER, "Teacher"), (MANAGER,)):
        save_settings(oak, changed(oak, protected_roles=roles), kim)

        assert current_settings(oak).protected_roles == roles


def test_whoever_has_the_rights_gives_them(oak):
    dana = make_actor(oak, *Right)

    save_settings(oak, changed(oak, keywords=(SUPERINTENDENT,)), dana)

    assert current_settings(oak).keywords == (SUPERINTENDENT,)


def test_the_page_tells_it_at_the_field_and_keeps_what_was_typed(client, oak):
    sent = form_of(oak, row=["7"], role_district=MANAGER)
    sent |= keyword(7, "superintendent", "district", role=MANAGER)

    answer = client.post(PAGE, sent)

    page = answer.content.decode()
    assert set(answer.context["faults"]) == {"role-7", "role-district"}
    assert "Nothing was saved." in page
    assert "The keyword “superintendent” would give the role" in page
    assert answer.context["draft"].keywords[0].keyword == "superintendent"
    assert answer.context["draft"].district.user_role == MANAGER
    assert current_settings(oak).keywords == ()
    assert current_settings(oak).district_default.user_role == "Other District Staff"


def test_a_file_that_is_sent_gives_none_either(client, oak):
    content = settings_file(district_default={"user_role": MANAGER})

    answer = client.post(
        reverse("staffimport:import_settings"),
        {"file": SimpleUploadedFile("mine.json", content)},
        follow=True,
    )

    page = answer.content.decode()
    assert "The default of district accounts would give the role" in page
    assert "No setting was changed." in page
    assert current_settings(oak).district_default.user_role == "Other District Staff"


def test_the_shell_gives_any_role(oak, tmp_path):
    file = tmp_path / "settings.json"
    file.write_text(encode(with_default(oak, "district", MANAGER)))

    call_command("load_import_settings", "oak", str(file))

    assert current_settings(oak).district_default.user_role == MANAGER
