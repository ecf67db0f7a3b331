"""Signing in with Clever: allauth's Clever provider, as Clever's facts demand it.

allauth keeps the state of a sign-in, compares it, replaces whoever is signed in and
signs in, with the second factor of those who have one. Ours is what it lacks: logins
from Clever's portal, which come without a state; accounts found by Clever id and
district; typed errors of Clever; and pages that say what to do.
"""
