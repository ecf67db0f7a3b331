"""Database ↔ core: load what a plan needs, store results, apply, undo.

Everything here starts at one district and opens its own transactions.
"""
