"""What people script against: loading staff, and inviting them."""
