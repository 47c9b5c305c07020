"""Whom a wave takes: all places of a tier, those of some prefectures, or a share of them; and who is late."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from jukinet_sim.language.base import Base, Figure, Fraction, PositiveSeconds, SpecError, Words

Codes = Annotated[tuple[Words, ...], Field(min_length=1)]


class Taking(Base):
    """Which places a wave takes, and by how much each is later than its dates."""

    prefectures: Codes | None = None
    """Only those of these prefectures, by code."""
    share: tuple[Fraction, Fraction] | None = None
    """Only these of all municipalities, which stand in an order that the run's seed draws: `[0 %, 20 %]` is the first fifth."""
    late_by: Figure[PositiveSeconds] | None = None
    """Mean of the time, exponential, by which each place is later than all of the dates; nobody is late when left out. Who
    is late in one wave is as late, in proportion, in the others."""

    @model_validator(mode="after")
    def _check_share(self) -> Self:
        """Refuse a share that holds nobody."""
        if self.share is not None and not self.share[0] < self.share[1]:
            raise SpecError("this share holds nobody", "write it as [0 %, 20 %], the smaller one first", ("share",))
        return self
