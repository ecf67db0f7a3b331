"""A client of the stand-in, all its lists, and what a roster should read like."""

import msgspec

from clever import decoding
from clever.client import Client
from clever.standin.rosters import build_roster
from clever.standin.wire import Maker
from clever.transport import Patience

MAPLE = Maker(1, "maplevalley.example")
ROLES = ("teacher", "staff", "district_admin")
QUICK = Patience(read_timeout=5, retries=2, rereads=1, backoff=0)


def client_of(standin, *, sleep=lambda _: None, patience=QUICK, **options):
    """Return a client of the stand-in's first district that never really waits."""
    return Client(
        standin.token,
        base_url=standin.url,
        sleep=sleep,
        patience=patience,
        **options,
    )


def as_sent(decoder, records):
    """Return a roster's own records as the client gives them, ascending by id."""
    read = [decoder.record(msgspec.json.encode(record)) for record in records]
    return sorted(read, key=lambda record: record.id)


def lists(client):
    return {
        "schools": list(client.schools()),
        **{role: list(client.users(role)) for role in ROLES},
        "sections": list(client.sections()),
    }


def expected_lists(name):
    roster = build_roster(name)
    users = list(roster.users)
    return {
        "schools": as_sent(decoding.SCHOOLS, roster.schools),
        **{
            role: as_sent(
                decoding.USERS,
                [user for user in users if user["roles"].get(role) is not None],
            )
            for role in ROLES
        },
        "sections": as_sent(decoding.SECTIONS, roster.sections),
    }
