"""Classes of jobs: when they come, where from, what they do, and how long they bear waiting."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jukinet_sim.chance.distributions import Distribution
from jukinet_sim.network.arrivals import Arrivals, Scheduled
from jukinet_sim.network.floats import Floats
from jukinet_sim.network.places import PlaceLevel
from jukinet_sim.network.steps import Step, Visit, all_steps


@dataclass(frozen=True)
class Retry:
    """Begin again after loss or abandonment: at most `attempts` tries (None: no limit), after back-off x factor^(k-1)."""

    attempts: int | None
    backoff: Distribution
    factor: float = 1.0


@dataclass(frozen=True)
class Flow:
    """A class of jobs. `origin` and `destination` name the place levels drawn for each job, by weight.

    `share`, when given, replaces the level's weights for this flow's origin. `last_job_records`, when given, is what the
    last of an exact count of jobs carries, so that volumes that do not divide evenly still come out exact. A job that
    has not started service within its `patience` leaves the queue; one that has not completed within `timeout` of the
    beginning of this attempt leaves from wherever it is (service included, unless `zombie` work goes on to its end).
    A job that is in the system for more than `due_s`, over all its attempts, is late.
    """

    name: str
    route: tuple[Step, ...]
    arrivals: Arrivals | None = None
    records: int = 1
    last_job_records: int | None = None
    origin: str | None = None
    destination: str | None = None
    share: Floats | None = None
    priority: int = 0
    patience: Distribution | None = None
    timeout: Distribution | None = None
    zombie: bool = False
    retry: Retry | None = None
    due_s: float | None = None
    """A job that takes longer from its arrival to its end is late."""

    def origin_shares(self, level: PlaceLevel, horizon_s: float) -> Floats:
        """Return the part of this flow's jobs that come from each place of `level`, its origin, on average up to a horizon.

        Dated changes of places count by the time that they hold.
        """
        weights = level.weights if self.share is None else self.share
        places = self.arrivals.places if isinstance(self.arrivals, Scheduled) else ()
        drawn = level.moved(weights, horizon_s)
        if not places:
            return drawn
        assert isinstance(self.arrivals, Scheduled)  # others give no places
        every = np.array(places, dtype=np.intp)
        there = level.given(every, self.arrivals.at_s) if level.changes else every
        given = there[there >= 0]
        return (np.bincount(given, minlength=level.count) + (len(places) - len(given)) * drawn) / len(places)


def keeps_servers(flow: Flow) -> bool:
    """Tell whether jobs of a flow keep servers after service."""
    return any(isinstance(step, Visit) and step.hold for step in all_steps(flow.route))
