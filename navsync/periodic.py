"""What beat starts, and how often.

Copied into the database, where support may change it. Each message expires before the
task's next turn, or beat without a worker piles them up.
"""

from celery.schedules import crontab

BEAT_SCHEDULE = {
    "Sync the districts past their first final import": {
        "task": "staffimport.tasks.sync_due_districts",
        "schedule": crontab(minute="0", hour="*/4"),
        "options": {"expire_seconds": 3600},
    },
    "Check the districts that have just connected": {
        "task": "staffimport.tasks.check_new_districts",
        "schedule": 60.0,
        "options": {"expire_seconds": 50},
    },
    "Find runs whose worker died and start queued ones": {
        "task": "staffimport.tasks.sweep_runs",
        "schedule": 60.0,
        "options": {"expire_seconds": 50},
    },
    "Look for districts that connected in Clever": {
        "task": "accounts.tasks.look_for_requests",
        "schedule": 600.0,
        "options": {"expire_seconds": 550},
    },
    "Launch the districts whose date is here": {
        "task": "schools.tasks.launch_districts",
        "schedule": 600.0,
        "options": {"expire_seconds": 550},
    },
    # Each hour, because it is morning in one time zone after another.
    "Remind districts of their launch": {
        "task": "accounts.tasks.remind_of_launches",
        "schedule": crontab(minute="10"),
        "options": {"expire_seconds": 3000},
    },
    "Tell districts that they are launched or late": {
        "task": "accounts.tasks.tell_of_launches",
        "schedule": 600.0,
        "options": {"expire_seconds": 550},
    },
    "Send mails that are left": {
        "task": "accounts.tasks.send_waiting_mails",
        "schedule": 300.0,
        "options": {"expire_seconds": 250},
    },
    "Send invitations that are due": {
        "task": "accounts.tasks.sweep_invitations",
        "schedule": 60.0,
        "options": {"expire_seconds": 50},
    },
    "End visits whose time is up": {
        "task": "accounts.tasks.end_overdue_visits",
        "schedule": 300.0,
        "options": {"expire_seconds": 250},
    },
    "Write the data of districts that leave": {
        "task": "navsync.tasks.make_missing_exports",
        "schedule": 600.0,
        "options": {"expire_seconds": 550},
    },
    "Delete districts that left": {
        "task": "navsync.tasks.delete_departed_districts",
        "schedule": crontab(minute="15", hour="4"),
        "options": {"expire_seconds": 6 * 3600},
    },
    "Remove old snapshots": {
        "task": "staffimport.tasks.clean_snapshots",
        "schedule": crontab(minute="30", hour="3"),
        "options": {"expire_seconds": 6 * 3600},
    },
}
