import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from staffimport.settings.changes import changes, join
from staffimport.settings.draft import draft_of, settings_of
from staffimport.settings.file import (
    DistrictDefault,
    KeywordEntry,
    LimitsEntry,
    SettingsFile,
)

A, B, C = (KeywordEntry(word, user_role="Teacher") for word in "abc")
BASE = SettingsFile(keywords=(A, B))


@pytest.mark.parametrize(
    ("new", "sentence"),
    [
        (replace(BASE, keywords=(A, B, C)), "Keyword “c” added."),
        (replace(BASE, keywords=(B,)), "Keyword “a” deleted."),
        (replace(BASE, keywords=(B, A)), "Order of keywords changed."),
        (
            replace(BASE, district_default=DistrictDefault(zone="North")),
            "Default zone changed.",
        ),
        (replace(BASE, uses_sso=True), "Clever SSO changed."),
        (replace(BASE, limits=LimitsEntry(20)), "Brake changed."),
        (replace(BASE, schools=("S1",)), "Schools to include changed."),
    ],
)
def test_what_differs_is_told_part_by_part(new, sentence):
    assert [change.sentence for change in changes(BASE, new)] == [sentence]


def test_edits_of_different_parts_join():
    theirs = replace(BASE, keywords=(B, A), uses_sso=True)
    yours = replace(BASE, keywords=(A, B, C), teacher_fallback=False)

    joined = join(BASE, theirs, yours)

    assert joined.clashes == []
    assert joined.settings == replace(
        BASE, keywords=(B, A, C), uses_sso=True, teacher_fallback=False
    )


def test_a_renamed_keyword_keeps_its_place_beside_anothers_edits():
    renamed = replace(B, keyword="z")
    theirs = replace(BASE, keywords=(replace(A, user_role="Dean"), B, C))
    yours = replace(BASE, keywords=(A, renamed, C))

    joined = join(replace(BASE, keywords=(A, B, C)), theirs, yours)

    assert [entry.keyword for entry in joined.settings.keywords] == [
        A.keyword,
        "z",
        C.keyword,
    ]


def test_two_names_for_one_keyword_stand_in_its_place():
    theirs = replace(BASE, keywords=(A, replace(B, keyword="y"), C))
    yours = replace(BASE, keywords=(A, replace(B, keyword="z"), C))

    joined = join(replace(BASE, keywords=(A, B, C)), theirs, yours)

    words = [entry.keyword for entry in joined.settings.keywords]
    assert words == [A.keyword, "z", "y", C.keyword]


def test_a_part_both_changed_keeps_yours_and_tells_theirs():
    theirs = replace(BASE, keywords=(replace(A, user_role="Counselor"), B))
    yours = replace(BASE, keywords=(replace(A, user_role="Dean"), B))

    joined = join(BASE, theirs, yours)

    assert joined.settings == yours
    assert [(c.part, c.old, c.new) for c in joined.clashes] == [
        (
            "Keyword “a”",
            "Both: Counselor, no job function",
            "Both: Dean, no job function",
        )
    ]


def test_a_keyword_they_deleted_and_you_left_alone_is_gone():
    joined = join(BASE, replace(BASE, keywords=(B,)), replace(BASE, uses_sso=True))

    assert joined.settings.keywords == (B,)
    assert [change.sentence for change in joined.taken] == ["Keyword “a” deleted."]


keywords = st.lists(
    st.builds(
        KeywordEntry,
        st.sampled_from(["a", "b", "c", "d"]),
        user_role=st.sampled_from(["Teacher", "Dean"]),
    ),
    max_size=4,
    unique_by=lambda entry: entry.keyword,
).map(tuple)
files = st.builds(
    SettingsFile,
    keywords=keywords,
    uses_sso=st.sampled_from([True, False, None]),
    schools=st.sampled_from(["all", ("S1", "S2")]),
    teacher_fallback=st.booleans(),
)


@given(files, files)
def test_whoever_edits_alone_gets_their_edit_whole(base, edited):
    assert join(base, edited, base).settings == edited
    assert join(base, base, edited).settings == edited


@given(files)
def test_a_form_holds_all_that_a_file_says(settings):
    assert settings_of(draft_of(settings)) == settings
