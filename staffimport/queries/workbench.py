"""What the title workbench shows: titles of the newest pull, and what is new there."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

import msgspec
from django.core.cache import cache
from django.db.models import Count, Max, Sum

from schools.models import District
from staffimport.core.titles import TitleRules
from staffimport.core.values import Level
from staffimport.core.workbench import TitleCount, count_titles
from staffimport.models import ImportSettings, RosterSnapshot
from staffimport.notices import NEW_TITLES
from staffimport.store import load, snapshots
from staffimport.store.settings import read_settings

# A workbench is left open for a day at most; a new pull or edit makes a new key.
_KEPT_SECONDS = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Titles:
    """The titles of a roster, when it was pulled, and those nobody has seen yet."""

    counts: list[TitleCount]
    pulled_at: datetime
    new: frozenset[str]

    @property
    def number(self) -> int:
        """Return how many distinct titles there are."""
        return len({title for count in self.counts for title in count.titles})


def titles_now(district: District, settings: ImportSettings) -> Titles | None:
    """Return the titles of the district's newest pull; None before the first.

    Places and counts are those of the saved settings. What they come to is kept per
    snapshot, matches, decisions and state of the accounts, so that an edited keyword
    costs no more than the keywords themselves.
    """
    newest = district.snapshots.defer("blob", "readiness_people").first()
    if newest is None:
        return None
    key = _key(district, settings, newest)
    kept = cache.get(key)
    if kept is None:
        kept = msgspec.msgpack.encode(_count(district, settings, newest))
        cache.set(key, kept, _KEPT_SECONDS)
    counts = msgspec.msgpack.decode(kept, type=list[TitleCount])
    return Titles(counts, newest.taken_at, _new(district, settings))


def unmapped_new_titles(district: District) -> list[str]:
    """Return the titles in Clever that are new and that no saved keyword fits."""
    stored = ImportSettings.objects.filter(district=district).first()
    new = _new(district, stored) if stored else frozenset()
    if stored is None or not new:
        return []
    held = snapshots.latest_titles(district) or frozenset()
    rules = TitleRules(read_settings(district, stored))
    return sorted(
        title
        for title in new & held
        if not any(rules.decide(level, (title,)).keyword for level in Level)
    )


def _count(
    district: District, settings: ImportSettings, newest: RosterSnapshot
) -> list[TitleCount]:
    return count_titles(
        snapshots.load(newest),
        load.places(district, settings),
        list(load.accounts(district, load.in_scope(district, settings))),
        load.decisions(district),
        teacher_fallback=settings.teacher_fallback,
    )


def _key(district: District, settings: ImportSettings, newest: RosterSnapshot) -> str:
    """Return a key that differs as soon as anything the counts depend on does."""
    accounts = district.staff_accounts.aggregate(
        number=Count("pk"), edits=Sum("revision"), last=Max("updated_at")
    )
    depends_on = (
        newest.pk,
        settings.teacher_fallback,
        load.places(district, settings),
        load.decisions(district),
        [str(accounts[name]) for name in ("number", "edits", "last")],
    )
    digest = hashlib.sha256(msgspec.msgpack.encode(depends_on)).hexdigest()
    return f"titles-{district.pk}-{digest}"


def _new(district: District, settings: ImportSettings) -> frozenset[str]:
    """Return the titles first seen since somebody last saved the settings."""
    runs = district.import_runs.order_by("-pk")
    if settings.saved_at is not None:
        runs = runs.filter(pulled_at__gt=settings.saved_at)
    found: set[str] = set()
    for notices in runs.values_list("notices", flat=True)[:50]:
        for notice in notices:
            if notice["kind"] == NEW_TITLES:
                found.update(notice.get("titles", ()))
    return frozenset(found)
