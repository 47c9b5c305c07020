"""Traffic that should not be there as a scenario states it: one general entry, from which every named attack is written."""

from typing import Annotated, ClassVar, Literal, Self, TypeAlias

from pydantic import Field, model_validator

from jukinet_sim.juki_net.incidents.schema import Instant
from jukinet_sim.language.base import (
    Base,
    Bytes,
    Figure,
    Flag,
    Fraction,
    Name,
    PerSecond,
    PositiveCount,
    PositiveSeconds,
    SpecError,
    Words,
)
from jukinet_sim.language.choice import single_choice, tag

Firewall = Literal["municipal_firewall", "network_firewall", "prefecture_firewall", "national_firewall", "agency_firewall"]
Tier = Literal["municipality", "prefecture", "nation"]


class ThroughFirewall(Base):
    """Come to a firewall: it inspects the attempt like any message, and lets it pass or drops it and logs that."""

    firewall: Firewall
    """Which one; `network_firewall` is that between CS and line, and the line behind it is crossed as well."""
    passes: Figure[Fraction]
    """Probability that it lets one attempt pass."""


class AtMachine(Base):
    """Give a machine work, as any message of its would."""

    machine: Name
    """The station, such as `cs`, `prefecture_hsm` or one of `juki_net.stations`."""


class OverLine(Base):
    """Cross the line of the prefecture to the national centre."""

    line: Literal["prefecture_line"]
    """Which one."""


class LogOn(Base):
    """Try to log on with a password, a PIN or a card of somebody else."""

    log_on: Figure[Fraction]
    """Probability that one attempt succeeds; the others are refused and logged by the municipality's own machine."""


class Downgrade(Base):
    """Ask the machine of a tier to fall back to the old suite: it does while it takes that one beside the new one."""

    downgrade: Tier
    """Whose machine; a scenario with a `crypto.migration` has the states."""


class Dwell(Base):
    """Stay quiet for a while."""

    dwell: Figure[PositiveSeconds]
    """Mean time, exponential."""


AnyStage: TypeAlias = ThroughFirewall | AtMachine | OverLine | LogOn | Downgrade | Dwell
STAGE_KINDS = ("firewall", "machine", "line", "log_on", "downgrade", "dwell")
Stage = Annotated[
    Annotated[ThroughFirewall, tag("firewall")]
    | Annotated[AtMachine, tag("machine")]
    | Annotated[OverLine, tag("line")]
    | Annotated[LogOn, tag("log_on")]
    | Annotated[Downgrade, tag("downgrade")]
    | Annotated[Dwell, tag("dwell")],
    *single_choice("a stage", STAGE_KINDS, "{firewall: municipal_firewall, passes: 1 %}"),
]
"""One stage of the way that an attempt takes."""


class Again(Base):
    """Who has been dropped or refused tries again, from the beginning of the way."""

    after: Figure[PositiveSeconds]
    """Mean time, exponential, until the next attempt."""
    attempts: Figure[PositiveCount] | None = None
    """Attempts in all; without end when left out."""


def _size() -> Figure[Bytes]:
    why = "headers and next to no content; the least of a TCP segment is 40 B, the most that a line takes at once 1,500 B"
    return Figure[Bytes](value=100.0, status="assumed", note=why, range=(40.0, 1500.0))


class Attack(Base):
    """One kind of traffic that should not be there: when, how much, from where, which way, and who may notice it."""

    either: ClassVar[frozenset[str]] = frozenset({"rate", "count"})

    at: Instant | None = None
    """When it begins, Japan Standard Time; with the run when left out, and then it has no beginning that could be detected."""
    for_s: PositiveSeconds | None = Field(default=None, alias="for")
    """How long new attempts come; to the end of the run when left out, but with `at` and `count` all come at once."""
    rate: Figure[PerSecond] | None = None
    """New attempts a second, at random, in the whole nation or from `place`."""
    count: Figure[PositiveCount] | None = None
    """New attempts in all, exactly, at random instants."""
    place: Words | None = None
    """Code of the municipality from which they come; from all, by residents, when left out. Then a list of fewer residents has
    proportionally fewer."""
    way: Annotated[tuple[Stage, ...], Field(min_length=1)]
    """The stages of an attempt; one that comes to the end has succeeded."""
    size: Figure[Bytes] = Field(default_factory=_size)
    """Size of one attempt on a line."""
    detection: Figure[Fraction] | None = None
    """Probability that an intrusion detection system raises an alarm for one attempt, at each tap that it passes; never when
    left out."""
    again: Again | None = None
    """What is done after having been dropped or refused; given up when left out."""
    level: Literal["none", "level_1", "level_2", "level_3"] = "none"
    """The incident that it is; `none` is a nuisance, for which an alarm is as false as for any other message."""
    rate_limited: Flag = True
    """Whether `monitoring.rate_limit` holds for it; not if it comes in behind that."""
    watched_for: PositiveSeconds | None = None
    """How long after `at` detection counts; to the end of the run when left out."""

    @property
    def can_be_noticed(self) -> bool:
        """Whether it has a beginning, and somebody who looks for it: a nuisance has nobody."""
        return self.at is not None and self.level != "none"

    @model_validator(mode="after")
    def _check(self) -> Self:
        """Refuse an attack without attempts, one with two volumes, and times that nothing begins."""
        if (self.rate is None) == (self.count is None):
            if self.rate is None:
                raise SpecError("this attack consists of nothing", 'add "rate: 1 /min", or "count: 10"')
            raise SpecError('both "rate" and "count" are given', "keep one", ("count",), at_key=True)
        if self.at is None and (self.for_s is not None or self.watched_for is not None):
            key = "for" if self.for_s is not None else "watched_for"
            raise SpecError(f'"{key}" counts from a beginning', 'add "at: 2012-10-01 09:00"', (key,), at_key=True)
        return self
