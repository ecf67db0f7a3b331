"""Settings, runs, results, snapshots, decisions, drift, exports and inquiries."""

from staffimport.models.departure import DistrictExport, ExportPart
from staffimport.models.drift import FieldDrift
from staffimport.models.inquiries import Inquiry
from staffimport.models.results import ImportResult, MatchDecision
from staffimport.models.runs import ImportRun, RosterSnapshot, RunProgress
from staffimport.models.settings import ImportSettings, TitleKeyword
from staffimport.models.summaries import RunComparison, RunSummary

__all__ = [
    "DistrictExport",
    "ExportPart",
    "FieldDrift",
    "ImportResult",
    "ImportRun",
    "ImportSettings",
    "Inquiry",
    "MatchDecision",
    "RosterSnapshot",
    "RunComparison",
    "RunProgress",
    "RunSummary",
    "TitleKeyword",
]
