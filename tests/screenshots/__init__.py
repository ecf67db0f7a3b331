"""Makes the admin guide's screenshots: `make screenshots`."""
