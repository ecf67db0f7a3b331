"""Child: an empty database becomes that of a district before its first import."""

from pathlib import Path

from django.core.management import call_command
from django.db import connection

from bench.child import Measured
from bench.floor import fetch
from navsync.demo.stage import set_up_district


def main(folder: str, clever_id: str, token: str) -> Measured:
    """Migrate, and load the Naviance side in `folder` by the product's own commands."""
    measured = Measured()
    with measured.clock():
        call_command("migrate", interactive=False, verbosity=0)
        set_up_district(Path(folder), clever_id, token)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    fetch(token)  # the stand-in takes longer over a list when it is first asked
    return measured
