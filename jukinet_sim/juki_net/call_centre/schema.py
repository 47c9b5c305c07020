"""The call centre as a scenario states it: hours, agents, callers, and kinds of calls."""

from typing import Self

from pydantic import Field, model_validator

from jukinet_sim.language.base import (
    Base,
    Figure,
    Fraction,
    Name,
    Number,
    PositiveCount,
    PositiveNumber,
    PositiveSeconds,
    Seconds,
    SpecError,
)
from jukinet_sim.language.run import DAY_S, Day, Days


class Rostered(Base):
    """A part of the agents from a time of day on."""

    at: Seconds
    """Time of the day."""
    share: Figure[Fraction]
    """Part of all agents who answer from then on, rounded up."""


class Reinforced(Days):
    """Another number of agents for some days, such as those after a law takes effect."""

    agents: Figure[PositiveCount]
    """Agents on these days, instead of the usual ones."""


class Surge(Base):
    """More calls from a date on, such as that on which a law takes effect, which die down again."""

    on: Day
    """The date; calls begin on it, or on the next day on which the centre answers."""
    before: Figure[Number] | None = None
    """Calls of the business day before it, relative to those of the date itself; nobody calls before it when left out."""
    fades: Figure[PositiveNumber]
    """Business days after which a third is left (1/e), of what there is on the date."""
    weight: Figure[PositiveNumber] = Field(default_factory=lambda: Figure[PositiveNumber](value=1.0))
    """Calls because of this date, relative to those because of the others."""


class Kind(Base):
    """One kind of calls that are received."""

    weight: Figure[PositiveNumber]
    """Received calls of this kind, relative to those of the other kinds."""
    handling: Figure[PositiveSeconds]
    """Mean time in which an agent deals with a call, writing it down included."""
    surges: tuple[Surge, ...] = ()
    """Dates around which these calls come; all year round when there are none."""


class Extra(Base):
    """Calls because of what happens in the simulation itself."""

    per_place: Figure[Number]
    """Mean number of calls for each municipality concerned."""
    within: Figure[PositiveSeconds]
    """Mean time, exponential, from the event to the call."""


class CallCentre(Base):
    """The call centre for those who operate the network. How it is staffed is not published; how many calls it received is."""

    hours: Name = "business-hours"
    """Calendar profile of when it answers, and of how calls spread over these hours."""
    agents: Figure[PositiveCount]
    """Agents who answer at the same time."""
    roster: tuple[Rostered, ...] = ()
    """Which part of them is there from what time of day on; all, all the time it is open, when left out."""
    stays: Figure[Seconds] = Field(default_factory=lambda: Figure[Seconds](value=0.0))
    """How long agents stay after the lines are closed, for those who wait; a call that has begun is brought to its end."""
    reinforced: tuple[Reinforced, ...] = ()
    """Days with another number of agents."""
    cv: Figure[Number]
    """Coefficient of variation of the time of a call: 0 constant, 1 exponential, otherwise log-normal."""
    patience: Figure[PositiveSeconds]
    """Mean time, exponential, after which a caller whom nobody has answered hangs up."""
    redial_after: Figure[PositiveSeconds] | None = None
    """Mean time, exponential, after which somebody who hung up calls again, until answered; nobody does when left out. Calls
    that are received are an exact number only if everybody does."""
    target_wait: Figure[PositiveSeconds] | None = None
    """A wait within which callers are to be answered: the station's metric `served_within` says how many are."""
    received: Figure[Number] | None = None
    """Calls received from April to December 2012, exactly; other periods in proportion to business days."""
    kinds: dict[Name, Kind] = Field(default_factory=dict)
    """Kinds of calls by name."""
    extra: dict[Name, Extra] = Field(default_factory=dict)
    """Calls because of an `outage`, a `cut-over` that failed and the like; operators who are locked out call themselves."""
    handling: Figure[PositiveSeconds]
    """Mean time of a call that is of none of these kinds."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        """Refuse calls of no kind, and rosters that do not go forward within a day."""
        times = [entry.at for entry in self.roster]
        if times != sorted(set(times)) or any(at >= DAY_S for at in times):
            raise SpecError("the roster does not go forward within one day", "sort the entries by at", ("roster",))
        if self.received is not None and not self.kinds:
            raise SpecError("received calls are of some kind", 'add "kinds"', ("received",), at_key=True)
        return self
