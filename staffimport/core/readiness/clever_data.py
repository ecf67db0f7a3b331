"""Checks on Clever's users: types, sharing, fields, titles, sections, addresses."""

from collections import defaultdict
from collections.abc import Callable, Iterator

from staffimport.core.folding import is_address
from staffimport.core.people import Person
from staffimport.core.readiness.facts import (
    Facts,
    domain_of,
    is_personal,
    titles_of,
)
from staffimport.core.readiness.values import (
    Concerned,
    Finding,
    Standing,
    counted,
    finding,
)
from staffimport.core.titles import TitleRules
from staffimport.core.values import Level


def two_user_types(facts: Facts) -> Finding:
    """Find people with more than one Clever user type."""
    found = [
        facts.of_person(person, person.user_types)
        for person in facts.people
        if person.is_teacher + person.is_staff + person.is_district_admin > 1
    ]
    text = f"{_of(facts, found)} have more than one user type."
    return finding("two_user_types", found, text, Standing.LOOK)


def teachers_shared(facts: Facts) -> Finding:
    """Find teachers whom neither a section nor the teacher record places."""
    teachers = [person for person in facts.people if person.is_teacher]
    if not teachers:
        text = "Clever shares no teacher. Check that teachers are shared by schools."
        return Finding("teachers_shared", Standing.MEND, text)
    found = [
        facts.of_person(person, "No section, no school")
        for person in _sectionless(facts)
        if not person.teacher_schools
    ]
    text = f"{len(found):,} of {counted(len(teachers), 'teacher')} at no school."
    return finding("teachers_shared", found, text, Standing.MEND)


def teacher_fallback(facts: Facts) -> Finding:
    """Find teachers in no section whom the teacher record places, if settings let it.

    Source: product.md, "From Clever users to placements".
    """
    found = [
        facts.of_person(person, "By the teacher record")
        for person in _sectionless(facts)
        if person.teacher_schools
    ]
    if facts.settings.teacher_fallback:
        text = "The setting is on: they get accounts at the schools of their record."
        return finding("teacher_fallback", found, text, Standing.LOOK)
    text = "The setting is off: they get no account."
    return finding("teacher_fallback", found, text, Standing.MEND)


def no_title(facts: Facts) -> Finding:
    """Find people without any title."""
    found = [facts.of_person(p, p.user_types) for p in facts.people if not titles_of(p)]
    text = f"{_of(facts, found)} without a title in Clever."
    return finding("no_title", found, text, Standing.MEND)


def titles_without_keyword(facts: Facts) -> Finding:
    """Find the titles that no keyword fits at a level somebody holds them at."""
    rules = TitleRules(facts.settings)
    holders: dict[tuple[str, Level], int] = defaultdict(int)
    for person in facts.people:
        for level, title in titles_of(person):
            holders[title, level] += 1
    found = [
        Concerned(title, where=_LEVEL_WORDS[level], value=_held_by(count))
        for (title, level), count in holders.items()
        if not rules.decide(level, (title,)).keyword
    ]
    text = f"{len(found):,} of {len(holders):,} titles are decided by no keyword."
    if holders and not facts.settings.keywords:
        text = f"There is no keyword yet, and {len(holders):,} titles in Clever."
    return finding("titles_without_keyword", found, text, Standing.MEND)


def teachers_without_section(facts: Facts) -> Finding:
    """Find teachers whom no section names."""
    found = [facts.of_person(person, "No section") for person in _sectionless(facts)]
    teachers = sum(person.is_teacher for person in facts.people)
    text = f"{len(found):,} of {counted(teachers, 'teacher')} in no section."
    return finding("teachers_without_section", found, text, Standing.LOOK)


def unsectioned_schools(facts: Facts) -> Finding:
    """Find teachers in sections whose record names a school that no section does."""
    found = []
    for person in facts.people:
        sections = facts.given.snapshot.teaching.get(person.clever_id, ())
        if not person.is_teacher or not sections:
            continue
        named = {*sections, *(person.staff_schools if person.is_staff else ())}
        left = [s for s in dict.fromkeys(person.teacher_schools) if s not in named]
        if left:
            names = ", ".join(map(facts.clever_school, left))
            found.append(facts.of_person(person, f"No section at {names}"))
    text = f"{counted(len(found), 'teacher')} with a school but no section there."
    return finding("unsectioned_schools", found, text, Standing.LOOK)


def no_last_name(facts: Facts) -> Finding:
    """Find people whose last name is missing or has no letter."""
    found = [
        facts.of_person(person, person.last or "Blank")
        for person in facts.people
        if not person.last_key
    ]
    text = f"{_of(facts, found)} without a last name that can be compared."
    return finding("no_last_name", found, text, Standing.MEND)


def nothing_to_match(facts: Facts) -> Finding:
    """Find school staff with neither an e-mail nor an employee id to match by."""
    found = [
        facts.of_person(person, person.user_types)
        for person in facts.school_staff
        if not person.email_key and not person.id_keys
    ]
    text = f"{len(found):,} of {len(facts.school_staff):,} school staff."
    return finding("nothing_to_match", found, text, Standing.MEND)


def missing_emails(facts: Facts) -> Finding:
    """Find school staff without an e-mail."""
    found = [
        facts.of_person(person, person.notes[0] if person.notes else "Blank")
        for person in facts.school_staff
        if not person.email
    ]
    text = f"{len(found):,} of {len(facts.school_staff):,} school staff."
    return finding("missing_emails", found, text, Standing.LOOK)


def malformed_emails(facts: Facts) -> Finding:
    """Find school staff whose e-mail is none."""
    found = [
        facts.of_person(person, person.email)
        for person in facts.school_staff
        if person.email and not is_address(person.email)
    ]
    text = f"{len(found):,} of {len(facts.school_staff):,} school staff."
    return finding("malformed_emails", found, text, Standing.MEND)


def shared_emails(facts: Facts) -> Finding:
    """Find school staff whose e-mail is somebody else's too."""
    found = [
        facts.of_person(person, person.email)
        for person in facts.school_staff
        if person.email_key in facts.roster.shared_emails
    ]
    addresses = len({one.value.casefold() for one in found})
    text = f"{len(found):,} school staff, {counted(addresses, 'address', 'addresses')}."
    return finding("shared_emails", found, text, Standing.MEND)


def shared_ids(facts: Facts) -> Finding:
    """Find people whose employee id is somebody else's too."""
    shared = facts.roster.shared_ids
    found = [
        facts.of_person(person, ", ".join(person.employee_ids))
        for person in facts.people
        if not shared.isdisjoint(person.id_keys)
    ]
    text = f"{_people(found)}, {counted(len(shared), 'employee ID')}."
    return finding("shared_ids", found, text, Standing.MEND)


def same_person_twice(facts: Facts) -> Finding:
    """Find Clever users alike in last name and e-mail or employee id, or in name."""
    alike: dict[tuple[str, str, str], list[Person]] = defaultdict(list)
    for person in facts.people:
        for key in _likenesses(facts, person):
            alike[key].append(person)
    reasons: dict[str, set[str]] = defaultdict(set)
    for (what, *_), people in alike.items():
        if len(people) > 1:
            for person in people:
                reasons[person.clever_id].add(what)
    found = [
        facts.of_person(facts.by_id[clever_id], f"Same {' and '.join(sorted(what))}")
        for clever_id, what in reasons.items()
    ]
    text = f"{counted(len(found), 'Clever user')} like another one."
    return finding("same_person_twice", found, text, Standing.LOOK)


def personal_clever_emails(facts: Facts) -> Finding:
    """Find people whose e-mail is personal, or of a domain uncommon in the district."""
    found = []
    for person in facts.people:
        domain = domain_of(person.email_key)
        if domain and is_personal(domain):
            found.append(facts.of_person(person, f"Personal: {domain}"))
        elif domain and domain not in facts.common_domains:
            found.append(facts.of_person(person, f"Unusual: {domain}"))
    text = f"Common in your district: {', '.join(sorted(facts.common_domains)) or '–'}."
    return finding("personal_clever_emails", found, text, Standing.LOOK)


def district_emails(facts: Facts) -> Finding:
    """Find District Admins whose e-mail can't match them to one account."""
    found = []
    for person in facts.district_staff:
        if not person.email:
            found.append(facts.of_person(person, "Blank"))
        elif not is_address(person.email):
            found.append(facts.of_person(person, f"No address: {person.email}"))
        elif person.email_key in facts.roster.shared_emails:
            found.append(facts.of_person(person, f"Shared: {person.email}"))
    total = counted(len(facts.district_staff), "District Admin")
    text = f"{len(found):,} of {total}: missing, malformed or shared."
    return finding("district_emails", found, text, Standing.MEND)


FINDERS: dict[str, Callable[[Facts], Finding]] = {
    "two_user_types": two_user_types,
    "teachers_shared": teachers_shared,
    "teacher_fallback": teacher_fallback,
    "no_title": no_title,
    "titles_without_keyword": titles_without_keyword,
    "teachers_without_section": teachers_without_section,
    "unsectioned_schools": unsectioned_schools,
    "no_last_name": no_last_name,
    "nothing_to_match": nothing_to_match,
    "missing_emails": missing_emails,
    "malformed_emails": malformed_emails,
    "shared_emails": shared_emails,
    "shared_ids": shared_ids,
    "same_person_twice": same_person_twice,
    "personal_clever_emails": personal_clever_emails,
    "district_emails": district_emails,
}

_LEVEL_WORDS = {Level.SCHOOL: "School staff", Level.DISTRICT: "District staff"}


def _of(facts: Facts, found: list[Concerned]) -> str:
    return f"{len(found):,} of {counted(len(facts.people), 'person', 'people')}"


def _people(found: list[Concerned]) -> str:
    return counted(len(found), "person", "people")


def _held_by(count: int) -> str:
    return counted(count, "person has it", "people have it")


def _sectionless(facts: Facts) -> list[Person]:
    sectionless = facts.placed.sectionless
    return [person for person in facts.people if person.clever_id in sectionless]


def _likenesses(facts: Facts, person: Person) -> Iterator[tuple[str, str, str]]:
    if not person.last_key:
        return
    # What nobody else has, as nearly all have it, makes nobody alike.
    if person.email_key in facts.roster.shared_emails:
        yield "last name and e-mail", person.last_key, person.email_key
    for key in person.id_keys:
        if key in facts.roster.shared_ids:
            yield "last name and employee ID", person.last_key, key
    if person.name_key:
        for school in facts.schools_of(person):
            yield "name at one school", person.name_key, school
