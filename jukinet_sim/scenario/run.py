"""How long, how often and with which seed a scenario runs, and the service levels it is held against."""

import re
from datetime import date
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, Self

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from jukinet_sim.scenario.base import Base, Count, Flag, Name, PositiveCount, PositiveSeconds, SpecError
from jukinet_sim.scenario.suggest import one_of
from jukinet_sim.units import UnitError, parse_count, parse_duration, parse_fraction, parse_number, parse_rate

DAY_S = 86400.0
AUTO = "auto"


def _read_date(value: Any) -> Any:
    """Read a date written year-month-day."""
    if not isinstance(value, str):
        return value
    try:
        return date.fromisoformat(value) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value) else _not_a_date(value)
    except ValueError:
        return _not_a_date(value)


def _not_a_date(value: str) -> Any:
    """Refuse a text that is no date."""
    raise SpecError(f'"{value[:40]}" is not a date', 'write year-month-day, such as "2012-04-01"') from None


Day = Annotated[
    date, BeforeValidator(_read_date), WithJsonSchema({"type": "string", "format": "date", "examples": ["2012-04-01"]})
]


class Period(Base):
    """Days of the calendar (Japan Standard Time), the first and the last included."""

    first_day: Day = Field(alias="from")
    """First day of the run; time 0 is its midnight."""
    last_day: Day = Field(alias="to")
    """Last day of the run."""

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        """Require that the period ends no earlier than it begins."""
        if self.last_day < self.first_day:
            raise SpecError("the period ends before it begins", "write the earlier day as from", ("to",))
        return self

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


class Metric(NamedTuple):
    """One figure of the result document: its keys there, and what it measures (time, fraction, rate or number)."""

    keys: tuple[str, ...]
    measures: str


def _latency(name: str, quantiles: tuple[str, ...] = ("mean", "p50", "p90", "p95", "p99")) -> dict[str, Metric]:
    """Return the metrics of one latency."""
    return {f"{name}.{q}": Metric((f"{name}_s", q), "time") for q in quantiles}


def _plain(**measures: str) -> dict[str, Metric]:
    """Return metrics that are named as in the result document; rates may leave the `_per_s` away."""
    return {name: Metric((f"{name}_per_s" if kind == "rate" else name,), kind) for name, kind in measures.items()}


METRICS: dict[str, dict[str, Metric]] = {
    "flow": {
        **_latency("sojourn"),
        **_latency("wait"),
        **_latency("wait_all"),
        **_plain(throughput="rate", loss_fraction="fraction", abandon_fraction="fraction"),
        **_plain(late_fraction="fraction"),
    },
    "station": {
        **_latency("wait"),
        **_latency("wait_all"),
        **_plain(utilisation="fraction", queue_length="number", in_station="number", throughput="rate"),
        **_plain(availability="fraction", loss_fraction="fraction"),
    },
    "pool": {**_latency("wait", ("mean",)), **_plain(in_use="number")},
    "measure": {"value": Metric(("value",), "number")},
}
_PARSERS = {"time": parse_duration, "fraction": parse_fraction, "rate": parse_rate, "number": parse_number}


class Slo(Base):
    """A service level: one metric of one flow, station or pool, or one measure, against one bound."""

    either: ClassVar[frozenset[str]] = frozenset({"below", "above"})

    flow: Name | None = None
    """The flow it is about."""
    station: Name | None = None
    """The station it is about."""
    pool: Name | None = None
    """The pool it is about."""
    measure: Name | None = None
    """The measure it is about, one of `measures`; it has no metric, and its bound is a plain number in its unit."""
    metric: str | None = None
    """What is measured, such as `sojourn.p99`, `wait.mean`, `utilisation` or `loss_fraction`."""
    below: str | None = None
    """Upper bound, with its unit; met where the estimate is below it."""
    above: str | None = None
    """Lower bound, with its unit; met where the estimate is above it."""

    @model_validator(mode="after")
    def _check_choice(self) -> Self:
        """Require one subject, a metric it has, and one bound that can be read."""
        subjects = [key for key in METRICS if getattr(self, key) is not None]
        bounds = [key for key in ("below", "above") if getattr(self, key) is not None]
        if len(subjects) != 1:
            what = "an SLO is about one of flow, station, pool and measure"
            raise SpecError(what, "keep one" if subjects else "add one", tuple(subjects[1:2]))
        if len(bounds) != 1:
            raise SpecError("an SLO has one bound, below or above", "keep one" if bounds else "add one", tuple(bounds[1:]))
        self._check_metric(subjects[0])
        try:
            self.bound  # noqa: B018  # reading it is the check
        except UnitError as error:
            raise SpecError(error.what, error.cure, (bounds[0],)) from None
        return self

    def _check_metric(self, subject: str) -> None:
        """Require a metric that the subject has, and none of a measure."""
        known = METRICS[subject]
        if subject == "measure":
            if self.metric is not None:
                raise SpecError("a measure has no metric", "delete it", ("metric",), at_key=True)
        elif self.metric is None:
            raise SpecError('missing key "metric"', 'add "metric: ..."')
        elif self.metric not in known:
            what = f'unknown metric "{self.metric}" of a {subject}'
            raise SpecError(what, one_of(self.metric, known, ""), ("metric",))

    @property
    def kind(self) -> str:
        """What it is about: flow, station, pool or measure."""
        return next(key for key in METRICS if getattr(self, key) is not None)

    @property
    def subject(self) -> str:
        """Name of the flow, station, pool or measure."""
        return str(getattr(self, self.kind))

    @property
    def keys(self) -> tuple[str, ...]:
        """Where the metric stands below its subject in the result document."""
        return self._found.keys

    @property
    def bound(self) -> float:
        """The bound in SI."""
        return _PARSERS[self._found.measures](self.below or self.above or "")

    @property
    def name(self) -> str:
        """What is judged, in words: `query sojourn.p99`, or the name of a measure."""
        return self.subject if self.metric is None else f"{self.subject} {self.metric}"

    @property
    def text(self) -> str:
        """The service level in one line: `query sojourn.p99 < 2 s`."""
        sign, bound = ("<", self.below) if self.below is not None else (">", self.above)
        return f"{self.name} {sign} {bound}"

    @property
    def _found(self) -> Metric:
        return METRICS[self.kind][self.metric or "value"]
