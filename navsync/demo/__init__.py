"""The demo: a district imported from a stand-in for Clever, then the console."""
