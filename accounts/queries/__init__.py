"""What pages read about accounts: selections, no writing."""
