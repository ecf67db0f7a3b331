"""Tests of the schools app."""
