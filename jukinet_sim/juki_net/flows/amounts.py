"""How many jobs of a national flow come, and when: growth from a date on, single days, and files instead of jobs."""

from typing import ClassVar, Self

from pydantic import Field, model_validator

from jukinet_sim.language.base import Base, Figure, Name, Number, PositiveNumber, Seconds, SpecError
from jukinet_sim.language.run import DAY_S, Day

AMOUNTS = ("per_year", "per_month", "nine_months", "in_period")
"""The keys of a flow that say how many come in a stretch of time, of which one is enough."""


class Growth(Base):
    """A factor by which a flow is larger from a date on, or one by which it grows each year from then on."""

    either: ClassVar[frozenset[str]] = frozenset({"factor", "factor_per_year"})

    first_day: Day = Field(alias="from")
    """First day on which it holds."""
    factor: Figure[PositiveNumber] | None = None
    """Volume from then on, relative to what the flow's figure says."""
    factor_per_year: Figure[PositiveNumber] | None = None
    """By what the volume is multiplied in a year from then on, such as 1.03, or 0.98 for a decline: by its twelfth root each
    month, on the day of the month on which it began, until the next entry."""

    @model_validator(mode="after")
    def _check_kind(self) -> Self:
        """Require one of the two."""
        if (self.factor is None) == (self.factor_per_year is None):
            what = 'growth is either a "factor" or a "factor_per_year"'
            raise SpecError(what, "write one of them, such as factor_per_year: {value: 1.03, assumed: ..., range: [..., ...]}")
        return self


class DayVolume(Base):
    """The jobs of one day."""

    on: Day
    """The day."""
    jobs: Figure[Number]
    """Jobs of that day in the whole nation; a list of fewer residents has proportionally fewer."""


class Batches(Base):
    """The volume travels as records of files instead of as one job each."""

    cadence: Name
    """When files are sent: `daily` (business days), `monthly` and the like; `jukinet explain calendar` lists them."""
    at: Figure[Seconds]
    """Time of the day. Municipalities send a file each, of their residents' part; a gate of the route can spread them."""

    @model_validator(mode="after")
    def _check_hour(self) -> Self:
        """Refuse an hour that is none."""
        if self.at.value >= DAY_S:
            raise SpecError('"at" is not a time of day', 'write less than "24 h"', ("at",))
        return self
