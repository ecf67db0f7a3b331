"""What people ask for about districts and schools: verbs that write, and their audit.

By subject: `districts`, `clever_schools`, `matches`, `loading`. What can't be done
raises `schools.errors.RefusedError`, whose sentence is for people.
"""
