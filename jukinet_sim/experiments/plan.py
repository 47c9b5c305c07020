"""What a run will cost before anything runs: jobs, visits, events, time and memory, from the traffic equations.

Time and memory are estimates; the speeds they rest on are stated here and shown with them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from jukinet_sim.base.errors import ScenarioError
from jukinet_sim.engine import layout as L
from jukinet_sim.engine.choose import EngineName, resolve
from jukinet_sim.experiments.executors.choose import cores
from jukinet_sim.experiments.warm_up import PILOT
from jukinet_sim.language.run import AUTO
from jukinet_sim.network.model import Network
from jukinet_sim.scenario.loaded import Loaded
from jukinet_sim.theory.pools import pools_asked
from jukinet_sim.theory.traffic import StationLoad, expected_events, expected_visits, offered
from jukinet_sim.theory.work import arrivals_per_s

VISITS_PER_S: dict[EngineName, float] = {"fast": 8e6, "reference": 4e4}
"""Visits per second of one process on one core of a 2020s machine; assumed, plausible range a third to three times that."""
START_S: dict[EngineName, float] = {"fast": 1.5, "reference": 1.0}
"""Seconds until the first event, compiled code taken from its cache; assumed."""
BASE_BYTES = 160e6
"""Memory of a process that has loaded its libraries and simulated nothing; assumed."""
_WORTH_PROCESSES_S = 4.0
"""A run shorter than this is over before further processes have started."""
_JOB_BYTES = 8 * L.JOB_HEADER + 96
_ROW_BYTES = 104
"""A visit row as the engine keeps it, and its outcome as a word while it is written."""


@dataclass(frozen=True)
class FlowPlan:
    """What one flow brings over one replication; `jobs` is None for a flow that only others spawn."""

    flow: str
    jobs: float | None
    visits: float
    events: float


@dataclass(frozen=True)
class Plan:
    """Expectations for a whole run: `visits` and `events` over all replications, `memory_bytes` over all processes."""

    flows: tuple[FlowPlan, ...]
    replications: int
    engine: EngineName
    jobs: int
    visits: float
    events: float
    seconds: float
    memory_bytes: float
    unstable: tuple[str, ...]
    short: tuple[str, ...] = ()
    """Pools and buckets, by kind and name, that are asked for more tokens than they have."""
    endless: str | None = None
    """Why nothing can be expected: jobs that never leave, or that bring others without end. Expectations are infinite then."""

    @property
    def doubts(self) -> tuple[str, ...]:
        """What is legal, but seldom meant: queues that grow to the end of the run."""
        grows = "its queue grows to the end of the run"
        endless = () if self.endless is None else (f"{self.endless}; the run ends at its horizon or, more likely, at a limit",)
        overloaded = (f"{station} is offered more work than it can do; {grows}" for station in self.unstable)
        return (*endless, *overloaded, *(f"{pool} is asked for more tokens than it has; {grows}" for pool in self.short))


def choose_engine(network: Network, name: str, replications: int) -> EngineName:
    """Return the engine that `auto` means for so many replications, or the one that is named."""
    try:
        return resolve(name, math.fsum(expected_visits(network).values()) * replications)
    except ScenarioError:
        return resolve(name, math.inf)


def planned(loaded: Loaded, network: Network, jobs: int | None, *, at_least: int = 1) -> Plan:
    """Return the plan of a run of `at_least` so many replications; where no `jobs` are given, on all cores if that pays."""
    run = loaded.scenario.run

    def on(processes: int) -> Plan:
        return make_plan(
            network, engine=run.engine, replications=max(run.replications, at_least), jobs=processes,
            keep_rows=run.records == "visits", pilot=PILOT if run.warm_up == AUTO else 0,
        )  # fmt: skip

    if jobs is not None:
        return on(jobs)
    alone = on(1)
    return on(cores()) if alone.seconds > _WORTH_PROCESSES_S else alone


def make_plan(
    network: Network, *, engine: str, replications: int, jobs: int, keep_rows: bool = False, pilot: int = 0
) -> Plan:
    """Estimate a run on `jobs` processes, with so many replications of a pilot before it."""
    try:
        return _estimate(network, engine=engine, replications=replications, jobs=jobs, keep_rows=keep_rows, pilot=pilot)
    except ScenarioError as error:
        what = "; ".join(fault.what for fault in error.faults)
        chosen, jobs = resolve(engine, math.inf), min(jobs, max(replications, pilot))
        return Plan((), replications, chosen, jobs, math.inf, math.inf, math.inf, math.inf, (), endless=what)


def _estimate(
    network: Network, *, engine: str, replications: int, jobs: int, keep_rows: bool, pilot: int
) -> Plan:
    """Estimate a run whose jobs all leave some time; raises ScenarioError where they do not."""
    visits, events, arriving = expected_visits(network), expected_events(network), arrivals_per_s(network)
    flows = tuple(
        FlowPlan(
            flow.name,
            None if flow.arrivals is None else arriving[flow.name] * network.horizon_s,
            visits[flow.name],
            events[flow.name],
        )
        for flow in network.flows
    )
    once = math.fsum(visits.values())
    chosen = resolve(engine, once * replications)
    jobs = min(jobs, max(replications, pilot))
    rounds = math.ceil(replications / jobs) + math.ceil(pilot / jobs)
    loads, pools = offered(network), pools_asked(network)
    return Plan(
        flows=flows,
        replications=replications,
        engine=chosen,
        jobs=jobs,
        visits=once * replications,
        events=math.fsum(events.values()) * replications,
        seconds=START_S[chosen] + rounds * once / VISITS_PER_S[chosen],
        memory_bytes=jobs * (_memory(network, loads) + (once * _ROW_BYTES if keep_rows else 0.0)),
        unstable=tuple(load.station for load in loads if not load.stable),
        short=tuple(f"{'bucket' if load.refilled else 'pool'} {load.pool}" for load in pools if not load.stable),
    )


def _memory(network: Network, loads: tuple[StationLoad, ...]) -> float:
    """Estimate one process: its base, histograms, station records, series, and jobs in service or left over by overload."""
    sizes = {level.name: level.count for level in network.levels}
    stations = sum(sizes[station.per] if station.per else 1 for station in network.stations)
    histograms = (3 * len(network.flows) + 2 * len(network.stations)) * L.HISTOGRAM_BINS * 8
    bins = math.ceil(network.horizon_s / network.series_bin_s) if network.series_bin_s else 0
    series = bins * (len(network.flows) + len(network.stations) + len(network.pools)) * 6 * 8
    in_system = 0.0
    for load in loads:
        # In service by Little's law; where a station cannot keep up, what it leaves undone stays until the end.
        in_system += min(load.offered_erlangs, load.servers)
        if not load.stable:
            in_system += max(0.0, 1.0 - 1.0 / load.worst_utilisation) * load.visits_per_s * network.horizon_s
    for pool in pools_asked(network):
        if not pool.stable:
            in_system += max(0.0, 1.0 - 1.0 / pool.worst_load) * pool.taken_per_s * network.horizon_s
    # Statistics are held twice: what is counting, and as it stood when the window opened.
    return BASE_BYTES + 2 * (histograms + stations * 8 * L.STATION_WORDS) + series + 2.0 * in_system * _JOB_BYTES
