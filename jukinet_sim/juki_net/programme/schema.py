"""The programme as a scenario states it: dated changes, the order they keep, and when nothing is changed."""

from typing import Annotated, Literal, Self, TypeAlias

from pydantic import Field, model_validator

from jukinet_sim.juki_net.incidents.schema import Instant
from jukinet_sim.juki_net.machines.limits import Limits
from jukinet_sim.juki_net.waves.schema import Codes, Taking
from jukinet_sim.language.base import (
    Base,
    BitsPerSecond,
    Bytes,
    Figure,
    Flag,
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
from jukinet_sim.language.choice import single_choice, tag
from jukinet_sim.language.run import DAY_S, Day, Days

Tier = Literal["prefectures", "municipalities"]


class Lasting(Base):
    """What begins on a day, and ends on another or never."""

    first_day: Day = Field(alias="on")
    """The day, from 0:00 on."""
    last_day: Day | None = Field(default=None, alias="until")
    """The last day."""

    @model_validator(mode="after")
    def _check_days(self) -> Self:
        """Refuse an end before the beginning."""
        if self.last_day is not None and self.last_day < self.first_day:
            raise SpecError("this ends before it begins", 'write a date after "on"', ("until",))
        return self


class ComingWave(Taking, Lasting):
    """Places to which a change comes together."""

    first_day: Day = Field(alias="on")
    """The day, from 0:00 on; later where the change says at what time of the day."""
    last_day: Day | None = Field(default=None, alias="until")
    """The places are taken one after another, evenly from `on` to this day, in an order that the run's seed draws; all on one
    day when left out."""


class CutOverChange(Base):
    """What every change has that comes to places by waves."""

    waves: tuple[ComingWave, ...] = Field(min_length=1)
    """Which places, and when. Waves may name places again: the first that comes counts."""
    at: Figure[Seconds] = Field(
        default_factory=lambda: Figure[Seconds](value=0.0, status="derived", note="its date begins at midnight")
    )
    """Time of the day at which it comes; midnight when left out."""
    fails: Figure[Fraction] | None = None
    """Places at which it fails at first and is taken back; none when left out."""
    again_after: Figure[PositiveSeconds] | None = None
    """How much later it comes to those for good."""

    @model_validator(mode="after")
    def _check_change(self) -> Self:
        """Refuse a time of day that is none, and failures without a second attempt."""
        if self.at.value >= DAY_S:
            raise SpecError('"at" is not a time of day', 'write less than "24 h"', ("at",))
        if self.fails is not None and self.fails.value > 0.0 and self.again_after is None:
            raise SpecError("some fail, and nothing says when it comes again", 'add "again_after: 7 d"')
        return self


class Software(CutOverChange):
    """Software that is sent to machines over the network and from then on is there: others may have to wait for it."""

    software: Tier
    """Whose machines."""
    size: Figure[Bytes]
    """Bytes that travel from the national centre to each of them."""
    adds_functions: Flag = False
    """Whether it adds functions, which a freeze forbids."""


class Renewal(CutOverChange):
    """A machine of each place is replaced by a faster one."""

    renews: Name
    """The station, one that stands in each municipality or prefecture, such as `cs`."""
    speed: Figure[PositiveNumber]
    """How many times as fast it is."""
    away: Figure[PositiveSeconds] | None = None
    """How long it is out of service meanwhile; no time when left out."""


class Resizing(Base):
    """A station of the nation, or each of a tier, has another number of servers from a date on."""

    resizes: Name
    """The station."""
    servers: Figure[PositiveCount]
    """Servers of each from then on."""
    first_day: Day = Field(alias="on")
    """From when on."""


class Traffic(Lasting):
    """More or less traffic from a date on."""

    traffic: Annotated[tuple[Words, ...], Field(min_length=1)]
    """The flows, by name or pattern: `updates`, `provision.*` and those of `juki_net.flows`; calls have surges of their own."""
    factor: Figure[Number]
    """By what their volume is multiplied from then on, until the last day or for good."""


class Merger(Base):
    """Municipalities that become part of another on a date: it is where their residents come to from then on.

    Their counters and machines stay where they are, with nothing to do; the other has its own.
    """

    merges: Codes
    """Who becomes part of another, by code."""
    into: Words
    """The other, by its code."""
    first_day: Day = Field(alias="on")
    """From when on; a date of the law, for which no blackout holds."""


class Joining(Base):
    """Municipalities that are on the network from a date on, with all the traffic of their residents."""

    joins: Codes
    """Who joins, by code: places that are not connected."""
    first_day: Day = Field(alias="on")
    """From when on; a date of the law, for which no blackout holds."""


class Entry(Base):
    """Records that are entered in bulk: each municipality sends those of its residents, one after another."""

    enters: Figure[PositiveCount]
    """Records in the whole nation; a list of fewer residents has proportionally fewer."""
    at: Instant
    """From when on they are handed in, Japan Standard Time."""
    within: Figure[PositiveSeconds]
    """Over how long, evenly; what is not through by then goes on. The prefectures stay open for it."""
    message: Figure[Bytes]
    """Size of one record on its way, signature and envelope included."""


AnyChange: TypeAlias = Software | Renewal | Resizing | Traffic | Entry | Merger | Joining
CHANGE_KINDS = ("software", "renews", "resizes", "traffic", "enters", "merges", "joins")
Change = Annotated[
    Annotated[Software, tag("software")]
    | Annotated[Renewal, tag("renews")]
    | Annotated[Resizing, tag("resizes")]
    | Annotated[Traffic, tag("traffic")]
    | Annotated[Entry, tag("enters")]
    | Annotated[Merger, tag("merges")]
    | Annotated[Joining, tag("joins")],
    *single_choice("a change", CHANGE_KINDS, "{renews: cs, speed: 2, waves: [{on: 2013-03-01}]}"),
]
"""One dated change."""


def _as_fast() -> Figure[PositiveNumber]:
    return Figure[PositiveNumber](value=1.0, status="derived", note="as fast as one of a prefecture's")


class Hosts(Base):
    """Machines of the centre that do what each prefecture had one of."""

    servers: Figure[PositiveCount]
    """How many work at the same time, for all prefectures together."""
    speed: Figure[PositiveNumber] = Field(default_factory=_as_fast)
    """How many times as fast each is as one of a prefecture's; as fast when left out."""


class Modules(Hosts):
    """Security modules of the centre."""

    connections: Figure[PositiveCount] | None = None
    """Sessions that they keep at a time, of all prefectures that have moved; where `crypto.sessions` limits those of each
    prefecture. Whoever finds none free waits."""


class ServerHosts(Hosts):
    """Virtualised hosts of the centre, on which each prefecture's server runs."""

    limits: Limits | None = None
    """How many of them one prefecture may keep busy at a time; any number when left out."""


class Copying(Base):
    """Before a prefecture moves, its register is copied to the centre, over its own line."""

    record: Figure[Bytes]
    """Bytes of one resident's record."""
    lead: Figure[PositiveSeconds]
    """How long before the move it begins."""
    lot: Figure[PositiveCount]
    """Records sent at a time, before others get a turn on the line."""
    per_record: Figure[Seconds]
    """What the centre's server takes to store one."""


class PrefectureCentre(CutOverChange):
    """One centre in place of the prefectures' own servers: each prefecture moves, and the centre does its work from then on."""

    firewall: Hosts
    """The firewall of the centre."""
    hsm: Modules
    """Its security modules."""
    server: ServerHosts
    """Its servers."""
    line: Figure[BitsPerSecond]
    """The bit rate of its line to the national centre."""
    away: Figure[PositiveSeconds] | None = None
    """How long the work of a prefecture stands still while it moves; no time when left out."""
    copy_: Copying | None = Field(default=None, alias="copy")
    """The copy of its register; nothing is copied over the network when left out."""


class Blackout(Days):
    """Days on which nothing is changed: no wave may be dated there, and whoever would be late until then waits for its end."""

    why: Words
    """The reason, which is told to whoever plans something for then."""


class Order(Base):
    """One change comes to each place before another does."""

    first: Name
    """The one that has to be there: a change, `prefecture_centre`, or one of those named at `then`."""
    then: Name
    """The one that needs it: a change, `prefecture_centre`, `operators` (their other method), or `crypto.municipalities`,
    `crypto.prefectures` or `crypto.nation` (the new suite)."""


_TAKEN = ("prefecture_centre", "operators", "copy")


class Programme(Base):
    """Everything that changes on a date beside suites and ways to log on, which have waves of their own."""

    changes: dict[Name, Change] = Field(default_factory=dict)
    """Dated changes by name."""
    prefecture_centre: PrefectureCentre | None = None
    """The centre that takes over from the prefectures' own servers; they keep them when left out."""
    order: tuple[Order, ...] = ()
    """What must have come to a place before what else does."""
    blackouts: tuple[Blackout, ...] = ()
    """Days on which nothing is changed."""
    freeze: Blackout | None = None
    """Days on which no software is distributed that adds functions."""

    @model_validator(mode="after")
    def _check_names(self) -> Self:
        """Refuse names of changes that mean something else in an order or among the flows."""
        for name in self.changes:
            if name in _TAKEN or name.startswith("crypto."):
                what = f'"{name}" means something else in a programme'
                raise SpecError(what, "choose another name", ("changes", name), at_key=True)
        return self
