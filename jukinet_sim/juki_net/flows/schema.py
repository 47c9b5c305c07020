"""Flows of the national network as a scenario writes them: how many, when, between whom, and by which steps."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from jukinet_sim.juki_net.flows.amounts import AMOUNTS, Batches, DayVolume, Growth
from jukinet_sim.juki_net.flows.steps import NationalStep
from jukinet_sim.juki_net.machines.schema import NationalLevel
from jukinet_sim.language.base import (
    Base,
    Count,
    Figure,
    Flag,
    Name,
    Number,
    PositiveSeconds,
    SpecError,
)
from jukinet_sim.language.distributions import TimeDistribution
from jukinet_sim.language.flows import Retry, check_timeout, or_name_of

Origin = Literal["municipality", "prefecture", "nation"]


class NationalFlow(Base):
    """A class of messages or cases: one entry here is all that a new flow takes."""

    either: ClassVar[frozenset[str]] = frozenset({*AMOUNTS, "days"})

    per_year: Figure[Number] | None = None
    """Jobs (records, with `batches`) a year in the whole nation; a list of fewer residents has proportionally fewer."""
    per_month: Figure[Number] | None = None
    """The same a month, on average over a year: a twelfth of `per_year`."""
    in_period: Figure[Number] | None = None
    """The same in the period of the run, however long it is; growth moves them within it."""
    nine_months: Figure[Number] | None = None
    """The same for April to December 2012, exact; other periods in proportion to the profile."""
    days: tuple[DayVolume, ...] = ()
    """The same for single days, sorted by date, and nothing on others: `[{on: 2020-05-07, jobs: {value: 110000, ...}}]`. Each
    job falls on one of them in proportion to their numbers; days outside the run are left out."""
    profile: Name = "counter"
    """Calendar profile of when they come, or one of `juki_net.calendars`."""
    growth: tuple[Growth, ...] = ()
    """Factors that hold from a date on, or by which the flow grows each year from one on, sorted by date."""
    batches: Batches | None = None
    """Send files of what the profile brought since the last one, from the national centre or from each municipality; one job
    for each when left out."""
    origin: Origin = "municipality"
    """Where a job begins, drawn by residents; `nation` is the national centre."""
    destination: NationalLevel | None = None
    """The other end, drawn by residents, for links between two places."""
    group: Name | None = None
    """Only municipalities of this group, one of `juki_net.groups`, from the day on which each joins."""
    weights: Literal["residents", "card_holders"] = "residents"
    """What the origin is drawn by."""
    priority: Count = 0
    """Rank at stations with priority discipline; smaller is served first."""
    patience: TimeDistribution | None = None
    """Longest wait for service at any one station; for ever when left out."""
    timeout: TimeDistribution | None = None
    """Longest time from the beginning of an attempt to the end of the route; for ever when left out."""
    zombie: Flag = False
    """Whether service in progress at the time-out runs on to its end, for nobody."""
    retry: Retry | None = None
    """What a job does after loss or abandonment; it gives up when left out."""
    due: Figure[PositiveSeconds] | None = None
    """A job that takes longer is late, such as a resident who is kept waiting at a counter."""
    gives_up: Figure[PositiveSeconds] | None = None
    """Mean time, exponential, after which somebody who waits for the first terminal of the route goes away, for good unless
    `retry` says otherwise; everybody waits as long as it takes when left out."""
    route: Annotated[tuple[NationalStep, ...], *or_name_of("juki_net.routes")] = Field(min_length=1)
    """The steps, from the first to the last, or the name of one of `juki_net.routes`."""

    @property
    def amount(self) -> str | None:
        """The key that says how many come in a stretch of time; None where single days do, or others spawn the jobs."""
        return next((key for key in AMOUNTS if getattr(self, key) is not None), None)

    @model_validator(mode="after")
    def _check_volume(self) -> Self:
        """Refuse two volumes, growth that goes back in time, and files whose hour is no hour."""
        given = [key for key in AMOUNTS if getattr(self, key) is not None]
        if len(given) > 1:
            raise SpecError(f'both "{given[0]}" and "{given[1]}" are given', "keep one", (given[1],), at_key=True)
        if self.days:
            self._check_single_days()
        days = [step.first_day for step in self.growth]
        if days != sorted(set(days)):
            raise SpecError("growth does not go forward in time", "sort the entries by date, one for each", ("growth",))
        if self.group is not None and self.origin != "municipality":
            raise SpecError("a group consists of municipalities", 'write "origin: municipality"', ("group",), at_key=True)
        if self.batches is not None and self.origin == "prefecture":
            cure = 'write "origin: nation" or "origin: municipality"'
            raise SpecError("files are sent by the national centre or by municipalities", cure, ("origin",))
        check_timeout(self.timeout, zombie=self.zombie)
        return self

    def _check_single_days(self) -> None:
        """Require days in their order, and nothing beside them that says how many come."""
        if self.amount is not None:
            raise SpecError(f'both "{self.amount}" and "days" are given', "keep one", ("days",), at_key=True)
        for key, given in (("growth", self.growth), ("batches", self.batches)):
            if given:
                raise SpecError(f'"days" say all of how many come, and "{key}" more', f'delete "{key}"', (key,), at_key=True)
        days = [day.on for day in self.days]
        if days != sorted(set(days)):
            raise SpecError("the days do not go forward in time", "sort the entries by date, one for each", ("days",))
