"""A queueing network as frozen descriptions: stations, pools, places, routes and flows, in seconds and plain numbers.

Both compilers write this and both engines read it (through `seal`). No word of the resident register network appears
here or below.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.distributions import Distribution

Floats = NDArray[np.float64]
Which = Literal["origin", "destination"]


def frozen_floats(values: object) -> Floats:
    """A read-only float64 copy."""
    array = np.array(values, dtype=np.float64)
    array.setflags(write=False)
    return array


@dataclass(frozen=True)
class PlaceLevel:
    """A set of equal-ranking places; `parent[i]` is the index of place i in the level named `within`."""

    name: str
    count: int
    weights: Floats
    within: str | None = None
    parent: tuple[int, ...] = ()
    labels: tuple[str, ...] = ()
    """What people call each place; its number where empty."""


@dataclass(frozen=True)
class Outage:
    """Every server of a station (of one place of the group, or of all) is down from `at_s` for `for_s`."""

    at_s: float
    for_s: float
    place: int | None = None


@dataclass(frozen=True)
class Station:
    """A group of first-come first-served stations, one per place of the level `per` (or a single one)."""

    name: str
    servers: tuple[int, ...] | int
    per: str | None = None
    outages: tuple[Outage, ...] = ()

    def servers_at(self, place: int) -> int:
        """Servers of the station at this place."""
        return self.servers if isinstance(self.servers, int) else self.servers[place]


@dataclass(frozen=True)
class Pool:
    """Tokens that a job holds across steps; one pool per place of the level `per` (or a single one)."""

    name: str
    tokens: int
    per: str | None = None


@dataclass(frozen=True)
class Visit:
    """Service at a station: a drawn demand in seconds plus `per_record_s` for each record in hand."""

    station: str
    demand: Distribution
    per_record_s: float = 0.0
    at: Which = "origin"
    label: str | None = None


@dataclass(frozen=True)
class Delay:
    """A wait that nobody competes for (an infinite-server station)."""

    delay: Distribution
    label: str | None = None


@dataclass(frozen=True)
class Gate:
    """Hold the job until one of the opening intervals; `spread_s` staggers places evenly over that long after opening."""

    opens_s: Floats
    closes_s: Floats
    spread_s: float = 0.0
    label: str | None = None


@dataclass(frozen=True)
class Acquire:
    """Take a token, waiting first come first served."""

    pool: str
    at: Which = "origin"
    label: str | None = None


@dataclass(frozen=True)
class Release:
    """Give a token back."""

    pool: str
    at: Which = "origin"
    label: str | None = None


@dataclass(frozen=True)
class Branch:
    """Continue at one of the labels (None leaves the network), drawn by probability."""

    targets: tuple[tuple[str | None, float], ...]
    label: str | None = None


@dataclass(frozen=True)
class Loop:
    """Repeat the body `times` times, or once per lot of `per_records` records with that lot in hand."""

    body: tuple[Step, ...]
    times: int | None = None
    per_records: int | None = None
    label: str | None = None


@dataclass(frozen=True)
class Spawn:
    """Start a job of another flow at this instant, with the same places, and go on."""

    flow: str
    label: str | None = None


Step = Visit | Delay | Gate | Acquire | Release | Branch | Loop | Spawn


def step_path(prefix: str, number: int, step: Step) -> str:
    """What names a step's random numbers: its label, or its position below the enclosing loop's path."""
    return step.label or f"{prefix}{number}"


@dataclass(frozen=True)
class Poisson:
    """Arrivals at a constant rate per second."""

    rate_per_s: float


@dataclass(frozen=True)
class BatchPoisson:
    """Arrival instants at a constant rate per second, each of a whole number of jobs (a drawn size below 1 counts as 1)."""

    rate_per_s: float
    size: Distribution


@dataclass(frozen=True)
class Renewal:
    """Independent times between arrivals; the first job arrives after one full draw."""

    interarrival: Distribution


@dataclass(frozen=True)
class Piecewise:
    """Poisson arrivals whose rate is `rate_per_s[i]` from `start_s[i]` on; the table repeats every `repeat_s` if given."""

    start_s: Floats
    rate_per_s: Floats
    repeat_s: float | None = None


@dataclass(frozen=True)
class ExactCount:
    """Exactly `count` arrivals: a Poisson process with intensity proportional to `weight`, conditioned on its count."""

    count: int
    start_s: Floats
    weight: Floats
    end_s: float


@dataclass(frozen=True)
class Scheduled:
    """Arrivals at given instants, each with its own number of records."""

    at_s: Floats
    records: tuple[int, ...]


Arrivals = Poisson | BatchPoisson | Renewal | Piecewise | ExactCount | Scheduled


@dataclass(frozen=True)
class Flow:
    """A class of jobs. `origin` and `destination` name the place levels drawn for each job, by weight.

    `share`, when given, replaces the level's weights for this flow's origin. `last_job_records`, when given, is what the
    last of an exact count of jobs carries, so that volumes that do not divide evenly still come out exact.
    """

    name: str
    route: tuple[Step, ...]
    arrivals: Arrivals | None = None
    records: int = 1
    last_job_records: int | None = None
    origin: str | None = None
    destination: str | None = None
    share: Floats | None = None


@dataclass(frozen=True)
class Network:
    """Everything an engine needs to know, but for seed and replication."""

    name: str
    horizon_s: float
    stations: tuple[Station, ...]
    flows: tuple[Flow, ...]
    pools: tuple[Pool, ...] = ()
    levels: tuple[PlaceLevel, ...] = ()
    warm_up_s: float = 0.0
    drain: bool = False
    series_bin_s: float | None = None
    event_budget: int = 20_000_000_000
    same_instant_budget: int = 1_000_000
    notes: tuple[str, ...] = field(default=())

    def level(self, name: str) -> PlaceLevel:
        """The place level of this name (KeyError if there is none)."""
        for level in self.levels:
            if level.name == name:
                return level
        raise KeyError(name)
