"""Tests of the project's own modules."""
