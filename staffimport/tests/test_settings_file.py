"""Settings files: what they may say, how their faults are told, loading and dumping."""

import io
import json

import msgspec
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from schools.audit import Actor
from schools.models import District, School
from staffimport.core.values import AppliesTo, Limits
from staffimport.models import ImportSettings
from staffimport.services.import_settings import current_settings, save_settings
from staffimport.settings.file import (
    KeywordEntry,
    LimitsEntry,
    SettingsFile,
    SettingsRefusedError,
    encode,
    parse,
)
from staffimport.store.settings import make_settings, read_settings

DANA = Actor("Dana Whitfield")
FULL = {
    "keywords": [
        {
            "keyword": "school counselor",
            "applies_to": "school",
            "job_function": "Counselor",
            "user_role": "Counselor",
            "teacher_list": False,
            "counselor_list": True,
        },
        {
            "keyword": "director",
            "applies_to": "district",
            "job_function": "Administrator",
            "user_role": "District Reports",
            "teacher_list": False,
            "counselor_list": False,
        },
    ],
    "school_default": {
        "job_function": "Other",
        "user_role": "Other School Staff",
        "teacher_list": True,
        "counselor_list": False,
    },
    "district_default": {
        "job_function": None,
        "user_role": "Other District Staff",
        "teacher_list": False,
        "counselor_list": True,
        "zone": "No Schools Zone",
    },
    "protected_roles": ["District Site Manager", "Substitute"],
    "schools": ["S1", "S2"],
    "teacher_fallback": False,
    "uses_sso": True,
    "limits": {"removal_percent": 20.0, "removal_people": 8, "update_percent": 75.0},
}


@pytest.fixture
def valley(db):
    district = District.objects.create(slug="valley", name="Valley")
    for school_id in ("S1", "S2", "S3"):
        School.objects.create(district=district, school_id=school_id, name=school_id)
    return district


@pytest.fixture
def file(tmp_path):
    return tmp_path / "settings.json"


def run(*args):
    out = io.StringIO()
    call_command(*args, stdout=out)
    return out.getvalue()


def faults(content):
    text = content if isinstance(content, bytes) else json.dumps(content).encode()
    with pytest.raises(SettingsRefusedError) as refused:
        parse(text)
    return refused.value.problems


def test_a_full_file_is_loaded_and_dumped_as_it_was(valley, file):
    file.write_text(json.dumps(FULL))

    run("load_import_settings", "valley", str(file))

    assert json.loads(run("dump_import_settings", "valley")) == FULL


def test_loading_what_was_dumped_changes_nothing(valley, file):
    save_settings(valley, parse(json.dumps(FULL).encode()), DANA)
    before = ImportSettings.objects.get().saved_at
    run("dump_import_settings", "valley", str(file))

    out = run("load_import_settings", "valley", str(file))

    stored = ImportSettings.objects.get()
    assert out == "Valley: nothing changed.\n"
    assert (stored.saved_at, stored.saved_by) == (before, "Dana Whitfield")
    assert valley.audit_entries.exclude(verb="began setup").count() == 1


def test_a_new_districts_dump_has_the_defaults_and_an_open_answer(valley, file):
    text = run("dump_import_settings", "valley")
    file.write_text(text)

    assert json.loads(text) == {
        **json.loads(encode(SettingsFile())),
        "uses_sso": None,
    }
    assert run("load_import_settings", "valley", str(file)) == (
        "Valley: nothing changed.\n"
    )


def test_missing_keys_have_their_defaults_and_no_sso(valley):
    save_settings(valley, parse(json.dumps(FULL).encode()), DANA)

    save_settings(valley, parse(b"{}"), DANA)

    assert current_settings(valley) == SettingsFile()
    assert District.objects.get().uses_sso is False


def test_a_default_given_in_part_keeps_the_rest(valley):
    save_settings(valley, parse(b'{"school_default": {"teacher_list": true}}'), DANA)

    default = current_settings(valley).school_default
    assert (default.teacher_list, default.user_role) == (True, "Other School Staff")


def test_the_planner_reads_what_was_loaded(valley):
    save_settings(valley, parse(json.dumps(FULL).encode()), DANA)

    settings = read_settings(valley, make_settings(valley))

    assert [entry.keyword for entry in settings.keywords] == [
        "school counselor",
        "director",
    ]
    assert settings.protected_roles == {"District Site Manager", "Substitute"}
    assert settings.limits == Limits(removal_percent=20, removal_people=8)
    assert (settings.teacher_fallback, settings.sends_invitations) == (False, False)


def test_what_nobody_can_see_is_no_part_of_a_name(valley):
    names = {"user_role": "De\u200ban", "job_function": "\u200b"}
    content = json.dumps({"school_default": names}).encode()

    saved = save_settings(valley, parse(content), DANA)

    assert saved.created == ["user role “Dean”"]
    default = current_settings(valley).school_default
    assert (default.user_role, default.job_function) == ("Dean", None)


def test_names_are_created_where_missing_and_found_whatever_their_case(valley):
    dean = {"keyword": "dean", "user_role": "teacher", "job_function": "Dean"}
    content = json.dumps({"keywords": [dean]}).encode()

    saved = save_settings(valley, parse(content), DANA)

    assert saved.created == ["job function “Dean”"]
    assert current_settings(valley).keywords[0].user_role == "Teacher"


@pytest.mark.parametrize("applies_to", ["both", None])
def test_a_keyword_for_both_levels_is_kept_to_the_one_of_its_role(valley, applies_to):
    lead = {"keyword": "lead", "user_role": "district analyst"}
    if applies_to:
        lead["applies_to"] = applies_to
    wanted = parse(json.dumps({"keywords": [lead]}).encode())

    first, again = (save_settings(valley, wanted, DANA) for _ in range(2))

    sentence = (
        "The keyword “lead” is for school and district staff, but the role District "
        "Analyst is for district staff alone. Choose “District”, or a role for both. "
        "It is saved for district staff alone."
    )
    assert first.told == again.told == [sentence]
    assert again.changes == {}
    [entry] = current_settings(valley).keywords
    assert entry.applies_to is AppliesTo.DISTRICT


def test_roles_of_the_other_level_are_refused_each_with_its_sentence(valley):
    wanted = {
        "keywords": [
            {"keyword": "lead", "applies_to": "district", "user_role": "Teacher"}
        ],
        "school_default": {"user_role": "District Analyst"},
    }

    with pytest.raises(SettingsRefusedError) as refused:
        save_settings(valley, parse(json.dumps(wanted).encode()), DANA)

    assert refused.value.problems == [
        "The keyword “lead” is for district staff, but the role Teacher is for school "
        "staff alone. Choose another role.",
        "The default of school accounts is for school staff, but the role District "
        "Analyst is for district staff alone. Choose another role.",
    ]
    assert current_settings(valley).keywords == ()


def test_a_misfit_that_is_saved_already_hinders_no_other_change(valley):
    settings = make_settings(valley)
    settings.keywords.create(
        keyword="lead", position=0, user_role=valley.user_roles.get(name="Teacher")
    )
    wanted = msgspec.structs.replace(current_settings(valley), uses_sso=True)

    saved = save_settings(valley, wanted, DANA)

    assert (set(saved.changes), saved.told) == ({"uses_sso"}, [])
    assert current_settings(valley).keywords[0].applies_to is AppliesTo.BOTH


def test_the_shell_says_where_a_keyword_is_kept_to_one_level(valley, tmp_path, capsys):
    file = tmp_path / "settings.json"
    file.write_text('{"keywords": [{"keyword": "lead", "user_role": "Teacher"}]}')

    call_command("load_import_settings", valley.slug, str(file))

    said = capsys.readouterr().out
    assert "The keyword “lead” is for school and district staff, but the role" in said
    assert f"{valley}: keywords" in said


def test_saving_is_kept_with_who_and_what(valley):
    save_settings(valley, parse(b'{"uses_sso": true}'), DANA)

    entry, begun = valley.audit_entries.all()
    assert (entry.actor_name, entry.verb) == ("Dana Whitfield", "saved import settings")
    assert (begun.actor_name, begun.verb) == ("Dana Whitfield", "began setup")
    assert entry.changes == {"uses_sso": [None, True]}


def test_saving_begins_the_setup(valley):
    District.objects.update(activated_at=timezone.now())

    save_settings(valley, parse(b"{}"), DANA)

    assert District.objects.get().state == "setting_up"


def test_a_school_the_district_does_not_have_changes_nothing(valley, file):
    file.write_text('{"schools": ["S1", "S9"], "uses_sso": true}')

    with pytest.raises(CommandError) as failed:
        run("load_import_settings", "valley", str(file))

    assert failed.value.returncode == 1
    assert str(failed.value) == (
        "“schools[1]” is “S9”, which is no school of Valley. Use the school_ids of "
        "the district's schools in Naviance.\nNo setting was changed."
    )
    assert District.objects.get().uses_sso is None
    assert not valley.audit_entries.exists()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ({"keyword": []}, "“keyword” is no known key. Use: keywords, school_default"),
        ({"keywords": {}}, "“keywords” is {}. Write a list: [ … ]."),
        ({"keywords": ["x"]}, '“keywords[0]” is "x". Write an object: { … }.'),
        ({"keywords": [{}]}, "“keywords[0].keyword” is missing. Write a word or words"),
        (
            {"keywords": [{"keyword": " "}]},
            '“keywords[0].keyword” is " ". Write a word or words, at most 100',
        ),
        (
            {"keywords": [{"keyword": "x" * 101}]},
            "“keywords[0].keyword” is",
        ),
        (
            {"keywords": [{"keyword": "a"}, {"keyword": "b", "applies_to": "schools"}]},
            '“keywords[1].applies_to” is "schools". Write "school", "district" or',
        ),
        (
            {"keywords": [{"keyword": "a", "role": "b"}]},
            "“keywords[0].role” is no known key. Use: keyword, applies_to,",
        ),
        (
            {"school_default": {"teacher_list": "yes"}},
            '“school_default.teacher_list” is "yes". Write true or false.',
        ),
        (
            {"school_default": {"zone": "North"}},
            "“school_default.zone” is no known key.",
        ),
        (
            {"district_default": {"zone": 7}},
            "“district_default.zone” is 7. Write a name of at most 128 characters",
        ),
        (
            {"district_default": {"user_role": "a\0"}},
            "“district_default.user_role” is",
        ),
        ({"protected_roles": [""]}, '“protected_roles[0]” is "". Write a name'),
        ({"protected_roles": ["\u200b"]}, "“protected_roles[0]” is"),
        ({"schools": "some"}, '“schools” is "some". Write "all" or a list of'),
        (
            {"schools": [1]},
            '“schools” is [1]. Write "all" or a list of one school_id or more.',
        ),
        ({"schools": []}, '“schools” is []. Write "all" or a list of one school_id'),
        ({"teacher_fallback": 1}, "“teacher_fallback” is 1. Write true or false."),
        ({"uses_sso": "no"}, '“uses_sso” is "no". Write true, false, or null'),
        (
            {"limits": {"removal_percent": 101}},
            "“limits.removal_percent” is 101. Write a number from 0 to 100.",
        ),
        (
            {"limits": {"removal_people": -1}},
            "“limits.removal_people” is -1. Write a whole number, 0 or more.",
        ),
        ({"limits": {"percent": 1}}, "“limits.percent” is no known key."),
        ([], "The file holds []. Write an object: { … }."),
        (b"", "Line 1, column 1 is not JSON"),
        (b'{"uses_sso": true,\n}', "Line 2, column 1 is not JSON"),
        (b'{"uses_sso": true, "uses_sso": false}', "The key “uses_sso” stands twice"),
        (b'{"limits": {"removal_percent": NaN}}', "NaN is no number."),
        (b'{"a": "\xff"}', "Line 1 is not UTF-8. Save the file as UTF-8."),
        (b"[" * 100_000, "lists within lists"),
        (
            {"keywords": [{"keyword": "🎓"}]},
            "“keywords[0].keyword” can't be used: “🎓” holds an emoji or a sign.",
        ),
        (
            {"keywords": [{"keyword": "co\u202each"}]},
            "holds a character that nobody sees. Type it anew.",
        ),
        (
            {"keywords": [{"keyword": "…"}]},
            "“keywords[0].keyword” can't be used: “…” holds no letter or digit.",
        ),
        (
            {"keywords": [{"keyword": 7}, {"keyword": "a"}]},
            "“keywords[0].keyword” is 7. Write a word or words, at most 100",
        ),
        (
            b'{"limits": {"removal_people": ' + b"9" * 5_000 + b"}}",
            f"“limits.removal_people” is {'9' * 60}…. Write a whole number, 0 or more.",
        ),
        (
            b'{"limits": {"removal_percent": 1e999}}',
            "“limits.removal_percent” is 1e999. Write a number from 0 to 100.",
        ),
        (
            b'{"protected_roles": [1e999]}',
            "“protected_roles[0]” is 1e999. Write a name of at most 128 characters",
        ),
        (
            b'{"limits": {"removal_people": 3.5}}',
            "“limits.removal_people” is 3.5. Write a whole number, 0 or more.",
        ),
        (b'{"\\ud800": 1}', "“\ufffd” is no known key. Use: keywords, "),
        (b'{"' + b"k" * 300 + b'": 1}', f"“{'k' * 60}…” is no known key."),
    ],
)
def test_a_fault_names_the_key_the_value_and_the_remedy(content, told):
    [problem] = faults(content)

    assert told in problem


def test_all_faults_of_a_file_are_told_at_once():
    content = {**FULL, "uses_sso": 1, "colour": 1, "limits": {"removal_people": "x"}}

    assert [problem.split("”")[0] for problem in faults(content)] == [
        "“colour",
        "“uses_sso",
        "“limits.removal_people",
    ]


@pytest.mark.parametrize("depth", range(900, 1000, 3))
def test_a_deep_file_never_ends_in_a_traceback(depth):
    assert len(faults(b"[" * depth + b"]" * depth)) == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("dean", "both"), ("dean", "both")),
        (("Dean  of Girls", "school"), ("dean of GIRLS", "school")),
        (("STRASSE", "school"), ("straße", "both")),
        (("dean", "both"), ("dean", "district")),
    ],
)
def test_a_keyword_that_stands_twice_for_one_level_is_refused(first, second):
    keywords = [
        {"keyword": text, "applies_to": level}
        for text, level in (first, ("coach", "both"), second)
    ]

    [problem] = faults({"keywords": keywords})

    assert problem == (
        f"“keywords[2].keyword” is “{second[0]}”, which “keywords[0]” has already and "
        "decides first. Take one of the two out, or give them different applies_to."
    )


def test_a_keyword_may_stand_once_for_each_level():
    levels = ("school", "district")
    keywords = [{"keyword": "dean", "applies_to": level} for level in levels]

    assert len(parse(json.dumps({"keywords": keywords}).encode()).keywords) == 2


def test_a_double_is_told_beside_other_faults():
    keywords = [{"keyword": "a"}, {"keyword": 1}, {"keyword": "A"}]

    assert [problem.split("”")[0] for problem in faults({"keywords": keywords})] == [
        "“keywords[1].keyword",
        "“keywords[2].keyword",
    ]


def test_a_file_may_begin_with_a_byte_order_mark():
    assert parse(b"\xef\xbb\xbf{}") == SettingsFile()


def test_the_limits_of_the_file_are_those_of_the_core():
    core, file = Limits(), LimitsEntry()

    assert LimitsEntry.__struct_fields__ == Limits.__struct_fields__
    assert [getattr(file, name) for name in LimitsEntry.__struct_fields__] == [
        getattr(core, name) for name in Limits.__struct_fields__
    ]


def test_only_limits_that_differ_from_the_default_are_stored(valley):
    save_settings(valley, SettingsFile(limits=LimitsEntry(removal_people=9)), DANA)

    assert ImportSettings.objects.get().limits == {"removal_people": 9}


def test_a_file_of_one_keyword_replaces_the_others(valley):
    save_settings(valley, parse(json.dumps(FULL).encode()), DANA)

    save_settings(valley, SettingsFile(keywords=(KeywordEntry("dean"),)), DANA)

    assert current_settings(valley).keywords == (KeywordEntry("dean"),)
