"""What service levels and the terms of measures have in common: one metric of one part, and where and when it is looked at."""

from collections.abc import Mapping

from jukinet_sim import metrics
from jukinet_sim.base.suggest import one_of
from jukinet_sim.base.units import parse_duration, parse_fraction, parse_number, parse_rate
from jukinet_sim.language.base import Base, SpecError, Words
from jukinet_sim.language.window import Window
from jukinet_sim.network.focus import focus_key

WORST = "worst"
_READERS = {"time": parse_duration, "fraction": parse_fraction, "rate": parse_rate, "number": parse_number}


class About(Base):
    """One flow, station, pool or measure, under the key of its kind, and one of its metrics under `metric`.

    Whoever descends from it has a field for each kind, None but for one.
    """

    window: Window | None = None
    """Which stretch of each replication counts: `busiest 1 h` (any width) is the clock-aligned bin with the largest value, or,
    for `availability`, the smallest one; `{from: 2012-04-02 09:00, to: 2012-04-02 12:00}` or `{from: 8 h, to: 9 h}` is that
    stretch. The whole observed run when left out."""
    place: Words | None = None
    """Which place of a station or pool that every place has: its code, name or number, or `worst` for the place with the worst
    value (the largest, but the smallest `availability` and `throughput`). All places together when left out."""

    @property
    def focused(self) -> bool:
        """Whether it is looked at in a window or at a place, rather than over the whole run and all places."""
        return self.window is not None or self.place is not None

    @property
    def where(self) -> tuple[str, str]:
        """The window and the place in words, empty for none: `busiest 1 h`, `worst place`."""
        place = "" if self.place is None else "worst place" if self.place == WORST else f"place {self.place}"
        return self.window.text if self.window is not None else "", place

    @property
    def key(self) -> str:
        """The canonical text by which results know it: `station db utilisation, busiest 1 h, worst place`."""
        return focus_key(self.kind, self.subject, self.metric_name, *self.where)

    @property
    def metric_name(self) -> str:
        """Name of the metric in the catalogue; that of a measure is its value."""
        return str(getattr(self, "metric", None) or "value")

    @property
    def of(self) -> metrics.Metric:
        """The metric; that of a measure is its value."""
        return metrics.of_kind(self.kind)[self.metric_name]

    @property
    def name(self) -> str:
        """What is asked for, in words: `query sojourn.p99`, `db utilisation, busiest 1 h, worst place`, or a measure's name."""
        return self.subject if self.kind == "measure" else self.key.removeprefix(f"{self.kind} ")

    @property
    def kind(self) -> metrics.Kind:
        """What it is about: flow, station, pool or measure."""
        return self._kinds[0]

    @property
    def subject(self) -> str:
        """Name of what it is about."""
        return str(getattr(self, self.kind))

    def _read(self, text: str) -> float:
        """Read a value of the metric with its unit, to SI. Raises UnitError."""
        return _READERS[self.of.dimension](text)

    @property
    def _kinds(self) -> list[metrics.Kind]:
        return [kind for kind in metrics.KINDS if getattr(self, kind) is not None]

    def _check_subject(self, a_part: str) -> None:
        """Require one subject."""
        if len(self._kinds) != 1:
            what = f"{a_part} is about one of flow, station, pool and measure"
            raise SpecError(what, "keep one" if self._kinds else "add one", tuple(self._kinds[1:2]))

    def _check_metric(self, metric: str | None, known: Mapping[str, metrics.Metric], add: str) -> None:
        """Require a metric that the subject has, and none of a measure, which is one."""
        if self.kind == "measure":
            if metric is not None:
                raise SpecError("a measure has no metric", "delete it", ("metric",), at_key=True)
        elif metric is None:
            raise SpecError('missing key "metric"', add)
        elif metric not in known:
            raise SpecError(f'unknown metric "{metric}" of a {self.kind}', one_of(metric, known, ""), ("metric",))

    def _check_where(self, *, several: bool = False) -> None:
        """Require that the metric can be looked at in the window and at the place; `several` parts have no place together."""
        if not self.focused:
            return
        if self.kind == "measure":
            key = "window" if self.window is not None else "place"
            raise SpecError(f"a measure has no {key}", "give one to its terms instead", (key,), at_key=True)
        metric = metrics.of_kind(self.kind)[self.metric_name]
        if self.window is not None and not metric.windowed:
            what = f"{metric.name} is a figure of the whole run and of no window"
            raise SpecError(what, "delete the window, or choose another metric", ("window",), at_key=True)
        if self.place is None:
            return
        if self.kind == "flow":
            what = "a flow is counted for all places together"
            raise SpecError(what, "delete the place, or ask for a station or a pool", ("place",), at_key=True)
        if several:
            raise SpecError("several parts have no place together", f"name one {self.kind} in full", ("place",), at_key=True)
        if not metric.placed:
            kept = ", ".join(name for name, one in metrics.of_kind(self.kind).items() if one.placed)
            what = f"{metric.name} is not kept by place"
            raise SpecError(what, f"delete the place, or choose one of {kept}", ("place",), at_key=True)
