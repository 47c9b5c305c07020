"""A queueing network as frozen descriptions: stations, pools, places, routes and flows, in seconds and plain numbers.

Both compilers write this and both engines read it (through `seal`). Whom stations and jobs stand for is not known
here or below. All of the vocabulary can be had from here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from jukinet_sim.network.arrivals import (
    Arrivals,
    BatchPoisson,
    Closed,
    ExactCount,
    Modulated,
    Piecewise,
    Poisson,
    Renewal,
    Scheduled,
    Sinusoid,
)
from jukinet_sim.network.floats import Floats, frozen_floats
from jukinet_sim.network.flows import Flow, Retry, keeps_servers
from jukinet_sim.network.focus import Focus
from jukinet_sim.network.places import OTHERS, NowhereError, PlaceFrom, PlaceLevel, Which
from jukinet_sim.network.stations import (
    Breakdowns,
    Discipline,
    Outage,
    Pool,
    Schedule,
    SpeedFrom,
    State,
    Station,
    unrolled,
)
from jukinet_sim.network.steps import (
    EXIT,
    Acquire,
    Assign,
    Branch,
    Choose,
    Delay,
    Gate,
    Loop,
    Part,
    Release,
    Rule,
    Spawn,
    Step,
    Switch,
    Visit,
    all_steps,
    jumps,
    step_path,
)

__all__ = [
    "DRAIN_CALENDAR_S", "EXIT", "OTHERS", "Acquire", "Arrivals", "Assign", "BatchPoisson", "Branch", "Breakdowns", "Choose",
    "Closed", "Delay", "Discipline", "ExactCount", "Floats", "Flow", "Focus", "Gate", "Hours", "Loop", "Modulated", "Network",
    "NowhereError", "Outage", "Part", "Piecewise", "PlaceFrom", "PlaceLevel", "Poisson", "Pool", "Release", "Renewal",
    "Retry", "Rule", "Schedule", "Scheduled", "Sinusoid", "Spawn", "SpeedFrom", "State", "Station", "Step", "Switch", "Visit",
    "Watch", "Which", "all_steps", "counted_pools", "draws_again", "frozen_floats", "jumps", "keeps_servers", "kept_stations",
    "step_path", "unrolled",
]  # fmt: skip
DRAIN_CALENDAR_S = 14 * 86_400.0
"""How far the calendar reaches beyond the horizon of a run that is drained."""


@dataclass(frozen=True)
class Watch:
    """Queues to look at because of something that happens from `begins_s` to `ends_s`: of a station or pool, at some places."""

    name: str
    begins_s: float
    ends_s: float
    kind: Literal["station", "pool"]
    part: str
    places: tuple[int, ...] | None = None
    """Numbers of the places; all of them where None."""


@dataclass(frozen=True)
class Hours:
    """Stretches of time in which results count something apart, such as opening hours: from `opens_s[i]` to `closes_s[i]`."""

    name: str
    opens_s: Floats
    closes_s: Floats


@dataclass(frozen=True)
class Network:
    """Everything an engine needs to know, but for seed and replication."""

    name: str
    horizon_s: float
    stations: tuple[Station, ...]
    flows: tuple[Flow, ...]
    pools: tuple[Pool, ...] = ()
    levels: tuple[PlaceLevel, ...] = ()
    states: tuple[State, ...] = ()
    watches: tuple[Watch, ...] = ()
    """What is reported of incidents; it moves no event."""
    hours: tuple[Hours, ...] = ()
    """In which hours measures count; it moves no event."""
    focuses: tuple[Focus, ...] = ()
    """Which metrics are looked at in a window or at a place; it moves no event."""
    busiest_hours: bool = True
    """Whether the busiest hour of every station is looked for as well, in a run of several; it moves no event."""
    warm_up_s: float = 0.0
    warm_up_auto: bool = False
    """Whether a pilot has still to find the warm-up."""
    drain: bool = False
    series_bin_s: float | None = None
    event_budget: int = 20_000_000_000
    same_instant_budget: int = 1_000_000
    job_budget: int = 4_000_000
    notes: tuple[str, ...] = field(default=())
    """What is legal in the data it was made from and probably not meant, in words; no engine looks at it."""

    @property
    def calendar_s(self) -> float:
        """Until when schedules are written out: beyond the horizon where a drained run may need them."""
        return self.horizon_s + (DRAIN_CALENDAR_S if self.drain else 0.0)

    def level(self, name: str) -> PlaceLevel:
        """Return the place level of this name (KeyError if there is none)."""
        for level in self.levels:
            if level.name == name:
                return level
        raise KeyError(name)


def counted_pools(network: Network) -> set[str]:
    """Name the pools of which jobs take or give back several tokens at once, or in whose line some stand before others."""
    named = {pool.name for pool in network.pools if pool.discipline != "fifo"}
    steps = (step for flow in network.flows for step in all_steps(flow.route))
    return named | {step.pool for step in steps if isinstance(step, Acquire | Release) and step.tokens > 1}


def kept_stations(network: Network) -> frozenset[str]:
    """Name the stations of which jobs keep servers after service."""
    steps = (step for flow in network.flows for step in all_steps(flow.route))
    return frozenset(step.station for step in steps if isinstance(step, Visit) and step.hold)


def draws_again(station: Station, flow: Flow, visit: Visit) -> bool:
    """Tell whether jobs of a flow may draw for more on a visit than what they ask for: patience, a place, whether to stay."""
    return flow.patience is not None or station.discipline == "random" or bool(visit.balk)
