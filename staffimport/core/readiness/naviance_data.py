"""Checks on Naviance's active accounts: names, addresses and employee ids."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable

from staffimport.core.fitting import Known
from staffimport.core.folding import is_address
from staffimport.core.readiness.facts import Facts, domain_of, is_personal
from staffimport.core.readiness.values import (
    Finding,
    Standing,
    counted,
    finding,
)
from staffimport.core.values import Level

# A format that fewer of Clever's employee ids have is none that a district chose.
_FORMAT_SHARE = 0.01


def account_no_last_name(facts: Facts) -> Finding:
    """Find accounts whose last name is missing or has no letter."""
    found = [
        facts.of_account(known.account, known.account.last_name or "Blank")
        for known in facts.known
        if not known.last_key
    ]
    text = f"{len(found):,} of {counted(len(facts.known), 'active account')}."
    return finding("account_no_last_name", found, text, Standing.MEND)


def account_shared_ids(facts: Facts) -> Finding:
    """Find accounts of one school that have the same employee id."""
    at: dict[tuple[int | None, str], list[Known]] = defaultdict(list)
    for known in facts.accounts_at(Level.SCHOOL):
        if known.id_key:
            at[known.account.school, known.id_key].append(known)
    found = [
        facts.of_account(known.account, known.account.employee_id)
        for same in at.values()
        if len(same) > 1
        for known in same
    ]
    text = f"{counted(len(found), 'account')} with somebody else’s employee ID."
    return finding("account_shared_ids", found, text, Standing.MEND)


def personal_emails(facts: Facts) -> Finding:
    """Find school accounts with an address of a provider of personal mail.

    Where the employee id is one that Clever has, the account matches all the same.
    """
    in_clever = {loose_id for person in facts.people for loose_id in person.loose_ids}
    found, unmatched = [], 0
    for known in facts.accounts_at(Level.SCHOOL):
        if is_personal(domain_of(known.email_key)):
            known_there = known.loose_id in in_clever
            unmatched += not known_there
            value = _id_words(known, known_there=known_there)
            found.append(facts.of_account(known.account, value))
    text = f"{unmatched:,} of {len(found):,} without an employee ID that Clever has."
    if not found:
        text = "No school account has a personal e-mail."
    standing = Standing.MEND if unmatched else Standing.LOOK
    return finding("personal_emails", found, text, standing)


def foreign_emails(facts: Facts) -> Finding:
    """Find school accounts with a domain that is uncommon in Clever's data."""
    common = facts.common_domains
    found = [
        facts.of_account(known.account, domain)
        for known in facts.accounts_at(Level.SCHOOL)
        if (domain := domain_of(known.email_key))
        and domain not in common
        and not is_personal(domain)
    ]
    text = f"Common in your district: {', '.join(sorted(common)) or '–'}."
    return finding("foreign_emails", found, text, Standing.LOOK)


def id_formats(facts: Facts) -> Finding:
    """Find school accounts whose employee id is written as none of Clever's are."""
    shapes: Counter[str] = Counter()
    example: dict[str, str] = {}
    for person in facts.school_staff:
        for key in person.id_keys:
            shapes[_shape(key)] += 1
            example.setdefault(_shape(key), key)
    least = shapes.total() * _FORMAT_SHARE
    usual = [shape for shape, count in shapes.most_common() if count >= least]
    if not usual:
        text = "Clever shares no employee ID to compare with."
        return Finding("id_formats", Standing.OK, text)
    like = " or ".join(example[shape] for shape in usual[:3])
    found = [
        facts.of_account(known.account, known.account.employee_id)
        for known in facts.accounts_at(Level.SCHOOL)
        if known.id_key and _shape(known.id_key) not in usual
    ]
    text = f"Clever’s employee IDs look like {like}."
    return finding("id_formats", found, text, Standing.MEND)


def account_bad_emails(facts: Facts) -> Finding:
    """Find school accounts whose e-mail is missing, malformed or shared."""
    found = [
        facts.of_account(known.account, fault)
        for known in facts.accounts_at(Level.SCHOOL)
        if (fault := _email_fault(facts, known))
    ]
    total = len(facts.accounts_at(Level.SCHOOL))
    text = f"{len(found):,} of {counted(total, 'active school account')}."
    return finding("account_bad_emails", found, text, Standing.LOOK)


def district_account_emails(facts: Facts) -> Finding:
    """Find district accounts whose e-mail is none that Clever would have."""
    found = []
    accounts = facts.accounts_at(Level.DISTRICT)
    for known in accounts:
        fault = _email_fault(facts, known)
        domain = domain_of(known.email_key)
        if not fault and is_personal(domain):
            fault = f"Personal: {domain}"
        if fault:
            found.append(facts.of_account(known.account, fault))
    text = f"{len(found):,} of {counted(len(accounts), 'active district account')}."
    return finding("district_account_emails", found, text, Standing.MEND)


FINDERS: dict[str, Callable[[Facts], Finding]] = {
    "account_no_last_name": account_no_last_name,
    "account_shared_ids": account_shared_ids,
    "personal_emails": personal_emails,
    "foreign_emails": foreign_emails,
    "id_formats": id_formats,
    "account_bad_emails": account_bad_emails,
    "district_account_emails": district_account_emails,
}


def _email_fault(facts: Facts, known: Known) -> str:
    email = known.account.email
    if not known.email_key:
        return "Blank"
    if not is_address(email.strip()):
        return f"No address: {email}"
    return f"Shared: {email}" if known.email_key in facts.shared_account_emails else ""


def _id_words(known: Known, *, known_there: bool) -> str:
    if not known.id_key:
        return "No employee ID"
    where = "is in Clever" if known_there else "is not in Clever"
    return f"Employee ID {known.account.employee_id} {where}"


def _shape(id_key: str) -> str:
    """Return an employee id's format: its length, letters, and leading zeros."""
    if id_key.isdecimal():  # nearly all are
        shape = "9" * len(id_key)
    else:
        shape = re.sub(r"[^\W\d_]", "a", re.sub(r"\d", "9", id_key))
    return f"0{shape}" if id_key.startswith("0") else shape
