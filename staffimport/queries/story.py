"""The whole story of one row: both sides, why, what changes it, what is decided."""

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec
from django.db.models import Q, TextField
from django.db.models.functions import Cast as AsType

from schools.models import District
from staffimport.core.explain import listed
from staffimport.core.offers import Offer, Seen, offers, says
from staffimport.core.remedies import would_change
from staffimport.core.values import DecisionKind, Details, Near
from staffimport.models import ImportResult, ImportRun, MatchDecision, TitleKeyword
from staffimport.queries.cast import Cast, cast_of
from staffimport.queries.sides import Side, lists, sides
from staffimport.queries.words import AGREES, BASES, matched_by, place

Outcome = ImportResult.Outcome


@dataclass(frozen=True, slots=True)
class Button:
    """One decision somebody can make: its name in the form, its words, what it does."""

    value: str
    label: str
    says: str


@dataclass(frozen=True, slots=True)
class Group:
    """The decisions about one account, which is named where there are several."""

    account: str
    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that stands; a pending one is not in the run's rows yet."""

    decision: MatchDecision
    is_pending: bool


@dataclass(frozen=True, slots=True)
class Story:
    """What an opened row shows: both sides, facts as (word, text), what changes it.

    `groups` are the decisions that can be made, `decided` those that stand.
    """

    sides: tuple[Side, ...]
    facts: tuple[tuple[str, str], ...]
    remedy: str
    groups: tuple[Group, ...]
    decided: tuple[Decided, ...]

    @property
    def is_pending(self) -> bool:
        """Whether a decision stands that the row doesn't show yet."""
        return any(each.is_pending for each in self.decided)


def details_of(row: ImportResult) -> Details:
    """Return what else there is to tell of a stored row."""
    return msgspec.convert(row.details, Details)


def tell(district: District, row: ImportResult) -> Story:
    """Return the story of a row of one of the district's runs."""
    details = details_of(row)
    cast = cast_of(district, row, details)
    found = sides(district, row, details, cast)
    groups = tuple(_groups(row, details, cast, found))
    is_open = bool(groups) or not offers_of(row)
    return Story(
        sides=tuple(found),
        facts=tuple((word, text) for word, text in _facts(row, details) if text),
        remedy=""
        if _is_undo(row)
        else would_change(row, details, place(row), can_decide=is_open),
        groups=groups,
        decided=tuple(_decided(district, row, details, cast)),
    )


def offers_of(row: ImportResult) -> list[Offer]:
    """Return what can be decided about a stored row; nothing about an undo's."""
    return [] if _is_undo(row) else offers(row, details_of(row))


def _is_undo(row: ImportResult) -> bool:
    return row.run.kind == ImportRun.Kind.UNDO


def _groups(
    row: ImportResult, details: Details, cast: Cast, found: list[Side]
) -> Iterator[Group]:
    changes = {side.account_id: side.changes for side in found}
    seen = {
        pk: Seen(
            cast.labels[pk],
            known.account.active,
            known.stays_inactive,
            changes.get(pk),
        )
        for pk, known in cast.known.items()
    }
    by_account: dict[str, list[Button]] = {}
    for offer in offers_of(row):
        account = seen.get(offer.account_id)
        if account is None:
            continue  # removed since
        if offer.kind is DecisionKind.LEAVE_ALONE and not account.active:
            continue
        words = says(offer, row, details, seen)
        button = Button(offer.value, _label(offer), words)
        by_account.setdefault(offer.account_id, []).append(button)
    for pk, buttons in by_account.items():
        yield Group(seen[pk].label if len(by_account) > 1 else "", tuple(buttons))


def _label(offer: Offer) -> str:
    words = str(MatchDecision.Kind(offer.kind).label)
    return f"{words}s" if len(offer.choices[0].others) > 1 else words


def _decided(
    district: District, row: ImportResult, details: Details, cast: Cast
) -> Iterator[Decided]:
    """Yield the standing decisions on the row's people and accounts, newest first."""
    planned_at = row.run.started_at or row.run.requested_at
    own = str(row.account_id or "")
    people = {"", row.clever_id, *details.pair}
    about = Q(account_id__in=list(cast.accounts)) | _of_person_here(district, row)
    if row.outcome == Outcome.INACTIVE and own:
        about |= Q(others__contains=own)
    standing = district.match_decisions.filter(revoked_at=None)
    for decision in standing.alias(
        others=AsType("other_account_ids", TextField())
    ).filter(about):
        is_own = own in (str(decision.account_id), *decision.other_account_ids)
        if is_own or decision.clever_id in people:
            yield Decided(decision, is_pending=decision.decided_at > planned_at)


def _of_person_here(district: District, row: ImportResult) -> Q:
    """Return the decisions on the row's person and any account of the row's place."""
    here = district.staff_accounts.filter(school=row.school_id).order_by()
    if not row.clever_id:
        return Q(pk=None)
    return Q(clever_id=row.clever_id, account_id__in=here.values("pk"))


def _facts(row: ImportResult, details: Details) -> list[tuple[str, str]]:
    is_new = row.outcome == Outcome.CREATED
    return [
        ("Matched by", _matched_by(row, details)),
        ("In Clever as", listed(BASES.get(b, b) for b in details.bases)),  # type: ignore[call-overload]
        ("School in Clever", details.clever_school),
        ("Nearest", "; ".join(_near(near) for near in details.near)),
        ("Also in Clever", listed(near.name for near in details.other_people)),
        ("Without the hold", details.otherwise),
        ("Keyword", _keyword(row, details) if is_new else ""),
        ("If new" if details.near else "Gets", _gets(row) if is_new else ""),
        ("Invitation", "An e-mail is sent." if row.gets_invitation else ""),
        ("Note", " ".join(details.notes)),
        ("Clever ID", _tie(row)),
        ("Settled by", row.resolved_by),
    ]


def _matched_by(row: ImportResult, details: Details) -> str:
    """Return what decided the match; of nobody, what would have had to agree."""
    if _is_undo(row):
        return ""  # nobody was matched: the undo goes by what its run had done
    words = matched_by(row)
    if row.outcome not in (Outcome.CREATED, Outcome.INACTIVE) or row.matched_by:
        return words
    keys = "e-mail" if row.level == "district" else "e-mail or employee ID"
    other = "account" if row.outcome == Outcome.CREATED else "person in Clever"
    return f"{words}: no {other} here has this last name with this {keys}."


def _near(near: Near) -> str:
    agrees = listed(AGREES.get(field, field) for field in near.agrees)
    where = f" at {near.where}" if near.where else ""
    return f"{near.name}{where}" + (f": same {agrees}" if agrees else "")


def _keyword(row: ImportResult, details: Details) -> str:
    if not row.keyword:
        return "None fits: the default applies."
    also = listed(f"“{keyword}”" for keyword in details.also)
    fits = "fits" if len(details.also) == 1 else "fit"
    rest = f"{also} also {fits}, further down." if also else "No other fits."
    return f"“{row.keyword}”{_rank(row)}. {rest}"


def _rank(row: ImportResult) -> str:
    """Return which of the keywords it is now: " (2nd of 12)"; "" if it is gone."""
    of_district = TitleKeyword.objects.filter(settings__district=row.run.district_id)
    keywords = list(of_district.values_list("keyword", flat=True))
    if row.keyword not in keywords:
        return ""
    return f" ({_ordinal(keywords.index(row.keyword) + 1)} of {len(keywords)})"


def _ordinal(number: int) -> str:
    teens = 10 < number % 100 < 14  # noqa: PLR2004 — 11th, 12th, 13th
    return f"{number}{'th' if teens else _ENDINGS.get(number % 10, 'th')}"


_ENDINGS = {1: "st", 2: "nd", 3: "rd"}


def _gets(row: ImportResult) -> str:
    zone = f"zone {row.zone}" if row.zone else ""
    function = row.job_function if row.job_function != row.user_role else ""
    return ", ".join(filter(None, [row.user_role, function, lists(row), zone]))


def _tie(row: ImportResult) -> str:
    old, new = row.previous_clever_id, row.clever_id
    return f"{old} → {new}" if old and new and old != new else new
