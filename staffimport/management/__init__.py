"""Commands of the staffimport app."""
