"""Leaving: a district is disconnected, takes its data along, comes back or is deleted.

The rules are in `schools.leaving`, what becomes of people in `accounts.services`; here
is what takes all of the apps: `verbs`, `files` and `export` of the data, `pages` of the
district, `support` for the Django admin.
"""
