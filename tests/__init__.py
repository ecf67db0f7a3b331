"""Tests of the whole system, and what all tests share."""
