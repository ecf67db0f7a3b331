"""The sentence of every row: what happens, why, what to do.

Voice and examples: the console's writing rules. Names, places and numbers are said;
labels are the manual's.
"""

from collections.abc import Iterable, Sequence

from staffimport.core.fitting import Known
from staffimport.core.folding import is_address
from staffimport.core.keywords import not_counting
from staffimport.core.matching import Conflict, ConflictKind
from staffimport.core.people import Person
from staffimport.core.placement import Absence, Elsewhere
from staffimport.core.titles import TitleDecision
from staffimport.core.values import Account, InactiveCause, Level, Near

Changes = dict[str, list[str | bool | None]]
NOTHING_CHANGES = "Nothing changes."
STILL_HELD = "Held by an earlier import, until you decide. It said then:"
FIELD_WORDS = {
    "first_name": "First name",
    "middle_name": "Middle name",
    "last_name": "Last name",
    "job_title": "Title",
    "email": "E-mail",
    "employee_id": "Employee ID",
}


def listed(words: Iterable[str], last: str = "and") -> str:
    """Return "a", "a and b" or "a, b and c"."""
    items = list(words)
    if len(items) < 2:  # noqa: PLR2004
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def created(decision: TitleDecision, zone: str, level: Level) -> str:
    """Say what a new account gets and by which keyword."""
    given = decision.assignment
    parts = [given.user_role or "no role"]
    if given.teacher_list:
        parts.append("Teacher List")
    if given.counselor_list:
        parts.append("Counselor List")
    if level is Level.DISTRICT:
        parts.append(zone or "unrestricted zone")
    gets = ", ".join(parts)
    passed = decision.passed_over
    mend = f"{not_counting(passed)} Give it another role." if passed else ""
    if decision.keyword:
        said = f"New. {gets}, by keyword “{decision.keyword}”."
        return f"{said} {mend}" if passed else said
    if passed:
        return f"New. {mend} Until then the default applies: {gets}."
    why = "No keyword fits the title" if decision.title else "No title in Clever"
    return f"New. {why}, so the default applies: {gets}."


def no_invitation(person: Person, *, shared: bool) -> str:
    """Say why a new person can't be e-mailed; empty if they can."""
    if not person.email:
        return "No e-mail in Clever, so no invitation."
    if not is_address(person.email):
        return f"“{person.email}” is no e-mail address, so no invitation."
    if shared:
        return f"{person.email} is shared by several people, so no invitation."
    return ""


def matched(changes: Changes, drift: tuple[tuple[str, str], ...]) -> str:
    """Say what changes in a matched account and what is pinned."""
    if not changes and not drift:
        return NOTHING_CHANGES
    sentences = _changing(changes)
    sentences.extend(
        f"{FIELD_WORDS[field]} is pinned in Naviance and stays; Clever says {value}."
        for field, value in drift
    )
    if changes:
        sentences.append("Role and lists stay as they are.")
    return " ".join(sentences)


def _changing(changes: Changes) -> list[str]:
    return [
        f"{FIELD_WORDS[field]} changes from {_quoted(old)} to {_quoted(new)}."
        for field, (old, new) in changes.items()
        if field in FIELD_WORDS
    ]


def _quoted(value: object) -> str:
    return f"“{value}”" if value else "blank"


def zeros(in_clever: str, account: Account, *, ambiguous: bool) -> str:
    """Say that employee ids differ in leading zeros, and whether that counts."""
    ids = f"{in_clever} in Clever, {account.employee_id.strip()} in Naviance."
    if ambiguous:
        return (
            f"IDs that differ in leading zeros do not count as one here, because "
            f"without them others have this number too: {ids}"
        )
    return f"IDs compared without leading zeros: {ids}"


def reactivated(account: Account) -> str:
    """Say why an inactive account comes back."""
    role = (
        f" Comes back with the role {account.user_role} as before."
        if account.user_role
        else ""
    )
    if account.inactive_cause == InactiveCause.RUN:
        who = account.inactive_by or "an import"
        return f"Archived by {who}; in Clever again.{role}"
    return f"Inactive in Naviance, active in Clever.{role}"


def deactivated_by_hand(account: Account) -> str:
    """Say who deactivated an account that an import leaves inactive."""
    who = account.inactive_by or "somebody"
    on = f" on {account.inactive_on}" if account.inactive_on else ""
    return f"Deactivated by {who}{on}. An import does not undo that."


def conflict(found: Conflict) -> str:
    """Say what can't be decided, and how to decide it."""
    accounts = listed(handles(found.candidates))
    people = listed(f"{p.name} ({p.email or 'no e-mail'})" for p in found.others)
    match found.kind:
        case ConflictKind.TWO_ACCOUNTS:
            return _two_accounts(found.candidates, accounts)
        case ConflictKind.TWO_PEOPLE:
            return (
                f"The account {accounts} fits this person and also {people} in Clever. "
                "Mend it there, or say which one this account is."
            )
        case ConflictKind.HAS_A_PERSON:
            return (
                f"The account {accounts} fits this person but belongs to {people} in "
                "Clever. If they are two people, say “Not the same”; if they are one, "
                "merge them in Clever."
            )
        case ConflictKind.SEVERAL:
            also = f" and also {people} in Clever" if people else ""
            return (
                f"The accounts {accounts} fit this person{also}. "
                "Say which account is whose."
            )


def _two_accounts(candidates: Sequence[Known], accounts: str) -> str:
    active = "active " if all(known.account.active for known in candidates) else ""
    rest = "the other is" if len(candidates) == 2 else "the others are"  # noqa: PLR2004
    return (
        f"{_number(candidates)} {active}accounts fit this person, {accounts}. "
        f"Keep one; {rest} archived."
    )


def handles(candidates: Sequence[Known]) -> list[str]:
    """Return what tells the accounts apart: the e-mail, where it is not enough more."""
    found = [_handle(known) for known in candidates]
    return [
        handle if found.count(handle) == 1 else f"{handle} ({_particulars(known)})"
        for handle, known in zip(found, candidates, strict=True)
    ]


def _handle(known: Known) -> str:
    account = known.account
    handle = account.email.strip() or account.employee_id.strip()
    return handle or "one without e-mail"


def _particulars(known: Known) -> str:
    account = known.account
    employee_id = account.employee_id.strip()
    return ", ".join(
        [
            account.job_title.strip() or "no title",
            f"employee ID {employee_id}" if employee_id else "no employee ID",
            f"account {account.id[:8]}",
        ]
    )


def _number(things: Sequence[object]) -> str:
    words = {2: "Two", 3: "Three", 4: "Four"}
    return words.get(len(things), str(len(things)))


def second_user(first: Person) -> str:
    """Say that two Clever users are one person by decision."""
    return (
        f"The same person as {first.name}, by decision: one account is enough. "
        "Merge the two users in Clever by giving them the same e-mail."
    )


def no_last_name(person: Person) -> str:
    """Say what is missing."""
    what = (
        f"No letter in the last name “{person.last}”" if person.last else "No last name"
    )
    shared = f"; accounts sharing {person.email} are left alone until then"
    return f"{what} in Clever. Enter one there{shared if person.email else ''}."


def elsewhere(absent: Elsewhere) -> str:
    """Say why a placement does not count."""
    school = absent.school_name
    match absent.why:
        case Absence.UNMATCHED:
            return (
                f"{school} is not matched to a Naviance school, so nobody there is "
                "imported. Match it on Match Schools."
            )
        case Absence.NOT_SHARED:
            return "At a school that Clever does not share. Share it in Clever."
        case Absence.EXCLUDED:
            return f"{school} is not included in the import settings."
        case Absence.NOT_COVERED:
            return f"{school} waits for a test and a final import."
        case Absence.NOWHERE:
            return _nowhere(absent.person)


def _nowhere(person: Person) -> str:
    if person.is_teacher:
        return (
            "Teacher in no section and at no school. Add this person to a section or "
            "a school in Clever."
        )
    return "Staff at no school. Add this person to a school in Clever."


def relink(account: Account) -> str:
    """Say that a new Clever id may be an old acquaintance."""
    name = " ".join(f"{account.first_name} {account.last_name}".split())
    whose = f" of {name}" if name else ""
    return (
        f"Clever gave this person a new ID. The account{whose} is tied to the old one, "
        "which is gone. Approve to tie it to the new one."
    )


def relinked(changes: Changes) -> str:
    """Say what an approved relink does."""
    return " ".join(["Tied to the new Clever ID.", *_changing(changes)])


def leaver(person: Person, where: str, here: str, level: Level) -> str:
    """Say where somebody is whose account nobody holds at its own place `here`."""
    at = f" at {where}" if where else ""
    if level is Level.DISTRICT:
        return (
            f"In Clever as {person.user_types}{at}, not as District Admin. Give "
            f"{person.name} that user type in Clever to keep this account."
        )
    return (
        f"In Clever as {person.user_types}{at or ' at no school'}, not at {here}. "
        "The account here is archived; history stays."
    )


def leaver_second(person: Person) -> str:
    """Say that the nearest person has another account at the same place."""
    return (
        f"{person.name} in Clever comes nearest, but is placed here without this "
        "account. The account is archived; history stays."
    )


def leaver_unknown(level: Level) -> str:
    """Say that nobody in Clever comes near."""
    keys = "e-mail" if level is Level.DISTRICT else "e-mail or employee ID"
    return (
        f"Nobody in Clever has this last name with this {keys}. "
        "The account is archived; history stays."
    )


def gone() -> str:
    """Say that a tied person is no longer in Clever."""
    return "No longer in Clever. The account is archived; history stays."


def left_alone(by: str, *, by_hand: bool) -> str:
    """Say why an account nobody holds stays."""
    if by_hand:
        return "Added by hand in Naviance and not in Clever: left alone."
    return f"Not in Clever: left alone by decision of {by or 'an admin'}."


def protected_role(role: str) -> str:
    """Say that the role protects the account."""
    return f"Not in Clever, but the role {role} is never made inactive."


def protected_by(name: str) -> str:
    """Say that a row that can't be decided protects the account."""
    return (
        f"Stays: {name} in Clever shares its e-mail, employee ID or name and could not "
        "be decided. Decide or mend that one first."
    )


def archived_by_decision(by: str) -> str:
    """Say that a decision archives the account."""
    return f"Second account of one person, archived by decision of {by or 'an admin'}."


def pair(near: Near, *, of_account: bool) -> str:
    """Say why one created and one inactive are held together."""
    agrees = listed(AGREES.get(field, field) for field in near.agrees)
    if of_account:
        return (
            f"Held as a pair with {near.name}, new in Clever: the same {agrees}. "
            "Without a decision this account stays active."
        )
    return (
        f"Held as a pair: the account {near.name} has the same {agrees}. "
        "Are they one person?"
    )


AGREES = {
    "name": "name",
    "first_name": "first name",
    "last_name": "last name",
    "email": "e-mail",
    "employee_id": "employee ID",
    "loose_id": "last name and employee ID but for leading zeros",
    "clever_id": "Clever ID",
}


def rollover(person: Person, here: str) -> str:
    """Say why a teacher without sections keeps an account."""
    return (
        f"Held: {person.name} is still a teacher in Clever but in no section of "
        f"{here}, as in summer. Approve if this teacher has left it."
    )


def still_held(sentence: str) -> str:
    """Say that what an earlier import held waits on, though its cause is past."""
    if sentence.startswith(STILL_HELD):
        return sentence
    return f"{STILL_HELD} {sentence}"


def dismissed(reason: str) -> str:
    """Say that the admin has dismissed this change; `reason` is what it would do."""
    return f"Dismissed, so nothing happens. Without that: {reason}"


def changed_since_test(reason: str) -> str:
    """Say that the admin has not seen this change."""
    if reason.startswith(NOTHING_CHANGES):
        # Only the tie is new: another user of Clever fits the account now.
        return "Changed since your test: another Clever user fits this account now."
    return f"Changed since your test: {reason}"
