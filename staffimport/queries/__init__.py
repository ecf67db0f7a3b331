"""What the pages of the import read: runs, their rows, what waits."""
