"""How many hosts of a common centre one prefecture may keep busy, as a scenario states it."""

from typing import Self

from pydantic import Field, model_validator

from jukinet_sim.language.base import Base, Figure, PositiveCount, PositiveNumber, SpecError, Words


class Limits(Base):
    """Most hosts that one prefecture keeps busy at a time: the same for each, or in proportion to its residents.

    Its further messages wait for its own, and no other prefecture's do.
    """

    each: Figure[PositiveCount] | None = None
    """The same number for every prefecture."""
    overcommit: Figure[PositiveNumber] | None = None
    """So many times its share of the hosts by residents, rounded up: all together may ask for so many times the hosts there
    are. Of hosts whose number changes the most there ever are count."""
    prefectures: dict[Words, PositiveCount] = Field(default_factory=dict)
    """Prefectures, by code, with another number."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        """Require one way of saying it."""
        if (self.each is None) == (self.overcommit is None):
            raise SpecError('limits are the same for each prefecture, or by residents', 'write "each: 2" or "overcommit: 4"')
        return self
