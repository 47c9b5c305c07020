"""How jobs of a flow arrive, as a scenario writes it: one key names the kind."""

from itertools import pairwise
from typing import Annotated, Any, Self, TypeAlias

from pydantic import Field, field_validator, model_validator

from jukinet_sim.language.base import (
    Base,
    Count,
    Name,
    Path,
    PerSecond,
    PositiveCount,
    PositiveSeconds,
    Seconds,
    SpecError,
    Words,
)
from jukinet_sim.language.choice import single_choice, tag
from jukinet_sim.language.distributions import Constant, Empirical, NumberDistribution, TimeDistribution, mean_of

ARRIVAL_KINDS = ("poisson", "renewal", "piecewise", "sinusoid", "mmpp", "exact", "times", "scheduled", "closed")


def check_schedule(starts: list[float], repeat: float | None, key: str) -> None:
    """Raise SpecError unless a schedule begins at 0, goes forward and fits into its period, all in seconds."""
    if starts[0] != 0:
        raise SpecError("the first entry does not begin at 0", 'write "at: 0 s" for it', (key, 0, "at"))
    for i, (before, after) in enumerate(pairwise(starts), start=1):
        if after <= before:
            raise SpecError("this entry is not later than the one before", "sort the entries by at", (key, i, "at"))
    if repeat is not None and starts[-1] >= repeat:
        where: Path = (key, len(starts) - 1, "at")
        raise SpecError("this entry begins after the schedule repeats", "make repeat longer or delete it", where)


class Poisson(Base):
    """A Poisson process, of single jobs or of batches."""

    poisson: PerSecond
    """Arrival instants per second."""
    batch: NumberDistribution | None = None
    """Whole jobs per arrival instant; one when left out."""

    @model_validator(mode="after")
    def _check_batch(self) -> Self:
        """Refuse batches that are never a whole job."""
        if self.batch is None:
            return self
        if mean_of(self.batch) == 0:
            raise SpecError("a batch has no jobs in it", "write a mean above 0, or poisson: 0 /s", ("batch",))
        fixed: tuple[float, ...] = ()
        if isinstance(self.batch, Constant):
            fixed = (self.batch.constant,)
        elif isinstance(self.batch, Empirical):
            fixed = self.batch.empirical.values
        if any(size != int(size) for size in fixed):
            raise SpecError("a batch is a whole number of jobs", "write whole numbers", ("batch",))
        return self


class Renewal(Base):
    """Independent times between arrivals; the first arrival comes after one full draw."""

    renewal: TimeDistribution
    """Time between two arrivals."""

    @model_validator(mode="after")
    def _check_mean(self) -> Self:
        """Refuse a mean of 0, which would be endlessly many arrivals."""
        if mean_of(self.renewal) == 0:
            raise SpecError("the mean time between arrivals is 0", "write a mean above 0", ("renewal",))
        return self


class RateFrom(Base):
    """A rate that holds from an instant on."""

    at: Seconds
    """When it begins, from the start of the run or of the period."""
    rate: PerSecond
    """Arrivals per second from then on."""


class Piecewise(Base):
    """A Poisson process whose rate is constant between given instants."""

    piecewise: tuple[RateFrom, ...] = Field(min_length=1)
    """The rates, sorted by `at`; the first begins at 0."""
    repeat: PositiveSeconds | None = None
    """Period after which the rates begin anew; without it the last one holds to the end."""

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        """Require instants that begin at 0 and go forward."""
        check_schedule([piece.at for piece in self.piecewise], self.repeat, "piecewise")
        return self


class Wave(Base):
    """A rate mean + amplitude sin(2 pi t / period)."""

    mean: PerSecond
    """Arrivals per second on average."""
    amplitude: PerSecond
    """Largest deviation from the mean, at most the mean."""
    period: PositiveSeconds
    """Length of one wave."""

    @model_validator(mode="after")
    def _check_amplitude(self) -> Self:
        """Refuse a rate that would become negative."""
        if self.amplitude > self.mean:
            cure = "write an amplitude of at most the mean"
            raise SpecError("the rate would become negative", cure, ("amplitude",))
        return self


class Sinusoid(Base):
    """A Poisson process with a sine-shaped rate."""

    sinusoid: Wave
    """Mean, amplitude and period of the rate."""


class Modulation(Base):
    """Hidden states, each with an arrival rate, and the rates of switching between them."""

    rates: tuple[PerSecond, ...] = Field(min_length=1)
    """Arrivals per second in each state."""
    switch: tuple[tuple[PerSecond, ...], ...] = Field(min_length=1)
    """Row i, column j: switches per second from state i to state j; the diagonal is ignored."""

    @field_validator("switch", mode="before")
    @classmethod
    def _ignore_diagonal(cls, rows: Any) -> Any:
        """Drop what stands on the diagonal, which many write as a negative row sum."""
        if not isinstance(rows, (list, tuple)) or not all(isinstance(row, (list, tuple)) for row in rows):
            return rows
        return tuple(tuple(0.0 if i == j else rate for j, rate in enumerate(row)) for i, row in enumerate(rows))

    @model_validator(mode="after")
    def _check_states(self) -> Self:
        """Require a square matrix in which every state can be reached from every other."""
        n = len(self.rates)
        if len(self.switch) != n:
            what = f"{n} rates but {len(self.switch)} rows of switching rates"
            raise SpecError(what, "write one row for each rate", ("switch",))
        for i, row in enumerate(self.switch):
            if len(row) != n:
                cure = f"write {n} rates, one for each state"
                raise SpecError(f"row {i + 1} has {len(row)} rates for {n} states", cure, ("switch", i))
        if not all(len(_reachable(self.switch, i)) == n for i in range(n)):
            cure = "give every state a way to every other"
            raise SpecError("a state can never be reached or never be left", cure, ("switch",))
        return self


def _reachable(switch: tuple[tuple[float, ...], ...], start: int) -> set[int]:
    """Return the states that can be reached from one, itself included."""
    found, todo = {start}, [start]
    while todo:
        i = todo.pop()
        new = {j for j, rate in enumerate(switch[i]) if rate > 0} - found
        found |= new
        todo.extend(new)
    return found


class Mmpp(Base):
    """A Poisson process modulated by a Markov chain that starts in its stationary law."""

    mmpp: Modulation
    """States and switching rates."""


class CountInPeriod(Base):
    """A number of arrivals and how they spread over the run."""

    count: Count
    """Arrivals in the whole run, exactly."""
    profile: Name = "uniform"
    """Intensity profile over the calendar."""


class Exact(Base):
    """Exactly N arrivals: a Poisson process with the profile's intensity, conditioned on its count."""

    exact: CountInPeriod
    """How many, and the profile."""


class Times(Base):
    """Arrival times read from a CSV file."""

    times: Words
    """CSV file with a column `time_s` (seconds, sorted), in the folder of the scenario file or below it."""


class Delivery(Base):
    """One job of a schedule."""

    at: Seconds
    """When it arrives."""
    records: Count
    """Records it carries."""
    place: Count | None = None
    """Where it comes from: a place of the flow's `origin`, from 0 on; one drawn by weight when left out."""


class Scheduled(Base):
    """Single jobs at given instants, each with its number of records, such as files of a monthly sweep."""

    scheduled: tuple[Delivery, ...] = Field(min_length=1)
    """The jobs, sorted by `at`; equal instants are allowed."""

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        """Require instants that never go back."""
        for i, (before, after) in enumerate(pairwise(self.scheduled), start=1):
            if after.at < before.at:
                where: Path = ("scheduled", i, "at")
                raise SpecError("this job is earlier than the one before", "sort the jobs by at", where)
        return self


class Population(Base):
    """A fixed number of jobs that think, run the route and think again."""

    jobs: PositiveCount
    """Jobs in the closed loop; all think at time 0."""
    think: TimeDistribution
    """Time a job spends outside between two cycles."""


class Closed(Base):
    """A closed loop; each cycle counts as one job that arrives when thinking ends."""

    closed: Population
    """Number of jobs and think time."""


AnyArrivals: TypeAlias = Poisson | Renewal | Piecewise | Sinusoid | Mmpp | Exact | Times | Scheduled | Closed

Arrivals = Annotated[
    Annotated[Poisson, tag("poisson")]
    | Annotated[Renewal, tag("renewal")]
    | Annotated[Piecewise, tag("piecewise")]
    | Annotated[Sinusoid, tag("sinusoid")]
    | Annotated[Mmpp, tag("mmpp")]
    | Annotated[Exact, tag("exact")]
    | Annotated[Times, tag("times")]
    | Annotated[Scheduled, tag("scheduled")]
    | Annotated[Closed, tag("closed")],
    *single_choice("an arrival process", ARRIVAL_KINDS, "{poisson: 0.8 /s}"),
]
"""How jobs arrive."""
