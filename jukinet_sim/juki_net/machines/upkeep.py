"""What becomes of a machine in the course of a run: failures at random, other servers or speeds from a date on."""

from typing import Literal, Self

from pydantic import Field, model_validator

from jukinet_sim.language.base import Base, Figure, PositiveCount, PositiveNumber, PositiveSeconds, SpecError
from jukinet_sim.language.run import Day


class Failing(Base):
    """Failures at random, after exponential times whether it is busy or idle; work in service goes on where it stopped."""

    up: Figure[PositiveSeconds]
    """Mean time from a repair, or the start, to the next failure."""
    down: Figure[PositiveSeconds]
    """Mean time from a failure to its repair."""
    per: Literal["server", "station"] = "server"
    """Whether each server fails for itself or all of them at once."""


class MachineFrom(Base):
    """What holds from a date on."""

    first_day: Day = Field(alias="from")
    """The day, from 0:00 on."""
    servers: Figure[PositiveCount] | None = None
    """Servers from then on; as many as before when left out."""
    speed: Figure[PositiveNumber] | None = None
    """How many times as fast they are as at first; as fast as before when left out."""

    @model_validator(mode="after")
    def _check_something(self) -> Self:
        """Refuse a date on which nothing changes."""
        if self.servers is None and self.speed is None:
            raise SpecError("nothing changes on this date", 'add "servers" or "speed", or delete it')
        return self


class Machine(Base):
    """What every machine has besides what it does."""

    breakdowns: Failing | None = None
    """Failures at random; it never fails when left out."""
    changes: tuple[MachineFrom, ...] = ()
    """Other numbers of servers and speeds from a date on, sorted by date; those of each place where each has one."""

    @model_validator(mode="after")
    def _check_dates(self) -> Self:
        """Require dates in their order."""
        days = [change.first_day for change in self.changes]
        if days != sorted(set(days)):
            raise SpecError("the changes do not go forward in time", "sort them by date, one for each", ("changes",))
        return self
