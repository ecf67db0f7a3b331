"""Is the district ready? The manual's two "Prepare" lists as checks on the data.

Source: manual, "Prepare Staff Data in Clever" and "Prepare and Import Data".
"""

from staffimport.core.readiness.assessing import assess
from staffimport.core.readiness.checks import Check, Line, Part
from staffimport.core.readiness.manual import PARTS, find_check
from staffimport.core.readiness.values import Concerned, Finding, Standing, worst

__all__ = [
    "PARTS",
    "Check",
    "Concerned",
    "Finding",
    "Line",
    "Part",
    "Standing",
    "assess",
    "find_check",
    "worst",
]
