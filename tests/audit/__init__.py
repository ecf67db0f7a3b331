"""That what people do is in the audit trail: a table of deeds, and a test for each."""
