"""A district's import settings as values: as a file, as a form, how they differ."""
