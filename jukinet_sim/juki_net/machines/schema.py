"""The machines of the three tiers as a scenario states them: firewalls, servers, lines, security modules, terminals."""

from typing import Literal, Self

from pydantic import model_validator

from jukinet_sim.juki_net.machines.limits import Limits
from jukinet_sim.juki_net.machines.upkeep import Machine
from jukinet_sim.language.base import (
    Base,
    BitsPerSecond,
    Count,
    Figure,
    Name,
    Number,
    PositiveCount,
    PositiveNumber,
    PositiveSeconds,
    Seconds,
    SpecError,
)

NationalLevel = Literal["municipality", "prefecture"]
PrefectureLevel = Literal["prefecture", "nation"]


class Firewall(Machine):
    """A packet filter that every message crosses."""

    servers: Figure[PositiveCount]
    """Messages that can be inspected at the same time."""
    per_message: Figure[PositiveSeconds]
    """Time to inspect and log one message; the same for every message."""
    rules: Figure[Count] | None = None
    """Rules that a message is held against, one after another; what they take is in `per_message` when left out."""
    per_rule: Figure[Seconds] | None = None
    """Time for each of them, in addition to `per_message`."""
    connections: Figure[PositiveCount] | None = None
    """Messages that it has in hand at most, those being inspected included: one that finds so many is dropped. Any number when
    left out."""

    @model_validator(mode="after")
    def _check_rules(self) -> Self:
        """Refuse rules that take no stated time, and times of no stated number of rules."""
        if (self.rules is None) != (self.per_rule is None):
            has, lacks = ("rules", "per_rule") if self.per_rule is None else ("per_rule", "rules")
            raise SpecError(f'"{has}" says nothing without "{lacks}"', f'add "{lacks}", or delete "{has}"', (has,), at_key=True)
        return self

    @property
    def inspection_s(self) -> float:
        """What one message takes, rules included."""
        rules = 0.0 if self.rules is None or self.per_rule is None else self.rules.value * self.per_rule.value
        return self.per_message.value + rules


class Server(Machine):
    """A machine that handles messages."""

    servers: Figure[PositiveCount]
    """Messages that can be handled at the same time."""
    service: Figure[PositiveSeconds]
    """Mean time to handle one message."""
    cv: Figure[Number]
    """Coefficient of variation of that time: 0 constant, 1 exponential, otherwise log-normal."""


class Line(Base):
    """A carrier's line; it sends one message at a time."""

    bit_rate: Figure[BitsPerSecond]
    """What it carries in each direction."""
    latency: Figure[Seconds]
    """Time from one end to the other, apart from sending; nobody waits for it."""


class Hsm(Machine):
    """Hardware security modules in the message path: they decrypt what arrives and encrypt what leaves."""

    servers: Figure[PositiveCount]
    """Modules that work at the same time."""
    per_operation: Figure[PositiveSeconds]
    """Time of one private-key operation."""
    operations_per_message: Figure[PositiveNumber]
    """Private-key operations for one message, decryption and encryption together."""


class Restart(Base):
    """A planned stop of every CS once a day: what it has in hand is finished, what comes waits until it is back."""

    at: Figure[Seconds]
    """Time of the day at which it begins."""
    takes: Figure[PositiveSeconds]
    """How long the CS is away."""


class Municipality(Base):
    """What stands in every connected municipality."""

    firewall: Firewall
    """The municipal firewall, between the resident-register system and the CS."""
    cs: Server
    """The communication server (CS)."""
    network_firewall: Firewall
    """The firewall between CS and line, watched by the national centre; where nothing else queues it is one with the line."""
    line: Line
    """The line to the prefecture."""
    restart: Restart | None = None
    """The CS's daily restart; none when left out."""


class PrefectureFirewall(Firewall):
    """A packet filter of the prefectural tier."""

    per: PrefectureLevel = "prefecture"
    """Whether each prefecture has its own, or all share those of one centre (`nation`)."""


class PrefectureHsm(Hsm):
    """Security modules of the prefectural tier."""

    per: PrefectureLevel = "prefecture"
    """Whether each prefecture has its own, or all share those of one centre (`nation`)."""


class PrefectureServer(Server):
    """A server of the prefectural tier."""

    per: PrefectureLevel = "prefecture"
    """Whether each prefecture has its own, or all share those of one centre (`nation`)."""
    limits: Limits | None = None
    """How many hosts of the common centre one prefecture may keep busy at a time; any number when left out."""


class Prefecture(Base):
    """What stands in each of the 47 prefectures, or in the centre that they share."""

    firewall: PrefectureFirewall
    """The firewall before the prefectural server."""
    hsm: PrefectureHsm
    """The security modules in the message path."""
    server: PrefectureServer
    """The prefectural server."""
    line: Line
    """The line to the national centre."""
    hours: Name | None = None
    """Calendar profile of the hours in which the prefecture takes updates; always when left out."""


class Provision(Server):
    """The information-provision server, which answers agencies."""

    per_record: Figure[PositiveSeconds]
    """Time to look up one record, in addition to the time of the message that asks for it."""


class NationalCentre(Base):
    """The national centre."""

    network_firewall: Firewall
    """The firewall towards the prefectures."""
    agency_firewall: Firewall
    """The firewall towards the agencies."""
    hsm: Hsm
    """The security modules of the national centre."""
    database: Server
    """The business and database server, which holds everyone who has a code."""
    provision: Provision
    """The information-provision server."""


class NationalStation(Machine):
    """A further machine of the network, beyond those that every municipality, prefecture and the nation have."""

    per: NationalLevel | None = None
    """Whether each municipality or prefecture has one; one for the nation when left out."""
    servers: Figure[PositiveCount]
    """Messages or cases handled at the same time."""
    service: Figure[PositiveSeconds]
    """Mean time for one."""
    cv: Figure[Number]
    """Coefficient of variation of that time: 0 constant, 1 exponential, otherwise log-normal."""
    per_record: Figure[Seconds] | None = None
    """Time for each record in hand, in addition."""


class Terminals(Base):
    """Counter terminals with the person at each: a case holds one from `acquire` to `release`."""

    people_per_terminal: Figure[PositiveNumber]
    """Residents for each terminal of a municipality; the number is rounded up."""
    least: Figure[PositiveCount]
    """The fewest that a municipality has."""
