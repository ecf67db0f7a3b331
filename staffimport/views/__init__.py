"""The pages of the import: runs, their results, and what people do there."""
