import pytest

from staffimport.core import values
from staffimport.models import ImportResult, MatchDecision


@pytest.mark.parametrize(
    ("model", "field", "words"),
    [
        (ImportResult, "outcome", values.Outcome),
        (ImportResult, "state", values.RowState),
        (ImportResult, "held_reason", values.HeldReason),
        (ImportResult, "level", values.Level),
        (ImportResult, "matched_by", values.MatchedBy),
        (MatchDecision, "kind", values.DecisionKind),
    ],
)
def test_every_word_of_the_core_fits_its_column(model, field, words):
    longest = max(words, key=len)

    assert len(longest) <= model._meta.get_field(field).max_length
