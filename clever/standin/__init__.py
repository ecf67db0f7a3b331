"""Clever on loopback, for the demo, the tests and the benchmarks.

In a test: `with Standin(roster="small") as standin: ...` (see `clever.standin.server`).
In a shell: `python -m clever.standin --port 0 --roster demo`. Faults are described in
`clever.standin.faults`, roster changes in `clever.standin.changes`, rosters in
`clever.standin.rosters`, sign-in in `clever.standin.signin`. The product itself never
imports this package.
"""

from clever.standin.server import Standin

__all__ = ["Standin"]
