"""Commands of the schools app."""
