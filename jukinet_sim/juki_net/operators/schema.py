"""Operators as a scenario states them: who they are, when they log on and how, and how another method comes to them."""

from typing import Self

from pydantic import Field, model_validator

from jukinet_sim.juki_net.operators.parameters import BiometricParameters, CardParameters
from jukinet_sim.juki_net.waves.schema import Taking
from jukinet_sim.language.base import (
    Base,
    Figure,
    Fraction,
    Name,
    Number,
    PositiveNumber,
    PositiveSeconds,
    Seconds,
    SpecError,
)
from jukinet_sim.language.run import DAY_S, Day


class HandOver(Base):
    """Once a day another operator takes over at some terminals, and logs on."""

    at: Figure[Seconds]
    """Time of the day, such as the beginning of the lunch hour; whoever has a case in hand finishes it first."""
    within: Figure[PositiveSeconds]
    """It is done evenly over so long after that time."""
    share: Figure[Fraction]
    """So many of them for each terminal and day; at which terminals is drawn."""


class TimeOuts(Base):
    """Sessions that end by themselves, so that the operator logs on again."""

    lifetime: Figure[PositiveSeconds] | None = None
    """How long a session lasts at most, from when the counters open, whoever takes it over; all day when left out."""
    idle: Figure[Number] | None = None
    """Sessions that end each day at a terminal as nobody has touched it; none when left out."""


class CutOverWave(Taking):
    """Municipalities that go over together: operators are enrolled, then both methods hold, then only the new one."""

    enrols_on: Day | None = None
    """First day on which operators are enrolled, each once, until the new method holds; nobody is when left out."""
    both_from: Day | None = None
    """From when on both methods hold."""
    only_from: Day | None = None
    """From when on only the new one does."""

    @model_validator(mode="after")
    def _check_dates(self) -> Self:
        """Refuse a wave in which nothing happens, and dates out of order."""
        if self.both_from is None and self.only_from is None:
            raise SpecError("a wave without a date changes nothing", 'add "only_from: 2013-10-01"')
        known = [date for date in (self.enrols_on, self.both_from, self.only_from) if date is not None]
        if known != sorted(set(known)):
            what = "operators are enrolled, then both methods hold, then only the new one"
            raise SpecError(what, "put the dates in that order, each later than the one before")
        return self

    @property
    def first(self) -> Day:
        """The first date on which the new method holds."""
        date = self.both_from or self.only_from
        assert date is not None  # checked above
        return date


class CutOver(Base):
    """The way from one method to another, municipality by municipality."""

    to: Name
    """The new method."""
    waves: tuple[CutOverWave, ...] = Field(min_length=1)
    """Who goes over when. Waves may name municipalities again: each goes forward by whichever comes first."""
    prefers_new: Figure[Fraction] = Field(
        default_factory=lambda: Figure[Fraction](
            value=0.5, status="assumed", note="half of the operators take the new one while both hold", range=(0.1, 1.0)
        )
    )
    """Log-ons by the new method while both hold; the others are by the old one."""
    enrolment: Figure[PositiveSeconds] | None = None
    """Time that it takes to enrol one operator, at a terminal; needed where a wave enrols."""
    fails: Figure[Fraction] | None = None
    """Municipalities that have to go back on the day on which only the new method was to hold; none when left out."""
    rolls_back_for: Figure[PositiveSeconds] | None = None
    """How long those go back to the old method alone, before they go over for good."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        """Require how long somebody is enrolled, and for how long a place goes back, where there is any of it."""
        if self.enrolment is None and any(wave.enrols_on is not None for wave in self.waves):
            raise SpecError("operators are enrolled, and nothing says how long that takes", 'add "enrolment: 5 min"')
        if self.fails is not None and self.fails.value > 0.0 and self.rolls_back_for is None:
            raise SpecError("some cut-overs fail, and nothing says for how long", 'add "rolls_back_for: 3 d"')
        return self


class Operators(Base):
    """The operators of the counter terminals; without a session nothing is done at a counter."""

    method: Name = "card"
    """How they log on: `card`, `biometric`, or one of another package; `jukinet log-on list` lists them."""
    hours: Name = "counter"
    """Calendar profile of the hours of the counters: operators log on when they open, sessions end when they close."""
    per_terminal: Figure[PositiveNumber]
    """Operators of a municipality for each of its terminals, rounded up."""
    early: Figure[Seconds]
    """From how long before the counters open operators arrive, each at a time of their own, evenly."""
    late: Figure[Seconds]
    """Until how long after that; later than that nobody does."""
    hand_over: HandOver | None = None
    """Change of shift; none when left out."""
    time_outs: TimeOuts = TimeOuts()
    """Sessions that end during the day."""
    card: CardParameters = CardParameters()
    """Figures of the method `card`; those left out are its usual ones (`jukinet log-on explain card`)."""
    biometric: BiometricParameters = BiometricParameters()
    """Figures of the method `biometric`; those left out are its usual ones."""
    parameters: dict[Name, Figure[Number]] = Field(default_factory=dict)
    """Figures of a method of another package, in the units in which it states them."""
    misuse: dict[Name, Figure[Number]] = Field(default_factory=dict)
    """Attempts a year, in the whole nation, to get in by a way that some method knows, such as `lent-card`."""
    cut_over: CutOver | None = None
    """How another method takes the place of this one; nothing changes when left out."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        """Refuse times that are no times of day, and a change from a method to itself."""
        if self.early.value + self.late.value >= DAY_S / 2.0:
            raise SpecError("operators arrive over more than half a day", "write a smaller early or late", ("early",))
        if self.hand_over is not None and self.hand_over.at.value >= DAY_S:
            raise SpecError('"at" is not a time of day', 'write less than "24 h"', ("hand_over", "at"))
        if self.cut_over is not None and self.cut_over.to == self.method:
            raise SpecError(f"{self.method} is what all have already", "name another method", ("cut_over", "to"))
        return self
