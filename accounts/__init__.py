"""Who has an account, with which role and zone, how they sign in, what they may."""
