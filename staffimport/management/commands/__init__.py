"""What people script against: running imports and reading their results."""
