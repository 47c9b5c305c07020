"""Stations and pools of a generic network as a scenario writes them: servers, their timetable, failures and speed."""

from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, model_validator

from jukinet_sim.language.arrivals import check_schedule
from jukinet_sim.language.base import (
    Base,
    Count,
    Name,
    PerSecond,
    PositiveCount,
    PositiveNumber,
    PositiveSeconds,
    Seconds,
    SpecError,
)
from jukinet_sim.language.changes import DatedChange, check_changes
from jukinet_sim.language.choice import tag
from jukinet_sim.language.distributions import TimeDistribution, mean_of

MOST_SERVERS = 1_000_000


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


SLOWEST = 1e-6


class SpeedFrom(DatedChange):
    """How fast the servers of a station work from an instant on."""

    factor: PositiveNumber
    """Speed from then on: 1 as the demands say, 2 twice as fast. Work in service goes on at the new speed."""

    @model_validator(mode="after")
    def _check_factor(self) -> Self:
        """Refuse speeds so far apart that what is left of a service would be lost in rounding."""
        if not SLOWEST <= self.factor <= 1.0 / SLOWEST:
            cure = "write a factor from 0.000001 to 1000000"
            raise SpecError(f"no server works {self.factor:g} times as fast", cure, ("factor",))
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
    at_end: Literal["finish", "interrupt"] | None = None
    """What a server does that the schedule no longer wants: `finish` its job first, as is usual, or `interrupt` it; the job
    then stands before the queue, and its service goes on later, or begins anew where `preemptive` is `restart`."""
    discipline: Literal["fifo", "priority", "ps", "lifo", "random"] = "fifo"
    """`fifo`: first in first out; `priority`: the flow with the smaller priority first, service in progress is not broken off
    unless `preemptive` says so; `ps`: the servers are shared equally by all jobs present; `lifo`: last in first out; `random`:
    any of those who wait. Neither of the last two breaks a service off, and work that was stopped goes on before any that has
    not begun."""
    preemptive: Literal["resume", "restart"] | None = None
    """Where `discipline` is `priority`: a job that finds no idle server interrupts the service of the lowest class below its
    own, which goes on later (`resume`) or begins anew (`restart`). No job interrupts another when left out. Where `at_end` is
    `interrupt` it says the same of services that a shift interrupts, at every discipline."""
    capacity: PositiveCount | None = None
    """Most jobs waiting and in service; a job that finds it full is lost, or retries. Unlimited when left out."""
    breakdowns: Breakdowns | None = None
    """Random failures."""
    outages: tuple[Outage, ...] = ()
    """Planned stops."""
    speed: tuple[SpeedFrom, ...] = ()
    """Dated changes of speed `[{at: 0 s, factor: 1}, {at: 10 d, factor: 0.5, place: 3}]`; 1 before the first of them."""
    per: Name | None = None
    """Level of places of which each has a copy of this station; one for all when left out."""
    target_wait: PositiveSeconds | None = None
    """A wait that is to be kept: the metric `served_within` says which part of the visits began so soon. Nothing is counted
    when left out."""

    @model_validator(mode="after")
    def _check_servers(self) -> Self:
        """Require a schedule that goes forward and has servers at some time."""
        most = self.servers if isinstance(self.servers, int) else max(entry.servers for entry in self.servers)
        if most > MOST_SERVERS:
            cure = f"write at most {MOST_SERVERS}, or use a delay step where nobody waits"
            raise SpecError(f"{most} servers are too many to simulate", cure, ("servers",))
        if isinstance(self.servers, int):
            if self.repeat is not None:
                raise SpecError('"repeat" without a schedule of servers', "delete it or list the servers", ("repeat",))
            return self
        check_schedule([entry.at for entry in self.servers], self.repeat, "servers")
        if not any(entry.servers for entry in self.servers):
            raise SpecError("the station never has a server", "give it one at some time", ("servers",))
        return self

    @model_validator(mode="after")
    def _check_preemptive(self) -> Self:
        """Refuse interruptions where no job goes before another."""
        if self.at_end is not None and isinstance(self.servers, int):
            cure = "delete it, or list the servers by time"
            raise SpecError('"at_end" without a schedule of servers', cure, ("at_end",), at_key=True)
        if self.at_end == "interrupt" and self.discipline == "ps":
            what = "servers are shared here (discipline ps): where one goes, all jobs get less"
            raise SpecError(what, "delete it, or write another discipline", ("at_end",))
        if self.preemptive is not None and self.discipline != "priority" and self.at_end != "interrupt":
            cure = 'write "discipline: priority", or delete it'
            raise SpecError(f'nobody interrupts a service where "discipline" is {self.discipline}', cure, ("preemptive",))
        return self

    @model_validator(mode="after")
    def _check_speed(self) -> Self:
        """Require changes of speed in the order of time."""
        check_changes(self.speed, "speed")
        return self


class Pool(Base):
    """Tokens that jobs hold over several steps, such as connections.

    With `refill` it is a token bucket that limits a rate: a job takes a token for good, and new ones come by themselves.
    """

    tokens: PositiveCount
    """Number of tokens; with `refill` the most it holds, which is the largest burst."""
    per: Name | None = None
    """Level of places of which each has a copy of this pool; one for all when left out."""
    refill: PerSecond | None = None
    """New tokens per second, up to `tokens`; none is ever given back then. Left out, jobs give their tokens back."""
    discipline: Literal["fifo", "priority"] = "fifo"
    """Who is first in line: who asked first, or jobs of the flow with the smaller `priority`. Nobody overtakes: who asks for
    more tokens than are free holds up those behind."""

    @model_validator(mode="after")
    def _check_refill(self) -> Self:
        """Refuse a bucket that is never filled again."""
        if self.refill == 0:
            raise SpecError("the pool is never refilled", 'write a rate above 0, or delete "refill"', ("refill",))
        if self.refill is not None and self.discipline != "fifo":
            raise SpecError("tokens that are refilled go out in the order of asking", "delete it", ("discipline",))
        return self
