"""States of places as a scenario writes them: a start, and changes on dates, in waves with those that are late."""

from typing import Literal, Self

from pydantic import model_validator

from jukinet_sim.juki_net.incidents.schema import Instant
from jukinet_sim.juki_net.waves.schema import Taking
from jukinet_sim.language.base import Base, Count, SpecError


class StateWave(Taking):
    """A new value from a date on, at the places that this wave takes."""

    at: Instant
    """When, Japan Standard Time; each place is later by what `late_by` draws for it."""
    to: Count
    """The new value."""


class NationalState(Base):
    """A whole number for each place; routes choose their way by it (`switch`) and may change it (`set`)."""

    per: Literal["municipality", "prefecture"] | None = None
    """Of which places each has a value of its own; one value for the nation when left out."""
    start: Count = 0
    """Value at the beginning of the run."""
    changes: tuple[StateWave, ...] = ()
    """Waves of new values, sorted by date."""

    @model_validator(mode="after")
    def _check_changes(self) -> Self:
        """Require changes in the order of time, and waves only where there are places to take."""
        dates = [change.at for change in self.changes]
        if dates != sorted(dates):
            raise SpecError("the changes do not go forward in time", "sort the entries by date", ("changes",))
        for i, change in enumerate(self.changes):
            if self.per is None and (change.prefectures or change.share):
                key = "prefectures" if change.prefectures else "share"
                what = "the nation has one value, of which no place can be taken"
                raise SpecError(what, 'delete it, or write "per: municipality"', ("changes", i, key), at_key=True)
        return self
