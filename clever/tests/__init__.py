"""Tests of the Clever client library."""
