"""Answers to what support asks about a run: a replay, and a redacted bundle.

Both plan the run once more, from what it pulled and as settings, decisions and accounts
are by now, and write nothing of the district.
"""
