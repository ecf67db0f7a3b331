"""Clever's API for any program: districts, schools, people and sections as values."""
