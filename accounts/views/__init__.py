"""Pages of accounts and of signing in that allauth doesn't have."""
