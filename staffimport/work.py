"""One run being carried out: how far it is, how long it took, what is read once."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from schools.models import District
from staffimport.core.people import Roster, read_roster
from staffimport.core.planning import PlanInput
from staffimport.core.snapshot import Snapshot
from staffimport.models import ImportRun
from staffimport.progress import Progress
from staffimport.store import earlier, load

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Work:
    """One run being carried out; `timings` are its steps' seconds by name."""

    run: ImportRun
    progress: Progress
    timings: dict[str, float] = field(default_factory=dict)
    _roster: Roster | None = None
    _review: earlier.Review | None = None

    @property
    def district(self) -> District:
        """The run's district."""
        return self.run.district

    def people(self, snapshot: Snapshot) -> Roster:
        """Return the people of the run's snapshot, which are read once."""
        if self._roster is None:
            self._roster = read_roster(snapshot)
        return self._roster

    def given(
        self, snapshot: Snapshot, previous_counts: dict[str, int] | None
    ) -> PlanInput:
        """Return what a plan depends on; what was reviewed is read once a run."""
        if self._review is None:
            self._review = earlier.review(self.run, load.base_test(self.run))
        return load.plan_input(self.run, snapshot, previous_counts, self._review)

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Keep the seconds that the block takes."""
        start = time.perf_counter()
        yield
        self.timings[name] = round(time.perf_counter() - start, 3)
        logger.info(
            "Run %s of %s: %s took %.3f s.",
            self.run.pk,
            self.district.slug,
            name,
            self.timings[name],
        )
