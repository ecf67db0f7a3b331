"""Import settings, runs and their progress, results, snapshots and decisions."""

from staffimport.models.results import ImportResult, MatchDecision
from staffimport.models.runs import ImportRun, RosterSnapshot, RunProgress
from staffimport.models.settings import ImportSettings, TitleKeyword

__all__ = [
    "ImportResult",
    "ImportRun",
    "ImportSettings",
    "MatchDecision",
    "RosterSnapshot",
    "RunProgress",
    "TitleKeyword",
]
