"""What people ask the import for; every deed is checked, done and put on record."""
