"""A network to results, and results to the one document, without a scenario file or a run folder: for use from Python."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from jukinet_sim.base.errors import LimitReached
from jukinet_sim.engine.protocol import RULE_VERSION
from jukinet_sim.experiments.plan import choose_engine
from jukinet_sim.experiments.replicate import Outcome, run_replications
from jukinet_sim.experiments.warm_up import resolve_warm_up
from jukinet_sim.network.model import Network
from jukinet_sim.results.document import build_document
from jukinet_sim.results.objectives import Objective


@dataclass(frozen=True)
class Results:
    """What came of running a network: its replications, and the seed they were drawn with."""

    network: Network
    seed: int
    outcome: Outcome


def simulate(
    network: Network, seed: int = 1, *, replications: int = 20, engine: str = "auto", jobs: int = 1
) -> Results:
    """Run replications of a network; the same seed gives the same bits on either engine and any number of processes.

    Raises KeyboardInterrupt where Ctrl-C came before the first replication was done.
    """
    chosen = choose_engine(network, engine, replications)
    network, _ = resolve_warm_up(network, seed=seed, engine=chosen, jobs=jobs)
    outcome = run_replications(network, seed=seed, replications=replications, engine=chosen, jobs=jobs)
    if not outcome.digests and outcome.interrupted:
        raise KeyboardInterrupt
    return Results(network, seed, outcome)


def summarise(results: Results, slo: Iterable[Objective] = ()) -> dict[str, Any]:
    """Return the result document that `jukinet run --json` prints; LimitReached where no replication could be finished."""
    if not results.outcome.digests:
        raise LimitReached(results.outcome.limit or "no replication was finished; run fewer at a time")
    return build_document(
        results.outcome.digests,
        scenario=results.network.name,
        run_hash="",
        seed=results.seed,
        rule_version=RULE_VERSION,
        status=results.outcome.status,
        objectives=slo,
    )
