"""What each list of the filter offers: only what occurs in the run."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import QueryDict

from staffimport.models import ImportResult, ImportRun
from staffimport.queries import words
from staffimport.queries.facets import Facets, school_names
from staffimport.queries.filters import DISTRICT_LEVEL, NO_KEYWORD

Choice = tuple[str, str]
AT_DISTRICT = (DISTRICT_LEVEL, "District level")
ON = "true"


@dataclass(frozen=True, slots=True)
class Choices:
    """Lists of (value, word) for school, way of matching, keyword and reason."""

    school: list[Choice]
    matched_by: list[Choice]
    keyword: list[Choice]
    reason: list[Choice]

    def named(self, filters: QueryDict) -> Iterator[tuple[str, str, str]]:
        """Yield each filter that is on as its field, its name and its value in words.

        What the filter doesn't know is left out, as it is in the rows.
        """
        outcomes = [(o.value, str(o.label)) for o in ImportResult.Outcome]
        states = [(s.value, str(s.label)) for s in ImportResult.State]
        typed = [(filters.get("q", ""), f"“{filters.get('q', '')}”")]
        on = [(ON, "yes")]
        for field, name, choices in (
            ("outcome", "Outcome", outcomes),
            ("state", "State", states),
            ("q", "Search", typed),
            ("school", "School", self.school),
            ("matched_by", "Matched by", self.matched_by),
            ("keyword", "Keyword", self.keyword),
            ("reason", "Reason", self.reason),
            ("changed", "Matched and changed", on),
            ("emailed", "Will be e-mailed", on),
        ):
            value = filters.get(field, "")
            word = dict(choices).get(value) if value else None
            if word is not None:
                yield field, name, word


def choices_of(run: ImportRun, found: Facets, held: set[str]) -> Choices:
    """Return what occurs in a run; `held` are the reasons rows are held for now."""
    schools = school_names(run.district_id, found)
    keywords = sorted(keyword for keyword in found.keywords if keyword)
    none = [(NO_KEYWORD, "no keyword (default)")] if found.keywords[""] else []
    reasons = [(code, words.reason(code)) for code in {*found.reasons, *held} if code]
    return Choices(
        school=[AT_DISTRICT, *((str(pk), name) for pk, name in schools.items())],
        matched_by=[
            (str(by), word)
            for by, word in words.MATCHED_BY.items()
            if found.matched_by[by]
        ],
        keyword=[*((keyword, keyword) for keyword in keywords), *none],
        reason=sorted(reasons, key=lambda choice: choice[1]),
    )
