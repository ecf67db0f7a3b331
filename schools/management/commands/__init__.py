"""What people script against: loading and matching schools."""
