"""What the pages of districts and schools read: selections, no writing."""
