"""Monitoring as a scenario states it: who watches which firewall, intrusion detection, analysts, logs, equipment, limits."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from jukinet_sim.language.base import (
    Base,
    Figure,
    Fraction,
    Name,
    Number,
    PerSecond,
    PositiveCount,
    PositiveSeconds,
    Seconds,
    SpecError,
    Words,
)
from jukinet_sim.language.run import DAY_S

NetworkSide = Literal["network_firewall", "prefecture_firewall", "national_firewall", "agency_firewall"]
NETWORK_SIDE: tuple[NetworkSide, ...] = ("network_firewall", "prefecture_firewall", "national_firewall", "agency_firewall")
"""Firewalls watched round the clock by the national centre, those of prefectures where they are entrusted to it."""
Failing = Literal[
    "municipal_firewall", "cs_line", "prefecture_firewall", "prefecture_line", "national_firewall", "agency_firewall",
    "agency_line",
]  # fmt: skip


class TrafficClass(Base):
    """Flows whose messages an intrusion detection system finds equally suspicious."""

    flows: Annotated[tuple[Words, ...], Field(min_length=1)]
    """Names of flows, or patterns such as `provision.*`."""
    false_alarm: Figure[Fraction]
    """Probability of an alarm for one of their messages at one tap."""


class Ids(Base):
    """Intrusion detection: a tap looks at what passes a firewall, delays nothing, and raises an alarm now and then.

    How probable an alarm is for traffic that should not be there, the entries of `juki_net.attacks` say.
    """

    taps: Annotated[tuple[NetworkSide, ...], Field(min_length=1)] = NETWORK_SIDE
    """The firewalls that are tapped."""
    false_alarm: Figure[Fraction]
    """Probability of an alarm for a message of a flow that belongs to no class, at one tap."""
    classes: dict[Name, TrafficClass] = Field(default_factory=dict)
    """Flows with another probability, by name of the class."""


class Shift(Base):
    """Analysts from a time of the day on."""

    at: Seconds
    """Time of the day at which they begin."""
    analysts: Figure[PositiveCount]
    """How many they are, until the next shift begins; the last one of a day goes on into the next day."""


class IncidentWork(Base):
    """What an incident of each level takes an analyst, once triage has found it: telling others, tracing, writing it down."""

    level_1: Figure[PositiveSeconds]
    """Suspicion or stray traffic without effect."""
    level_2: Figure[PositiveSeconds]
    """Illicit access that has been blocked."""
    level_3: Figure[PositiveSeconds]
    """Illicit access that has succeeded."""


class Analysts(Base):
    """Who looks at alerts round the clock; alerts come before the daily logs."""

    shifts: Annotated[tuple[Shift, ...], Field(min_length=1)]
    """Shifts of a day, sorted by time."""
    triage: Figure[PositiveSeconds]
    """Mean time to find out what an alert is about, log-normal."""
    cv: Figure[Number]
    """Coefficient of variation of that time."""
    stale_after: Figure[PositiveSeconds] | None = None
    """An alert that is not dealt with so long after it was raised is stale, and counted as late; none is when left out."""
    incidents: IncidentWork
    """What follows when an alert turns out to be true."""

    @model_validator(mode="after")
    def _check_shifts(self) -> Self:
        """Refuse shifts that do not go forward within a day."""
        times = [shift.at for shift in self.shifts]
        if times != sorted(set(times)) or any(at >= DAY_S for at in times):
            raise SpecError("the shifts do not go forward within one day", "sort them by at, each less than 24 h", ("shifts",))
        return self


class LogAnalysis(Base):
    """What firewalls dropped is read each business day: one job for the nation, and one for each prefecture entrusted to it."""

    at: Figure[Seconds]
    """Time of the day."""
    over: Figure[Seconds]
    """The jobs of a day begin one after another over this long."""
    each: Figure[PositiveSeconds]
    """What a job takes, however little was dropped."""
    per_1000_lines: Figure[Seconds]
    """What it takes in addition for each 1,000 lines, of which there are as many as are expected of `juki_net.attacks`."""
    finds: Figure[Fraction]
    """Probability that a dropped attempt is recognised in the log for what it is."""

    @model_validator(mode="after")
    def _check_hour(self) -> Self:
        """Refuse jobs that do not begin within a day."""
        if self.at.value >= DAY_S:
            raise SpecError('"at" is not a time of day', 'write less than "24 h"', ("at",))
        if self.at.value + self.over.value > DAY_S:
            raise SpecError("the jobs of a day begin on the next one", 'write a shorter "over"', ("over",))
        return self


class MunicipalSide(Base):
    """The municipal firewall, which nobody but the municipality watches."""

    hours: Name = "business-hours"
    """Calendar profile of the hours in which somebody may look."""
    looked_at: Figure[Fraction]
    """Probability that a line of its log is looked at, and understood, when the office is next open."""


class Failures(Base):
    """How often one unit of a kind of equipment fails, and how long it takes to mend."""

    per_year: Figure[Number]
    """Failures a year of each unit, at random."""
    repair: Figure[PositiveSeconds]
    """How long somebody on the spot works on it."""


class Equipment(Base):
    """Firewalls, routers and lines are asked at intervals whether they are up: what notices an outage, and what follows.

    Failures at random are drawn by the run's seed when the scenario is compiled: all replications of a run have the same, a
    sweep of seeds has others.
    """

    polled_every: Figure[PositiveSeconds]
    """Interval between two heartbeats; an outage is noticed at the first that is missing."""
    handling: Figure[PositiveSeconds]
    """What an alarm takes an analyst, until somebody is sent."""
    dispatch: Figure[Seconds]
    """How long it takes until somebody is on the spot."""
    hours: Name = "business-hours"
    """Calendar profile of the hours in which a municipality notices that its own firewall is down."""
    failures: dict[Failing, Failures] = Field(default_factory=dict)
    """Equipment that fails at random, by station; none when left out."""


class RateLimit(Base):
    """How much of one municipality the network side takes: a token bucket before its line.

    What should not be there and finds no token is dropped; everybody else's messages are sent again until they are let
    through, which is a wait.
    """

    per_municipality: Figure[PerSecond]
    """Messages a second for each municipality in the long run."""
    burst: Figure[PositiveCount]
    """Messages that may come at once."""

    @model_validator(mode="after")
    def _check_rate(self) -> Self:
        """Refuse a limit that lets nothing through."""
        if self.per_municipality.value == 0.0:
            raise SpecError("this limit lets nothing through", 'write a rate such as "50 /s"', ("per_municipality",))
        return self


class Monitoring(Base):
    """Who watches the network, round the clock at the national centre and in office hours in the municipalities."""

    entrusted: Figure[Fraction]
    """Share of the prefectures whose networks the national centre watches; which ones, the run's seed draws. The others look
    at alerts of their own firewalls when their offices are open."""
    municipal_side: MunicipalSide
    """Who watches the municipal firewalls."""
    analysts: Analysts
    """The analysts of the national centre."""
    ids: Ids | None = None
    """Intrusion detection; none when left out."""
    log_analysis: LogAnalysis | None = None
    """The daily reading of what was dropped; nobody reads it when left out."""
    equipment: Equipment | None = None
    """Monitoring of equipment and lines; nobody notices an outage, and nothing fails at random, when left out."""
    rate_limit: RateLimit | None = None
    """Limit of what comes from one municipality; none when left out."""
