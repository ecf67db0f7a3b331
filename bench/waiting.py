"""Child: writes a small row again and again, as pages do, until its input ends."""

import select
import sys
import time

from bench.child import Measured
from schools.audit import Actor, record
from schools.models import District

_PAUSE = 0.02


def main() -> Measured:
    """Measure the longest wait of a write; parts hold how many there were."""
    district = District.objects.get()
    longest, writes = 0.0, 0
    while not select.select([sys.stdin], [], [], _PAUSE)[0]:
        start = time.perf_counter()
        record(district, Actor("Benchmark"), "wrote a row", str(writes))
        longest = max(longest, time.perf_counter() - start)
        writes += 1
    return Measured(longest, parts={"writes": writes})
