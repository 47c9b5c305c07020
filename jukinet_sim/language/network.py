"""A generic queueing network as a scenario writes it: places and their states, and stations, pools and flows by name."""

from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, model_validator

from jukinet_sim.language.base import Base, Count, Name, Number, PositiveCount, SpecError
from jukinet_sim.language.calendars import Calendar
from jukinet_sim.language.changes import DatedChange, check_changes
from jukinet_sim.language.choice import tag
from jukinet_sim.language.flows import Flow
from jukinet_sim.language.route import Step
from jukinet_sim.language.stations import Pool, Station

MOST_PLACES = 1_000_000
MOST_CHANGES = 2_000
"""Dated changes of the places of a level: who stands for whom is worked out at each."""


def _kind_of_place(value: Any) -> str:
    """Tell a number of a place from a word in its stead."""
    return "?word" if isinstance(value, str) and value[:1].isalpha() else "?place"


_To = Annotated[
    Annotated[Count, tag("place")] | Annotated[Literal["others", "itself"], tag("word")], Discriminator(_kind_of_place)
]


class PlaceFrom(DatedChange):
    """A place in whose stead jobs begin and end elsewhere from an instant on: it is merged into another, or not there yet.

    Jobs under way keep the places they have. What is drawn, or given to a scheduled job, is the place as it would be without
    changes.
    """

    place: Count
    """Number, from 0, of the place that is away."""
    to: _To
    """The number of the place that stands for it, `others` (each of its jobs is drawn again, among all the others by their
    weights), or `itself`: it is there again."""


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
    changes: tuple[PlaceFrom, ...] = ()
    """Dated changes `[{at: 10 d, place: 3, to: 1}, {at: 20 d, place: 3, to: itself}]`, sorted by `at`: who is away, and who
    stands for them."""

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
        check_changes(self.changes, "changes")
        if len(self.changes) > MOST_CHANGES:
            what = f"{len(self.changes):,} changes of places are too many"
            raise SpecError(what, f"write at most {MOST_CHANGES:,}", ("changes",))
        return self


class StateFrom(DatedChange):
    """The value of a state from an instant on, until something else changes it."""

    to: Count
    """The new value."""


class State(Base):
    """A whole number for each place, such as which release runs there; dated changes and jobs (`set`) change it.

    Jobs choose their way by it (`switch`).
    """

    per: Name | None = None
    """Level of places of which each has a value of its own; one value for all when left out."""
    start: Count = 0
    """Value at the beginning of the run."""
    changes: tuple[StateFrom, ...] = ()
    """Dated changes `[{at: 10 d, to: 1}, {at: 12 d, place: 3, to: 2}]`, sorted by `at`."""

    @model_validator(mode="after")
    def _check_changes(self) -> Self:
        """Require changes in the order of time."""
        check_changes(self.changes, "changes")
        return self


class Network(Base):
    """Stations, pools, states and the flows that use them."""

    volume: Number = 1.0
    """Multiplies everything that comes: rates and counts, the jobs of CSV files and closed loops, the records of scheduled
    jobs; 1 when left out."""
    places: dict[Name, Place] = Field(default_factory=dict)
    """Levels of places by name."""
    stations: dict[Name, Station] = Field(default_factory=dict)
    """Stations by name."""
    pools: dict[Name, Pool] = Field(default_factory=dict)
    """Pools by name."""
    states: dict[Name, State] = Field(default_factory=dict)
    """States of places by name."""
    calendars: dict[Name, Calendar] = Field(default_factory=dict)
    """Calendars of one's own by name, for gates, exact counts and the hours of measures, beside the shipped profiles."""
    routes: dict[Name, Annotated[tuple[Step, ...], Field(min_length=1)]] = Field(default_factory=dict)
    """Routes by name, each written once for several flows: `route: NAME` in a flow stands for its steps."""
    flows: dict[Name, Flow] = Field(min_length=1)
    """Flows by name."""
