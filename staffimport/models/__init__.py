"""Settings, runs and their progress, results, snapshots, decisions and drift."""

from staffimport.models.drift import FieldDrift
from staffimport.models.results import ImportResult, MatchDecision
from staffimport.models.runs import ImportRun, RosterSnapshot, RunProgress
from staffimport.models.settings import ImportSettings, TitleKeyword

__all__ = [
    "FieldDrift",
    "ImportResult",
    "ImportRun",
    "ImportSettings",
    "MatchDecision",
    "RosterSnapshot",
    "RunProgress",
    "TitleKeyword",
]
