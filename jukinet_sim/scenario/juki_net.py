"""The domain part of a scenario: the national network of resident registers, tier by tier, and the traffic on it.

Every number is a `Figure`, so that a scenario says of each whether it is reported, derived or assumed.
"""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from jukinet_sim.scenario.base import (
    Base,
    BitsPerSecond,
    Bytes,
    Figure,
    Fraction,
    Name,
    Number,
    PositiveCount,
    PositiveNumber,
    PositiveSeconds,
    Seconds,
    SpecError,
    Words,
)
from jukinet_sim.scenario.incidents import Incident
from jukinet_sim.scenario.national_flows import Group, NationalFlow, NationalStation, Terminals
from jukinet_sim.units import parse_count

REPORTED = "reported"
"""The 44 rows of the report."""
GENERATED = "generated"
"""The municipalities that the package makes itself."""


class Firewall(Base):
    """A packet filter that every message crosses."""

    servers: Figure[PositiveCount]
    """Messages that can be inspected at the same time."""
    per_message: Figure[PositiveSeconds]
    """Time to inspect and log one message; the same for every message."""


class Server(Base):
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


class Hsm(Base):
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


class Prefecture(Base):
    """What stands in each of the 47 prefectures."""

    firewall: Firewall
    """The firewall before the prefectural server."""
    hsm: Hsm
    """The security modules in the message path."""
    server: Server
    """The prefectural server."""
    line: Line
    """The line to the national centre."""
    hours: Name | None = None
    """Calendar profile of the hours in which the prefecture takes updates; always when left out."""


class Provision(Server):
    """The information-provision server, which answers agencies."""

    per_record: Figure[PositiveSeconds]
    """Time to look up one record, in addition to the time of the message that asks for it."""


class Nation(Base):
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


class Municipalities(Base):
    """Which municipalities there are."""

    source: Words = GENERATED
    """`generated` (1,742 places made from published anchors) or a CSV file in the scenario's folder or below it: code,
    prefecture_code, name, population."""
    every: PositiveCount = 1
    """Keep only every so many-th municipality by size: a scaled nation of the same shape, with its share of all flows."""
    per_event_from: Figure[PositiveCount]
    """Municipalities with at least so many residents send each update as it happens, smaller ones once a day."""


class LostAtRandom(Base):
    """Acknowledgements that get lost without a date of their own, each blocking its CS until somebody notices."""

    share: Figure[Fraction]
    """Acknowledgements lost, of all."""
    noticed_after: Figure[PositiveSeconds]
    """Mean time, exponential, until somebody restarts the CS."""


class Updates(Base):
    """Changes to resident records, stored and forwarded hop by hop, each hop waiting for its acknowledgement."""

    per_year: Figure[Number]
    """Updates a year in the whole nation; a list of fewer residents has proportionally fewer."""
    message: Figure[Bytes]
    """Size of an update message, signature and envelope included."""
    acknowledgement: Figure[Bytes]
    """Size of an acknowledgement."""
    profile: Name = "residents"
    """Calendar profile of when residents come to the counter."""
    daily_send: Name = "daily-send"
    """Calendar profile of when small municipalities send what the day brought."""
    daily_send_spread: Figure[Seconds]
    """Small municipalities begin to send one after another over this long."""
    retry_after: Figure[PositiveSeconds]
    """How long a CS waits before it offers a refused update again."""
    lost_acknowledgement: LostAtRandom | None = None
    """Acknowledgements that get lost at random; none when left out."""


def _read_grouping(value: Any) -> Any:
    """Read `file` or a number of records."""
    if value == "file" or not isinstance(value, str):
        return value
    number = parse_count(value)
    if number == 0:
        raise SpecError("a job needs at least one record", 'write "file" or a number of at least 1')
    return number


class Provisions(Base):
    """Records supplied to agencies, the 44 rows of the Ministry's report, exact per row."""

    source: Words = REPORTED
    """`reported` (the 44 rows) or a CSV file in the scenario's folder or below it: row, recipient, records of nine months,
    cadence."""
    volume: Figure[Number]
    """Multiplies the reported records of every row; 1 is the report itself."""
    records_per_job: Annotated[
        int | Literal["file"],
        BeforeValidator(_read_grouping),
        WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 1}, {"const": "file"}], "examples": ["file", 1]}),
    ] = "file"
    """`file`: each batch delivery is one job that works through its records lot by lot; a number N: deliveries are
    broken into jobs of N records that arrive throughout the batch window (1 is query by query)."""
    lot: Figure[PositiveCount]
    """Records of a batch file handled before others get a turn."""
    batch_starts: Figure[Seconds]
    """Time of day at which a batch file is handed in."""
    batch_window: Figure[PositiveSeconds]
    """How long after that queries of a broken-up delivery go on arriving."""
    request: Figure[Bytes]
    """Size of the request for one record."""
    reply: Figure[Bytes]
    """Size of the answer for one record."""
    envelope: Figure[Bytes]
    """Bytes added to each message whatever it carries."""
    online_profile: Name = "business-hours"
    """Calendar profile of the queries of agencies that ask online."""
    line: Line
    """The line of each agency to the national centre."""


class JukiNet(Base):
    """The network of resident registers."""

    municipalities: Municipalities
    """The municipalities and their residents."""
    municipality: Municipality
    """Equipment of each municipality."""
    prefecture: Prefecture
    """Equipment of each prefecture."""
    nation: Nation
    """Equipment of the national centre."""
    updates: Updates
    """Resident-record updates."""
    provisions: Provisions
    """Records supplied to agencies."""
    stations: dict[Name, NationalStation] = Field(default_factory=dict)
    """Further machines by name."""
    terminals: dict[Name, Terminals] = Field(default_factory=dict)
    """Counter terminals of the municipalities by name."""
    messages: dict[Name, Figure[Bytes]] = Field(default_factory=dict)
    """Sizes of messages by name."""
    times: dict[Name, Figure[PositiveSeconds]] = Field(default_factory=dict)
    """Times that people and processes outside take, by name."""
    groups: dict[Name, Group] = Field(default_factory=dict)
    """Groups of municipalities by name."""
    flows: dict[Name, NationalFlow] = Field(default_factory=dict)
    """Everything else that travels on the network, by name."""
    incidents: dict[Name, Incident] = Field(default_factory=dict)
    """What goes wrong on a date, by name."""
