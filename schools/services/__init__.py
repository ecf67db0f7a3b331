"""What people ask for about districts and schools: verbs that write, and their audit.

By subject: `districts`, `requests`, `lifecycle`, `setting_up`, `due_launches`,
`tokens`, `clever_schools`, `matches`, `match_list`, `loading`. What can't be done
raises `schools.errors.RefusedError`, whose sentence is for people.
"""

from schools.services.clever_schools import record_clever_schools
from schools.services.districts import create_district
from schools.services.lifecycle import activate_district, launch_district
from schools.services.loading import load_schools
from schools.services.match_list import list_matches
from schools.services.matches import (
    edit_matches,
    find_matches,
    match_automatically,
    reset_match,
    set_match,
)

__all__ = [
    "activate_district",
    "create_district",
    "edit_matches",
    "find_matches",
    "launch_district",
    "list_matches",
    "load_schools",
    "match_automatically",
    "record_clever_schools",
    "reset_match",
    "set_match",
]
