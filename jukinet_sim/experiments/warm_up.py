"""A network to the warm-up that `auto` means: MSER-5 on the number of jobs in the system, averaged over a pilot.

The pilot is always replications 0 to 9 of the same seed, however many are asked for, so that every replication of a run
has one warm-up and more of them do not move it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jukinet_sim.base.errors import LimitReached
from jukinet_sim.base.units import format_duration
from jukinet_sim.experiments.interrupts import Interrupted
from jukinet_sim.network.model import Network
from jukinet_sim.results.digest import Part, ReplicationDigest

if TYPE_CHECKING:
    from jukinet_sim.engine.program import Program
    from jukinet_sim.engine.protocol import Replication
    from jukinet_sim.experiments.executors.pieces import Progress
    from jukinet_sim.experiments.replicate import OnDone

PILOT = 10
"""Replications of the pilot."""
BATCH = 5
BATCHES = 400
_ALL = "all flows"
_ROUNDING = 1e-11
"""Differences between batch means below this part of the largest are the rounding of areas, not a transient."""


@dataclass(frozen=True)
class WarmUp:
    """Seconds to leave out at the start, and what to say about it, None where there is nothing to say."""

    seconds: float
    note: str | None = None


def mser_cut(values: Sequence[float]) -> int:
    """Return how many leading values to leave out, at most half: those without which the mean of the rest is best known.

    That is the earliest minimum of the marginal standard error rule's statistic, the variance of the remaining values
    over their number (White 1997, Simulation 69(6)); over means of five it is called MSER-5.
    """
    floor = (_ROUNDING * max(map(abs, values), default=0.0)) ** 2
    found = [_variance(values[cut:]) / (len(values) - cut) for cut in range(len(values) // 2 + 1)] if values else [0.0]
    least = min(found) + floor / max(len(values), 1)
    return next(cut for cut, statistic in enumerate(found) if statistic <= least)


def _variance(values: Sequence[float]) -> float:
    mean = math.fsum(values) / len(values)
    return math.fsum((value - mean) ** 2 for value in values) / len(values)


def find_warm_up(
    network: Network, *, seed: int, engine: str, jobs: int = 1, progress: Progress | None = None, on_done: OnDone | None = None
) -> WarmUp:
    """Run the pilot on a resolved engine and return the warm-up; the same for either engine and any number of jobs.

    A cut that reaches half of the run is taken, with a note that the run is too short. Where a limit stops the pilot,
    as it will stop the run, nothing is left out. Raises Interrupted, LimitReached where memory ran out, and what the
    engine raises.
    """
    from jukinet_sim.experiments.replicate import run_replications

    bin_s = network.horizon_s / (BATCH * BATCHES)
    pilot = replace(
        network, warm_up_s=0.0, warm_up_auto=False, drain=False, series_bin_s=bin_s, focuses=(), busiest_hours=False
    )
    outcome = run_replications(
        pilot, seed=seed, replications=PILOT, engine=engine, jobs=jobs, progress=progress, on_done=on_done,
        summary=number_in_system,
    )  # fmt: skip
    if outcome.interrupted:
        raise Interrupted(outcome.interrupted)
    if any(digest.limit for digest in outcome.digests):
        return WarmUp(0.0, f"the pilot for the warm-up did not come to its end, so nothing is left out: {outcome.limit}")
    if outcome.limit:
        raise LimitReached(f"the pilot for the warm-up did not come to its end: {outcome.limit}")
    cut = mser_cut(batch_means([digest.flows[_ALL].series["in_system"] for digest in outcome.digests]))
    seconds = network.horizon_s * cut / BATCHES
    return WarmUp(seconds, _too_short(seconds) if 2 * cut >= BATCHES else None)


def resolve_warm_up(
    network: Network,
    *,
    seed: int,
    engine: str,
    jobs: int = 1,
    progress: Progress | None = None,
    on_done: OnDone | None = None,
) -> tuple[Network, str | None]:
    """Return a network with its warm-up settled, and a note on that; runs the pilot where it has still to be found.

    Raises as `find_warm_up` does.
    """
    if not network.warm_up_auto:
        return network, None
    found = find_warm_up(network, seed=seed, engine=engine, jobs=jobs, progress=progress, on_done=on_done)
    return replace(network, warm_up_s=found.seconds, warm_up_auto=False), found.note


def batch_means(series: Sequence[Sequence[float]]) -> list[float]:
    """Return the means of five bins at a time of the average over several equally long series."""
    average = [math.fsum(bins) / len(series) for bins in zip(*series, strict=True)]
    return [math.fsum(average[i : i + BATCH]) / BATCH for i in range(0, len(average) - BATCH + 1, BATCH)]


def number_in_system(replication: Replication, program: Program) -> ReplicationDigest:
    """Return a digest that holds nothing but how many jobs of all flows were in the system in each bin, on average."""
    from jukinet_sim.engine.series import Series
    from jukinet_sim.results.summary import digest

    inside: tuple[float, ...] = ()
    if replication.series is not None:
        flows, _, _ = replication.series.arrays()
        if flows.ndim == 3:
            inside = tuple(flows[:, Series.FLOW.index("in_system"), :].sum(axis=1).tolist())
    whole = digest(replace(replication, series=None), program)
    return replace(whole, flows={_ALL: Part(series={"in_system": inside})}, stations={}, pools={})


def _too_short(seconds: float) -> str:
    """Return what to say about a warm-up that reaches half of the run."""
    return (
        f"the run is too short for its warm-up: half of it, {format_duration(seconds)}, is left out, and the number of jobs "
        "may still be drifting; make the run longer, or ask jukinet validate whether the network can keep up"
    )
