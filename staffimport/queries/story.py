"""The whole story of one row: both sides, what matched, what else there is to tell."""

from dataclasses import dataclass

import msgspec

from accounts.models import StaffAccount
from schools.models import District
from staffimport.core.explain import listed
from staffimport.core.values import Details, Near
from staffimport.models import ImportResult
from staffimport.queries.words import AGREES, BASES, FIELDS, matched_by

Outcome = ImportResult.Outcome


@dataclass(frozen=True, slots=True)
class FieldLine:
    """One field on both sides; `becomes` is the new value, "" if it stays."""

    name: str
    clever: str
    naviance: str
    becomes: str
    remark: str


@dataclass(frozen=True, slots=True)
class Story:
    """What an opened row shows: fields, facts as (word, text), accounts that fit."""

    fields: tuple[FieldLine, ...]
    facts: tuple[tuple[str, str], ...]
    candidates: tuple[StaffAccount, ...]


def tell(district: District, row: ImportResult) -> Story:
    """Return the story of a row of one of the district's runs."""
    details = msgspec.convert(row.details, Details)
    drift = dict(details.drift)
    fields = [_line(row, field, drift) for field in FIELDS]
    candidates = district.staff_accounts.filter(pk__in=row.candidates)
    return Story(
        fields=tuple(line for line in fields if line.clever or line.naviance),
        facts=tuple((word, text) for word, text in _facts(row, details) if text),
        candidates=tuple(candidates.select_related("user_role")),
    )


def _line(row: ImportResult, field: str, drift: dict[str, str]) -> FieldLine:
    name, value = FIELDS[field], str(getattr(row, field))
    if row.outcome in (Outcome.CREATED, Outcome.CONFLICT):
        new = value if row.outcome == Outcome.CREATED else ""
        return FieldLine(name, value, "", new, "")
    if row.outcome == Outcome.INACTIVE or not row.clever_id:
        return FieldLine(name, "", value, "", "stays")
    if row.outcome == Outcome.SKIPPED and not row.account_id:
        return FieldLine(name, value, "", "", "")
    if field in row.changes:
        old, new = row.changes[field]
        return FieldLine(name, str(new or ""), str(old or ""), str(new or ""), "")
    if field in drift:
        return FieldLine(name, drift[field], value, "", "pinned: stays")
    return FieldLine(name, "", value, "", "stays")


def _facts(row: ImportResult, details: Details) -> list[tuple[str, str]]:
    return [
        ("Matched by", matched_by(row)),
        ("In Clever as", listed(BASES.get(b, b) for b in details.bases)),  # type: ignore[call-overload]
        ("School in Clever", details.clever_school),
        ("Nearest", "; ".join(_near(near) for near in details.near)),
        ("Also in Clever", listed(near.name for near in details.other_people)),
        ("Without the hold", details.otherwise),
        ("Keyword", _keyword(row, details)),
        ("Gets" if row.outcome == Outcome.CREATED else "Role and lists", _gets(row)),
        ("Invitation", "An e-mail is sent" if row.gets_invitation else ""),
        ("Note", " ".join(details.notes)),
        ("Clever ID", _tie(row)),
        ("Decided", row.resolved_by),
    ]


def _near(near: Near) -> str:
    agrees = listed(AGREES.get(field, field) for field in near.agrees)
    where = f" at {near.where}" if near.where else ""
    return f"{near.name}{where}" + (f": same {agrees}" if agrees else "")


def _keyword(row: ImportResult, details: Details) -> str:
    if row.outcome != Outcome.CREATED:
        return ""
    if not row.keyword:
        return "None fits: the default applies."
    also = listed(f"“{keyword}”" for keyword in details.also)
    fits = "fits" if len(details.also) == 1 else "fit"
    return f"“{row.keyword}”. " + (f"{also} also {fits}." if also else "No other fits.")


def _gets(row: ImportResult) -> str:
    lists = [
        name
        for name, is_in in (
            ("Teacher List", row.teacher_list),
            ("Counselor List", row.counselor_list),
        )
        if is_in
    ]
    zone = [f"zone {row.zone}"] if row.zone else []
    return ", ".join(filter(None, [row.user_role, row.job_function, *lists, *zone]))


def _tie(row: ImportResult) -> str:
    old, new = row.previous_clever_id, row.clever_id
    return f"{old} → {new}" if old and new and old != new else new
