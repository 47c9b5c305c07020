"""Calendars of a scenario's own: when something is open, to be named wherever a shipped profile can be."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Literal, Self

from pydantic import Field, model_validator

from jukinet_sim.language.base import Base, Name, Number, PositiveNumber, PositiveSeconds, Seconds, SpecError
from jukinet_sim.language.run import Day

_DAY_S, _HOUR_S = 86_400.0, 3_600.0
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Month = Literal["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
MONTHS: tuple[Month, ...] = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class OpenHours(Base):
    """A part of a day in which it is open."""

    from_: Seconds = Field(alias="from")
    """When it opens, as time since midnight, such as `8.5 h`."""
    to: PositiveSeconds
    """When it closes; at midnight where it says `24 h`."""
    weight: PositiveNumber = 1.0
    """How much comes then, against other hours."""

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        """Require hours of one day that close after they open."""
        if self.to <= self.from_:
            raise SpecError("it closes before it opens", "exchange the two, or write two parts around midnight", ("to",))
        if self.to > _DAY_S:
            raise SpecError("a day has 24 hours", "write at most 24 h; hours behind midnight are a part of their own", ("to",))
        return self


class Calendar(Base):
    """When something is open: hours of the day, days of the week, holidays and seasons."""

    open: tuple[OpenHours, ...] = Field(min_length=1)
    """The hours of an open day, in order: `[{from: 9 h, to: 12 h, weight: 2}, {from: 13 h, to: 18 h}]`."""
    weekdays: tuple[Weekday, ...] = Field(WEEKDAYS, min_length=1)
    """The open days of the week, such as `[mon, tue, wed]`; all when left out. Day 0 of a run without dates is a Monday."""
    holidays: Literal["open", "closed"] = "open"
    """Whether it is open on public holidays of Japan."""
    closed: tuple[Day, ...] = ()
    """Further dates on which it is closed, such as `[2012-12-30, 2012-12-31]`."""
    seasons: dict[Month, Number] = Field(default_factory=dict)
    """How much comes on a day of a month, against other months, such as `{mar: 2, aug: 0.5}`; 1 for those left out."""

    @model_validator(mode="after")
    def _check_hours(self) -> Self:
        """Require hours in order."""
        for i, (before, after) in enumerate(pairwise(self.open), start=1):
            if after.from_ < before.to:
                raise SpecError("these hours begin before those above end", "put them in order", ("open", i, "from"))
        return self

    @model_validator(mode="after")
    def _check_days(self) -> Self:
        """Refuse a day that is written twice."""
        for key, days in (("weekdays", self.weekdays), ("closed", self.closed)):
            for i, day in enumerate(days):
                if day in days[:i]:
                    raise SpecError(f"{day} is named already", "delete it", (key, i))
        return self

    @model_validator(mode="after")
    def _check_seasons(self) -> Self:
        """Refuse a calendar of which no day of the year has anything."""
        if len(self.seasons) == len(MONTHS) and not any(self.seasons.values()):
            raise SpecError("it is closed in every month", "give one of them a weight above 0", ("seasons",))
        return self

    @property
    def shape(self) -> tuple[tuple[float, float], ...]:
        """Pairs of an hour of the day and the weight from then on; the first hour is 0."""
        weights: dict[float, float] = {0.0: 0.0}
        for hours in self.open:
            weights[hours.from_ / _HOUR_S] = hours.weight
            if hours.to < _DAY_S:
                weights[hours.to / _HOUR_S] = 0.0
        return tuple(weights.items())


Calendars = Mapping[Name, Calendar]
