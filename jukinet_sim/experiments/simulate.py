"""A network to results, and results to the one document, without a run folder: for use from Python."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from jukinet_sim.base.errors import LimitReached
from jukinet_sim.engine.protocol import RULE_VERSION
from jukinet_sim.experiments.plan import choose_engine
from jukinet_sim.experiments.replicate import Outcome, run_replications
from jukinet_sim.experiments.warm_up import resolve_warm_up
from jukinet_sim.language.slo import Slo
from jukinet_sim.network.model import Network
from jukinet_sim.results.document import build_document
from jukinet_sim.results.shape import Document
from jukinet_sim.scenario.compile import compile_network
from jukinet_sim.scenario.loaded import Loaded
from jukinet_sim.scenario.schema import Scenario

REPLICATIONS = 20
"""Replications of a network that no scenario says more about."""


@dataclass(frozen=True)
class Results:
    """What came of running a network: its replications, the seed they were drawn with, and the scenario it came from."""

    network: Network
    seed: int
    outcome: Outcome
    scenario: Scenario | None = None


def simulate(
    network: Network | Loaded,
    seed: int | None = None,
    *,
    replications: int | None = None,
    engine: str | None = None,
    jobs: int = 1,
) -> Results:
    """Run replications of a network; the same seed gives the same bits on either engine and any number of processes.

    A loaded scenario is compiled and run as its `run` says, unless told otherwise here; a network with seed 1 and 20
    replications on the engine that suits it. Raises ScenarioError where a scenario cannot be compiled, and
    KeyboardInterrupt where Ctrl-C came before the first replication was done.
    """
    scenario = network.scenario if isinstance(network, Loaded) else None
    run = None if scenario is None else scenario.run
    seed = seed if seed is not None else 1 if run is None else run.seed
    replications = replications if replications is not None else REPLICATIONS if run is None else run.replications
    named = engine if engine is not None else "auto" if run is None else run.engine
    if isinstance(network, Loaded):
        network = compile_network(network)
    chosen = choose_engine(network, named, replications)
    network, _ = resolve_warm_up(network, seed=seed, engine=chosen, jobs=jobs)
    outcome = run_replications(network, seed=seed, replications=replications, engine=chosen, jobs=jobs)
    if not outcome.digests and outcome.interrupted:
        raise KeyboardInterrupt
    return Results(network, seed, outcome, scenario)


def summarise(results: Results, slo: Iterable[Slo] | None = None) -> Document:
    """Return the result document that `jukinet run --json` prints, with the scenario's measures and service levels.

    Other service levels may be given instead. Raises LimitReached where no replication could be finished, UsageError for
    a service level about a part that the network does not have.
    """
    if not results.outcome.digests:
        raise LimitReached(results.outcome.limit or "no replication was finished; run fewer at a time")
    scenario = results.scenario
    return build_document(
        results.outcome.digests,
        scenario=results.network.name,
        run_hash="",
        seed=results.seed,
        rule_version=RULE_VERSION,
        status=results.outcome.status,
        slo=slo if slo is not None else () if scenario is None else scenario.slo,
        measures=None if scenario is None else scenario.measures,
        outputs=() if scenario is None else scenario.outputs,
        columns=None if scenario is None else scenario.monthly,
        record=() if scenario is None else scenario.record,
        first_day=None if scenario is None or scenario.run.period is None else scenario.run.period.first_day,
    )
