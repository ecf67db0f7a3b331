"""The statements that turn stored results into accounts, each for all rows at once.

They run on SQLite and PostgreSQL alike. The rows are those of one run that write and
are in the state `%(state)s`; `%(run)s` and `%(district)s` are primary keys, `%(since)s`
is when the run began: an account changed later is not as the plan knew it.
"""

# ruff: noqa: S608 - put together from the constants of this module alone.

# PostgreSQL takes rows it has not analyzed yet for a handful, and would join 100,000 of
# them one by one, in minutes instead of in a second.
JOIN_BY_HASH = "SET LOCAL enable_nestloop = off"
JOIN_AS_USUAL = "SET LOCAL enable_nestloop TO DEFAULT"

_ROWS = "r.run_id = %(run)s AND r.state = %(state)s AND r.writes"
_TIES = "r.outcome IN ('created', 'matched', 'reactivated', 'relink', 'inactive')"

# `a` holds the tie that row `r` gives to another account of the same place. Written so
# that each finds the unique index of its kind of place.
_HOLDS_TIE = (
    "a.school_id = r.school_id AND a.clever_id = r.clever_id "
    "AND NOT (a.clever_id = '') AND a.id <> r.account_id",
    "a.district_id = %(district)s AND a.school_id IS NULL AND r.school_id IS NULL "
    "AND a.clever_id = r.clever_id AND NOT (a.clever_id = '') "
    "AND a.id <> r.account_id",
)

_HOLD = f"""
UPDATE staffimport_importresult AS r
SET state = 'held', held_reason = 'edited', gets_invitation = FALSE,
    resolved_at = NULL, resolved_by = '',
    reason = %(edited)s || r.reason
WHERE {_ROWS} AND """

# 1. Rows whose account is not as the plan knew it.
HOLD_EDITED = (
    _HOLD
    + """r.outcome <> 'created' AND NOT EXISTS (
    SELECT 1 FROM accounts_staffaccount AS a
    WHERE a.id = r.account_id AND a.district_id = %(district)s
      AND a.revision = r.account_revision)""",
    _HOLD
    + """r.outcome = 'created' AND EXISTS (
    SELECT 1 FROM accounts_staffaccount AS a WHERE a.id = r.account_id)""",
    *(
        _HOLD
        + f"""{_TIES} AND EXISTS (
    SELECT 1 FROM accounts_staffaccount AS a
    WHERE {holds_tie} AND a.updated_at >= %(since)s)"""
        for holds_tie in _HOLDS_TIE
    ),
)


def _is_unknown(column: str, table: str) -> str:
    return (
        f"NOT (r.{column} = '' OR r.{column} IN "
        f"(SELECT name FROM {table} WHERE district_id = %(district)s))"
    )


# New accounts whose role or zone has another name by now, or is gone: without it the
# account would get no role, or access to every school.
HOLD_UNKNOWN = (
    _HOLD.replace("%(edited)s", "%(renamed)s")
    + f"""r.outcome = 'created' AND (
    {_is_unknown("job_function", "accounts_jobfunction")}
    OR {_is_unknown("user_role", "accounts_userrole")}
    OR {_is_unknown("zone", "accounts_zone")})"""
)

# 2. Ties that move are cut first: a Clever id is unique at its place at all times.
CUT_TIES = tuple(
    f"""
UPDATE accounts_staffaccount AS a
SET clever_id = '', revision = a.revision + 1, updated_at = %(now)s
FROM staffimport_importresult AS r
WHERE {_ROWS} AND {_TIES} AND {holds_tie}"""
    for holds_tie in _HOLDS_TIE
)
# A row that waits fits its account all the same: nobody has edited it.
FIT_WAITING = """
UPDATE staffimport_importresult AS r
SET account_revision = a.revision,
    clever_id = CASE r.outcome WHEN 'inactive' THEN '' ELSE r.clever_id END
FROM accounts_staffaccount AS a
WHERE r.run_id = %(run)s AND r.state IN ('held', 'dismissed', 'superseded')
  AND NOT r.state = 'superseded' AND a.id = r.account_id
  AND NOT (r.previous_clever_id = '') AND a.clever_id = ''
  AND a.updated_at = %(now)s AND a.revision = r.account_revision + 1"""
# An account that is archived while its tie goes to another has none afterwards.
NOTE_CUT_TIES = f"""
UPDATE staffimport_importresult AS r SET clever_id = ''
WHERE {_ROWS} AND r.outcome = 'inactive' AND NOT (r.clever_id = '') AND EXISTS (
    SELECT 1 FROM accounts_staffaccount AS a
    WHERE a.id = r.account_id AND a.clever_id = '')"""

# 3. Accounts that are there already. Role, function, lists and zone stay.
UPDATE = f"""
UPDATE accounts_staffaccount AS a
SET first_name = r.first_name, middle_name = r.middle_name, last_name = r.last_name,
    job_title = r.job_title, email = r.email, employee_id = r.employee_id,
    clever_id = r.clever_id, search_text = r.search_text,
    status = CASE r.outcome WHEN 'matched' THEN a.status
        WHEN 'inactive' THEN 'inactive' ELSE 'active' END,
    inactive_cause = CASE r.outcome WHEN 'matched' THEN a.inactive_cause
        WHEN 'inactive' THEN 'run' ELSE '' END,
    inactive_at = CASE r.outcome WHEN 'matched' THEN a.inactive_at
        WHEN 'inactive' THEN %(now)s END,
    inactive_by = CASE r.outcome WHEN 'matched' THEN a.inactive_by
        WHEN 'inactive' THEN %(label)s ELSE '' END,
    revision = a.revision + 1, updated_at = %(now)s
FROM staffimport_importresult AS r
WHERE {_ROWS} AND a.id = r.account_id AND a.district_id = %(district)s
  AND r.outcome IN ('matched', 'reactivated', 'relink', 'inactive')"""

# 4. New ones.
INSERT = f"""
INSERT INTO accounts_staffaccount (
    id, district_id, school_id, clever_id, first_name, middle_name, last_name,
    job_title, email, employee_id, job_function_id, user_role_id, teacher_list,
    counselor_list, zone_id, status, inactive_cause, inactive_by, origin,
    pinned_fields, search_text, revision, created_at, updated_at)
SELECT r.account_id, %(district)s, r.school_id, r.clever_id, r.first_name,
    r.middle_name, r.last_name, r.job_title, r.email, r.employee_id, f.id, u.id,
    r.teacher_list, r.counselor_list, z.id, 'active', '', '', 'import', '[]',
    r.search_text, 1, %(now)s, %(now)s
FROM staffimport_importresult AS r
LEFT JOIN accounts_jobfunction AS f
    ON f.district_id = %(district)s AND f.name = r.job_function
LEFT JOIN accounts_userrole AS u
    ON u.district_id = %(district)s AND u.name = r.user_role
LEFT JOIN accounts_zone AS z ON z.district_id = %(district)s AND z.name = r.zone
WHERE {_ROWS} AND r.outcome = 'created'"""

# 5. Whom they are mailed to: a person once, however many the accounts.
INVITE = f"""
INSERT INTO accounts_invitation (
    district_id, account_id, person, email, state, created_at)
SELECT %(district)s, r.account_id, r.clever_id, r.email, 'waiting', %(now)s
FROM staffimport_importresult AS r
WHERE {_ROWS} AND r.outcome = 'created' AND r.gets_invitation
ON CONFLICT (district_id, person) DO NOTHING"""

# 6. What was approved row by row, and is done.
MARK_APPLIED = f"""
UPDATE staffimport_importresult AS r SET state = 'applied' WHERE {_ROWS}"""
