"""A generic queueing network as a scenario writes it: places, stations, pools and flows."""

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Discriminator, Field, WithJsonSchema, model_validator

from jukinet_sim.scenario.arrivals import Arrivals, check_schedule
from jukinet_sim.scenario.base import (
    Base,
    Count,
    Name,
    Number,
    PositiveCount,
    PositiveNumber,
    PositiveSeconds,
    Seconds,
    SpecError,
)
from jukinet_sim.scenario.choice import tag
from jukinet_sim.scenario.distributions import TimeDistribution, mean_of
from jukinet_sim.scenario.route import Step
from jukinet_sim.units import UnitError, parse_count

MOST_PLACES = 1_000_000
MOST_SERVERS = 1_000_000


class Place(Base):
    """A level of places, such as towns or counties."""

    count: PositiveCount
    """Number of places on this level."""
    weights: tuple[Number, ...] | None = None
    """Share of the jobs that begin (or end) at each place; equal when left out."""
    within: Name | None = None
    """The level above, each of whose places holds some of these."""
    of: tuple[Count, ...] | None = None
    """For each place the number, from 0, of the place above that holds it."""

    @model_validator(mode="after")
    def _check_lengths(self) -> Self:
        """Require one weight and one parent for each place."""
        if self.count > MOST_PLACES:
            raise SpecError(f"{self.count} places are too many to simulate", f"write at most {MOST_PLACES}", ("count",))
        for key, values in (("weights", self.weights), ("of", self.of)):
            if values is not None and len(values) != self.count:
                what = f"{len(values)} entries in {key} for {self.count} places"
                raise SpecError(what, "write one entry for each place", (key,))
        if self.weights is not None and sum(self.weights) == 0:
            raise SpecError("all weights are 0", "give at least one place a weight", ("weights",))
        if (self.within is None) != (self.of is None):
            key = "of" if self.of is None else "within"
            raise SpecError(f'"within" and "of" belong together and "{key}" is missing', f'add "{key}"')
        return self


class ServersFrom(Base):
    """A number of servers that holds from an instant on."""

    at: Seconds
    """When it begins, from the start of the run or of the period."""
    servers: Count
    """Servers from then on; 0 closes the station."""


class Breakdowns(Base):
    """Random failures; work in service resumes where it stopped, and clocks run whether busy or idle."""

    up: TimeDistribution
    """Time from repair (or start) to the next failure."""
    down: TimeDistribution
    """Time from failure to repair."""
    per: Literal["server", "station"] = "server"
    """Whether each server fails for itself or the whole station at once."""

    @model_validator(mode="after")
    def _check_means(self) -> Self:
        """Refuse means of 0, which would be endlessly many failures."""
        for key, distribution in (("up", self.up), ("down", self.down)):
            if mean_of(distribution) == 0:
                raise SpecError(f'the mean of "{key}" is 0', "write a mean above 0", (key,))
        return self


class Outage(Base):
    """A planned stop of a whole station."""

    at: Seconds
    """When it begins."""
    for_s: PositiveSeconds = Field(alias="for")
    """How long it lasts."""
    place: Count | None = None
    """Number, from 0, of the only place concerned, where the station has one copy per place; all when left out."""
    every: PositiveSeconds | None = None
    """Period after which it comes again; once when left out."""

    @model_validator(mode="after")
    def _check_period(self) -> Self:
        """Require that one outage ends before the next begins."""
        if self.every is not None and self.every <= self.for_s:
            raise SpecError("the outage comes again before it ends", 'make "every" longer than "for"', ("every",))
        return self


def _servers_kind(value: Any) -> str:
    """Tell a number of servers from a schedule of servers."""
    return "?schedule" if isinstance(value, (list, tuple)) else "?count"


class Station(Base):
    """A queue with servers."""

    servers: Annotated[
        Annotated[PositiveCount, tag("count")] | Annotated[tuple[ServersFrom, ...], Field(min_length=1), tag("schedule")],
        Discriminator(_servers_kind),
    ]
    """Number of servers, or a schedule `[{at: 0 s, servers: 3}, {at: 8 h, servers: 1}]`."""
    repeat: PositiveSeconds | None = None
    """Period after which a schedule of servers begins anew."""
    discipline: Literal["fifo", "priority", "ps"] = "fifo"
    """First in first out; non-preemptive priority (smaller first); or processor sharing."""
    capacity: PositiveCount | None = None
    """Most jobs waiting and in service; a job that finds it full is lost. Unlimited when left out."""
    breakdowns: Breakdowns | None = None
    """Random failures."""
    outages: tuple[Outage, ...] = ()
    """Planned stops."""
    per: Name | None = None
    """Level of places of which each has a copy of this station; one for all when left out."""

    @model_validator(mode="after")
    def _check_servers(self) -> Self:
        """Require a schedule that goes forward and has servers at some time."""
        if isinstance(self.servers, int) and self.servers > MOST_SERVERS:
            cure = f"write at most {MOST_SERVERS}, or use a delay step where nobody waits"
            raise SpecError(f"{self.servers} servers are too many to simulate", cure, ("servers",))
        if isinstance(self.servers, int):
            if self.repeat is not None:
                raise SpecError('"repeat" without a schedule of servers', "delete it or list the servers", ("repeat",))
            return self
        check_schedule([entry.at for entry in self.servers], self.repeat, "servers")
        if not any(entry.servers for entry in self.servers):
            raise SpecError("the station never has a server", "give it one at some time", ("servers",))
        return self


class Pool(Base):
    """Tokens that jobs hold over several steps, such as connections; always first in first out."""

    tokens: PositiveCount
    """Number of tokens."""
    per: Name | None = None
    """Level of places of which each has a copy of this pool; one for all when left out."""


def _read_attempts(value: Any) -> Any:
    """Read `unlimited` or a number of at least 1."""
    if value == "unlimited":
        return value
    if not isinstance(value, (str, int)):
        raise SpecError('"attempts" is not one value', 'write a whole number such as "3", or "unlimited"')
    try:
        number = parse_count(str(value))
    except UnitError as error:
        raise SpecError(error.what, f'{error.cure}, or "unlimited"') from None
    if number == 0:
        raise SpecError("0 attempts leave none at all", "write 1 for no retry, or more")
    return number


class Retry(Base):
    """What a job does after loss or abandonment: begin again at the first step, with fresh draws and no tokens."""

    attempts: Annotated[
        int | Literal["unlimited"],
        BeforeValidator(_read_attempts),
        WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 1}, {"const": "unlimited"}], "examples": [3]}),
    ]
    """Most tries, the first one included, or `unlimited`."""
    backoff: TimeDistribution
    """Wait before a retry; a fresh draw each time."""
    factor: PositiveNumber = 1.0
    """The wait before retry k is the draw times factor^(k-1)."""


class Flow(Base):
    """A class of jobs: how they arrive and which way they go."""

    arrivals: Arrivals | None = None
    """How jobs arrive; left out for a flow that others spawn."""
    priority: Count = 0
    """Rank at stations with priority discipline; smaller is served first."""
    patience: TimeDistribution | None = None
    """Longest wait for service at any one station, drawn afresh for each visit; for ever when left out."""
    retry: Retry | None = None
    """What a job does after loss or abandonment; it gives up when left out."""
    records: Count = 1
    """Records each job carries."""
    origin: Name | None = None
    """Level of places from which each job's origin is drawn by weight."""
    destination: Name | None = None
    """Level of places from which each job's destination is drawn by weight."""
    route: tuple[Step, ...] = Field(min_length=1)
    """The steps; a job that passes the last one is complete."""


class Network(Base):
    """Stations, pools and the flows that use them."""

    places: dict[Name, Place] = Field(default_factory=dict)
    """Levels of places by name."""
    stations: dict[Name, Station] = Field(default_factory=dict)
    """Stations by name."""
    pools: dict[Name, Pool] = Field(default_factory=dict)
    """Pools by name."""
    flows: dict[Name, Flow] = Field(min_length=1)
    """Flows by name."""
