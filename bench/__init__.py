"""Measures imports against the least they could take, and against other tools."""
