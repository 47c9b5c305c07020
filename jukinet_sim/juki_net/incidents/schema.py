"""What goes wrong on a date: machines that stop, an acknowledgement that gets lost, an update that is refused."""

import re
from datetime import datetime
from typing import Annotated, Any, ClassVar, Self, TypeAlias

from pydantic import BeforeValidator, Discriminator, Field, WithJsonSchema, model_validator

from jukinet_sim.language.base import Base, Figure, Name, PositiveCount, PositiveSeconds, SpecError, Words
from jukinet_sim.language.choice import single_choice, tag


def _read_instant(value: Any) -> Any:
    """Read a date and a time of day in Japan."""
    if not isinstance(value, str):
        return value
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}", value):
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            pass
    raise SpecError(f'"{value[:40]}" is not a date and time', 'write it as "2012-11-14 09:00"')


Instant = Annotated[
    datetime,
    BeforeValidator(_read_instant),
    WithJsonSchema(
        {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}$", "examples": ["2012-11-14 09:00"]}
    ),
]
Codes = Annotated[tuple[Words, ...], Field(min_length=1)]


class InGroup(Base):
    """All municipalities of a group that take part from the start, in place of a list of codes."""

    group: Name
    """The group, one of `juki_net.groups`."""


def _where_kind(value: Any) -> str:
    """Tell the two ways of naming places apart."""
    return "?group" if isinstance(value, (dict, InGroup)) else "?codes"


Where = Annotated[
    Annotated[Codes, tag("codes")] | Annotated[InGroup, tag("group")],
    Discriminator(_where_kind),
]


class Begun(Base):
    """What every incident has."""

    at: Instant
    """When it begins, Japan Standard Time."""


class IncidentBase(Begun):
    """What every incident of a stated length has."""

    for_s: PositiveSeconds = Field(alias="for")
    """How long it lasts, until somebody has put it right."""


class StationOutage(Begun):
    """Every server of a station is down, or some are; what is in service goes on afterwards where it stopped."""

    either: ClassVar[frozenset[str]] = frozenset({"for", "repair"})

    for_s: PositiveSeconds | None = Field(default=None, alias="for")
    """How long it lasts, until somebody has put it right."""
    repair: PositiveSeconds | None = None
    """What somebody on the spot takes to mend it, in place of `for`: how long it lasts follows from how fast it is noticed,
    which `monitoring.equipment` says."""
    outage: Name
    """The station, such as `prefecture_hsm`."""
    places: Where | None = None
    """Codes of the municipalities or prefectures concerned, or `{group: NAME}` for a group of municipalities; all when left
    out."""
    servers: PositiveCount | None = None
    """How many are down, of a station that the nation has one of, such as hosts of a centre: the others go on, and what those
    were doing is finished. All of them when left out."""
    late_by: Figure[PositiveSeconds] | None = None
    """Mean of the time, exponential, by which it lasts longer at each place, as where people go from one to the next; the
    run's seed draws it. All are put right at the same time when left out."""

    @model_validator(mode="after")
    def _check_length(self) -> Self:
        """Require one way of saying how long it lasts."""
        if self.for_s is None and self.repair is None:
            raise SpecError("this outage has no length", 'add "for: 4 h", or "repair: 4 h"')
        if self.for_s is not None and self.repair is not None:
            raise SpecError('both "for" and "repair" are given', "keep one", ("repair",), at_key=True)
        return self


class LostAcknowledgement(IncidentBase):
    """One acknowledgement from the prefecture gets lost: the CS sends no further update until somebody restarts it.

    Its traffic with other CSs goes on.
    """

    lost_acknowledgement: Where
    """Codes of the municipalities, or `{group: NAME}`: each loses one, of the first update it forwards after `at`."""


class MalformedUpdate(IncidentBase):
    """A malformed update makes the prefecture refuse everything further from a municipality, until it is mended.

    The CS keeps what is refused, tries again every `updates.retry_after`, and everything else waits behind.
    """

    malformed_update: Where
    """Codes of the municipalities, or `{group: NAME}`."""


AnyIncident: TypeAlias = StationOutage | LostAcknowledgement | MalformedUpdate
INCIDENT_KINDS = ("outage", "lost_acknowledgement", "malformed_update")

Incident = Annotated[
    Annotated[StationOutage, tag("outage")]
    | Annotated[LostAcknowledgement, tag("lost_acknowledgement")]
    | Annotated[MalformedUpdate, tag("malformed_update")],
    *single_choice("an incident", INCIDENT_KINDS, '{outage: prefecture_hsm, at: "2012-11-14 09:00", for: 28 h}'),
]
"""One incident."""
