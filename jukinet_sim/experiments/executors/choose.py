"""From `--jobs` and `--on` to an executor."""

from __future__ import annotations

import os
from collections.abc import Callable

from jukinet_sim.experiments.executors.here import Here
from jukinet_sim.experiments.executors.pieces import Executor


def cores() -> int:
    """Return how many processes this one may run at a time."""
    return len(os.sched_getaffinity(0))


def make_executor(jobs: int, on: str | None = None, check: Callable[[], None] | None = None) -> Executor:
    """Return an executor of so many local processes (with one, everything is done here), or on a cluster.

    `check` is called now and then where work is done in this process, and may raise. Raises UsageError as `Cluster` does.
    """
    if on is not None:
        from jukinet_sim.experiments.executors.cluster import Cluster

        return Cluster(on)
    if jobs == 1:
        return Here(check)
    from jukinet_sim.experiments.executors.local import LocalProcesses

    return LocalProcesses(jobs)
