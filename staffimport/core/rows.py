"""From a match, a new person or a leaver to one row of the plan."""

import hashlib
from itertools import count

from staffimport.core import explain
from staffimport.core.differences import differences, first_id
from staffimport.core.folding import is_address
from staffimport.core.matching import Conflict, Match, SecondUser
from staffimport.core.nearness import near_person
from staffimport.core.placement import Elsewhere, Placement
from staffimport.core.titles import TitleDecision, TitleRules
from staffimport.core.values import (
    Account,
    Details,
    HeldReason,
    Level,
    MatchedBy,
    Outcome,
    PlannedRow,
    RowState,
    Settings,
)


def hold(row: PlannedRow, reason: HeldReason, sentence: str) -> None:
    """Hold the row; what it would have said is kept as details["otherwise"]."""
    row.details.otherwise = row.reason
    row.state, row.held_reason, row.reason = RowState.HELD, reason, sentence


class RowMaker:
    """Makes the rows of one district's plan."""

    def __init__(
        self,
        district: str,
        settings: Settings,
        shared_emails: frozenset[str],
        taken_ids: set[str],
    ) -> None:
        """Take what all rows depend on; `taken_ids` are the ids of known accounts."""
        self._district = district
        self._settings = settings
        self._titles = TitleRules(settings)
        self._shared_emails = shared_emails
        self._taken_ids = taken_ids
        self._known: dict[
            tuple[Level, tuple[str, ...]], tuple[TitleDecision, str, str]
        ] = {}

    def created(self, placement: Placement) -> PlannedRow:
        """Return the row of somebody who has no account here."""
        person, level, titles = placement.person, placement.level, placement.titles
        decision, zone, reason = self._given(level, titles)
        mail = ""
        if self._settings.sends_invitations:
            shared = person.email_key in self._shared_emails
            mail = explain.no_invitation(person, shared=shared)
            reason = f"{reason} {mail}" if mail else reason
        given = decision.assignment
        # In the order of the fields: by name it would take far longer.
        return PlannedRow(
            Outcome.CREATED,
            level,
            placement.school,
            RowState.PLANNED,
            "",
            "new" if decision.keyword else "default_role",
            reason,
            person.clever_id,
            self._new_id(placement),
            (),
            person.first,
            "" if level is Level.DISTRICT else person.middle,
            person.last,
            decision.title,
            person.email,
            first_id(placement),
            given.job_function,
            given.user_role,
            given.teacher_list,
            given.counselor_list,
            zone,
            "",
            decision.keyword,
            {},
            Details(
                placement.bases,
                decision.also,
                notes=person.notes,
                invites=self._settings.sends_invitations and not mail,
                unmailed=mail,
            ),
            writes=True,
            role_id=self._settings.role_ids.get(given.user_role, 0),
            zone_id=self._settings.district_zone_id if zone else 0,
        )

    def _given(
        self, level: Level, titles: tuple[str, ...]
    ) -> tuple[TitleDecision, str, str]:
        """Return what titles lead to, the zone, and the sentence that says so.

        A hundred thousand people share a few hundred titles.
        """
        known = self._known.get((level, titles))
        if known is None:
            decision = self._titles.decide(level, titles)
            zone = self._settings.district_zone if level is Level.DISTRICT else ""
            known = (decision, zone, explain.created(decision, zone, level))
            self._known[level, titles] = known
        return known

    def matched(self, match: Match) -> PlannedRow:
        """Return the row of a person whose account is active, or comes back."""
        account, person = match.known.account, match.placement.person
        row = self._of_pair(match, Outcome.MATCHED)
        if account.active:
            row.reason = explain.matched(row.changes, row.details.drift)
            row.reason_code = "changes" if row.changes else "no_change"
        elif match.known.stays_inactive:
            return self._deactivated_by_hand(match)
        else:
            row.outcome, row.reason_code = Outcome.REACTIVATED, "back_in_clever"
            row.reason = explain.reactivated(account)
            row.changes = {"status": ["inactive", "active"], **row.changes}
            row.writes = True
        if "email" in row.changes and not is_address(person.email):
            row.reason += f" {' '.join(person.notes)} Mend it in Clever."
        return row

    def relink(self, match: Match) -> PlannedRow:
        """Return the held row of a new Clever id for a known account."""
        row = self._of_pair(match, Outcome.RELINK)
        row.reason_code = "new_clever_id"
        if not match.known.account.active:
            row.changes = {"status": ["inactive", "active"], **row.changes}
        row.reason = explain.relinked(row.changes)
        hold(row, HeldReason.RELINK, explain.relink(match.known.account))
        return row

    def conflict(self, found: Conflict) -> PlannedRow:
        """Return the row of a placement that can't be decided."""
        row = self._of_person(
            found.placement, Outcome.CONFLICT, found.kind, explain.conflict(found)
        )
        row.candidates = tuple(known.id for known in found.candidates)
        row.details.other_people = tuple(near_person(p, ()) for p in found.others)
        return row

    def second_user(self, second: SecondUser) -> PlannedRow:
        """Return the row of a Clever user who is another one by decision."""
        reason = explain.second_user(second.first)
        row = self._of_person(second.placement, Outcome.SKIPPED, "second_user", reason)
        row.matched_by = MatchedBy.DECISION
        return row

    def no_last_name(self, placement: Placement) -> PlannedRow:
        """Return the row of somebody who can't be matched or created."""
        reason = explain.no_last_name(placement.person)
        return self._of_person(placement, Outcome.SKIPPED, "no_last_name", reason)

    def elsewhere(self, absent: Elsewhere) -> PlannedRow:
        """Return the row of a placement that does not count."""
        placement = Placement(absent.person, absent.school, ())
        row = self._of_person(
            placement, Outcome.SKIPPED, absent.why, explain.elsewhere(absent)
        )
        row.level = Level.SCHOOL
        row.details.clever_school = absent.school_name
        return row

    def of_account(
        self, account: Account, outcome: Outcome, code: str, reason: str
    ) -> PlannedRow:
        """Return a row of an account that no person holds: the account's values."""
        row = _of_account(account, outcome, account.clever_id, "", Details())
        row.reason_code, row.reason = code, reason
        if outcome is Outcome.INACTIVE:
            row.changes = {"status": ["active", "inactive"]}
            row.writes = True
        return row

    def _deactivated_by_hand(self, match: Match) -> PlannedRow:
        account = match.known.account
        row = self.of_account(
            account,
            Outcome.SKIPPED,
            "deactivated_by_hand",
            explain.deactivated_by_hand(account),
        )
        row.clever_id = match.placement.person.clever_id
        row.matched_by = match.by
        return row

    def _of_person(
        self, placement: Placement, outcome: Outcome, code: str, reason: str
    ) -> PlannedRow:
        person, titles = placement.person, placement.titles
        # In the order of the fields: by name it would take far longer.
        row = PlannedRow(
            outcome,
            placement.level,
            placement.school,
            RowState.PLANNED,
            "",
            code,
            reason,
            person.clever_id,
            "",
            (),
            person.first,
            person.middle,
            person.last,
            titles[0] if titles else "",
            person.email,
            first_id(placement),
        )
        row.details.bases = placement.bases
        if person.notes:
            row.details.notes = person.notes
        return row

    def _of_pair(self, match: Match, outcome: Outcome) -> PlannedRow:
        """Return the account's values with Clever's in their place."""
        account, placement = match.known.account, match.placement
        person = placement.person
        details = Details(placement.bases, notes=person.notes)
        row = _of_account(account, outcome, person.clever_id, match.by, details)
        for field, old, new in differences(placement, match.known, self._titles):
            if field in account.pinned:
                details.drift += ((field, new),)
                continue
            setattr(row, field, new)
            row.changes[field] = [old or None, new]
        row.writes = bool(row.changes) or account.clever_id != row.clever_id
        return row

    def _new_id(self, placement: Placement) -> str:
        """Return the id of a new account: the same for the same plan."""
        place = f"{self._district}|{placement.school}|{placement.person.clever_id}"
        for attempt in count():
            found = _uuid(f"{place}|{attempt}")
            # An earlier account of this person here may have been untied by an undo.
            if found not in self._taken_ids:
                break
        return found


def _uuid(seed: str) -> str:
    """Return a digest as the text of a UUID of version 8 (RFC 9562)."""
    d = hashlib.blake2b(seed.encode(), digest_size=16).hexdigest()
    return f"{d[:8]}-{d[8:12]}-8{d[13:16]}-a{d[17:20]}-{d[20:]}"


def _of_account(
    account: Account, outcome: Outcome, clever_id: str, by: str, details: Details
) -> PlannedRow:
    """Return a row with the account's values, for or without a person."""
    # In the order of the fields: by name it would take far longer.
    return PlannedRow(
        outcome,
        Level.DISTRICT if account.school is None else Level.SCHOOL,
        account.school,
        RowState.PLANNED,
        "",
        "",
        "",
        clever_id,
        account.id,
        (),
        account.first_name,
        account.middle_name,
        account.last_name,
        account.job_title,
        account.email,
        account.employee_id,
        account.job_function,
        account.user_role,
        account.teacher_list,
        account.counselor_list,
        account.zone,
        by,
        "",
        {},
        details,
        account_revision=account.revision,
        previous_clever_id=account.clever_id,
    )
