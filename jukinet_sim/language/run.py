"""How long, how often and with which seed a scenario runs."""

import re
from datetime import date
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from jukinet_sim.base.units import UnitError, parse_count, parse_duration
from jukinet_sim.language.base import Base, Count, Flag, PositiveCount, PositiveSeconds, SpecError

DAY_S = 86400.0
AUTO = "auto"
LAST_YEAR = 9000


def _read_date(value: Any) -> Any:
    """Read a date written year-month-day."""
    if not isinstance(value, str):
        return value
    try:
        found = date.fromisoformat(value) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value) else _not_a_date(value)
    except ValueError:
        return _not_a_date(value)
    if found.year > LAST_YEAR:
        # Days after it are counted too, and a calendar of this kind ends with the year 9999.
        raise SpecError(f"{value} is beyond all planning", f"write a year up to {LAST_YEAR}")
    return found


def _not_a_date(value: str) -> Any:
    """Refuse a text that is no date."""
    raise SpecError(f'"{value[:40]}" is not a date', 'write year-month-day, such as "2012-04-01"') from None


Day = Annotated[
    date, BeforeValidator(_read_date), WithJsonSchema({"type": "string", "format": "date", "examples": ["2012-04-01"]})
]


class Days(Base):
    """Days of the calendar (Japan Standard Time), the first and the last included."""

    first_day: Day = Field(alias="from")
    """The first of these days."""
    last_day: Day = Field(alias="to")
    """The last of them."""

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        """Refuse days that go back in time."""
        if self.last_day < self.first_day:
            raise SpecError("the last day is before the first", "write the earlier day as from", ("to",))
        return self


class Period(Days):
    """Days of the calendar (Japan Standard Time) of a run; time 0 is midnight before the first."""

    @property
    def length_s(self) -> float:
        """Seconds from midnight before the first day to midnight after the last."""
        return ((self.last_day - self.first_day).days + 1) * DAY_S


def _time_or(word: str) -> BeforeValidator:
    """Return a reader of a time or of one word in its place."""

    def read(value: Any) -> Any:
        if isinstance(value, (dict, list, tuple)):
            raise SpecError("this is not one value", f'write a time such as "20 ms", or "{word}"')
        if not isinstance(value, str) or value == word:
            return value
        try:
            return parse_duration(value)
        except UnitError as error:
            raise SpecError(error.what, f'{error.cure}, or "{word}"') from None

    return BeforeValidator(read)


def _positive_bin(value: Any) -> Any:
    """Turn the word none into no series and refuse a bin of no width."""
    if value == "none":
        return None
    if value == 0:
        raise SpecError("a bin has no width", 'write a width such as "1 h" (or "none")')
    return value


def _read_seed(value: Any) -> Any:
    """Refuse a seed that does not fit into 64 bits."""
    number = parse_count(value) if isinstance(value, str) else value
    if isinstance(number, int) and number >= 2**64:
        raise SpecError("the seed is too large", "write a number below 2^64")
    return number


def _bounded_replications(number: int) -> int:
    """Refuse more replications than could ever be kept."""
    if number > MOST_REPLICATIONS:
        raise SpecError(f"{number} replications are too many", f"write at most {MOST_REPLICATIONS}")
    return number


MOST_REPLICATIONS = 1_000_000


class Run(Base):
    """The run: its length, warm-up, replications and what is kept."""

    either: ClassVar[frozenset[str]] = frozenset({"horizon", "period"})

    horizon: PositiveSeconds | None = None
    """End of the run, warm-up included; give either this or a period."""
    period: Period | None = None
    """Days of the calendar that the run covers, instead of a horizon."""
    warm_up: Annotated[
        float | Literal["auto"],
        _time_or(AUTO),
        WithJsonSchema({"type": "string", "examples": ["1000 s", "auto"]}),
    ] = 0.0
    """Time at the start that is not observed; `auto` finds it by MSER-5 on the average over replications."""
    replications: Annotated[PositiveCount, AfterValidator(_bounded_replications)] = 20
    """Independent repetitions."""
    seed: Annotated[Count, BeforeValidator(_read_seed)] = 1
    """Seed of every draw; the same seed and scenario give the same results."""
    engine: Literal["auto", "fast", "reference"] = "auto"
    """Which engine runs it; results are the same, `auto` takes the quicker one."""
    records: Literal["none", "visits"] = "none"
    """Whether every visit is kept as a row, in `visits/` of the run folder; a page there says how to read them."""
    series: Annotated[
        float | None,
        BeforeValidator(_positive_bin),
        _time_or("none"),
        WithJsonSchema({"type": "string", "examples": ["1 h", "none"]}),
    ] = None
    """Width of the bins of the time series, or `none`."""
    drain: Flag = False
    """Whether jobs still in the network at the horizon are served to their end. The window then ends with the last of them;
    a series still ends at the horizon."""
    event_budget: PositiveCount = 20_000_000_000
    """Most events of one replication before it is stopped."""
    same_instant_budget: PositiveCount = 1_000_000
    """Most events at one instant before the run counts as an endless loop."""
    job_budget: PositiveCount = 4_000_000
    """Most jobs in the network at once before the run is stopped; it guards memory, so an engine may notice somewhat later."""

    @property
    def horizon_s(self) -> float:
        """End of the run in seconds, from the horizon or the period."""
        if self.period is not None:
            return self.period.length_s
        if self.horizon is None:
            raise ValueError("a run has neither horizon nor period")
        return self.horizon
