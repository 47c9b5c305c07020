"""One focus while a replication runs: the readings at the edges of its windows, and the best value so far at each place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from jukinet_sim import metrics
from jukinet_sim.engine.focus.extremes import Extremes
from jukinet_sim.engine.focus.formulas import FORMULAS, AtEnd, Formula, Longest, Point, Ratio
from jukinet_sim.engine.focus.members import Inside, Members, part_of
from jukinet_sim.engine.focus.quantiles import quantile
from jukinet_sim.engine.tally import Tally
from jukinet_sim.network.focus import Focus, whole_bins
from jukinet_sim.network.model import Network

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class Found(NamedTuple):
    """What a focus has found in a replication: the value (None where undefined), when its window began, at which place.

    The place is a number, None for a group as a whole or a part that is there once.
    """

    value: float | None
    from_s: float | None = None
    place: int | None = None


@dataclass(frozen=True)
class Edges:
    """When windows begin and end, in order; each but the first ends one, each but the last begins one.

    The last end is not known before the run is over where `endless`.
    """

    first: int
    count: int
    width_s: float | None
    within: tuple[float, float]
    endless: bool = False

    def at(self, number: int) -> float:
        """Return an edge; one that a rounding error puts outside the window lies on it."""
        low, high = self.within
        if self.width_s is None:
            return low if number == 0 else high
        return min(max((self.first + number) * self.width_s, low), high)

    def __iter__(self) -> Iterator[float]:
        return (self.at(number) for number in range(self.count))


def edges_of(focus: Focus, network: Network) -> Edges:
    """Return the edges of a focus's windows in the observed part of a run; none where it has no window there."""
    observed = (network.warm_up_s, network.horizon_s)
    if focus.busiest_s is not None:
        bins = whole_bins(focus.busiest_s, *observed)
        return Edges(bins.first, bins.count + 1 if bins.count else 0, bins.width_s, observed)
    if focus.from_s is not None and focus.to_s is not None:
        inside = network.warm_up_s <= focus.from_s < focus.to_s <= network.horizon_s
        return Edges(0, 2 if inside else 0, None, (focus.from_s, focus.to_s))
    return Edges(0, 1, None, (network.warm_up_s, np.inf), endless=True)


class Watched:
    """One focus in one replication."""

    def __init__(self, focus: Focus, tally: Tally, inside: Inside, extremes: Extremes) -> None:
        self.focus = focus
        self.edges = edges_of(focus, tally.program.network)
        self._next = 0
        self._metric = metrics.of_kind(focus.kind)[focus.metric]
        self._formula: Formula = FORMULAS[focus.kind][focus.metric]
        self._part = part_of(focus, tally.program)
        self._members = Members(self._part, tally, inside)
        self._reader = _reader(self._formula, self._members, extremes, by_place=focus.worst)
        self._sign = 1.0 if self._metric.busiest == "largest" else -1.0
        size = self._members.count if focus.worst else 1
        self._best, self._begins = np.full(size, -np.inf), np.full(size, np.nan)
        self._began = 0.0

    @property
    def next_edge(self) -> float:
        """When the next window begins or ends; infinity where none will."""
        return self.edges.at(self._next) if self._next < self.edges.count else np.inf

    def edge(self, t: float) -> None:
        """Close the window that is open, and open the next one."""
        if self._next > 0:
            self._close(t)
        self._reader.begin(t)
        self._began = t
        self._next += 1

    def _close(self, t: float) -> None:
        value = self._sign * self._reader.end(t)
        better = value > self._best
        if better.any():
            self._best = np.where(better, value, self._best)
            self._begins = np.where(better, self._began, self._begins)

    def close(self, end_s: float) -> None:
        """Close the window that lasts to the end of the run."""
        if self.edges.endless and self._next > 0:
            self._close(end_s)

    def found(self, queues: dict[str, Floats]) -> Found:
        """Return what was found; `queues` are the histories of all queues of the kind at the end."""
        best = self._of_history(queues, self._formula) if isinstance(self._formula, AtEnd) else self._best
        values = np.where(np.isfinite(best), self._sign * best, np.nan)
        if np.isnan(values).all():
            return Found(None, None, self.focus.place)
        worst = np.nanargmax(values) if self._metric.worst == "largest" else np.nanargmin(values)
        begins = None if self.edges.endless else float(self._begins[worst])
        return Found(float(values[worst]), begins, int(worst) if self.focus.worst else self.focus.place)

    def _of_history(self, queues: dict[str, Floats], formula: AtEnd) -> Floats:
        found = queues[formula.figure][self._part.rows]
        if formula.figure == "longest_from":
            found = np.where(queues["longest"][self._part.rows] > 0.0, found, -np.inf)
        return np.asarray(found, dtype=np.float64)


class _Reader(Protocol):
    """Reads what a formula needs where a window begins and ends."""

    def begin(self, t: float) -> None:
        """Take note of everything at the beginning of a window."""

    def end(self, t: float) -> Floats:
        """Return the value of each member, or of all together as one; NaN where it is undefined."""


class _RatioReader:
    """Differences of sums; `by_place` each member has a value of its own."""

    def __init__(self, formula: Ratio, members: Members, *, by_place: bool) -> None:
        self._formula, self._members, self._by_place = formula, members, by_place
        self._below = () if formula.below == ("time",) else formula.below
        self._last: tuple[float, list[Floats]] = (0.0, [])
        self._read_at: tuple[float, list[Floats]] = (-1.0, [])

    def begin(self, t: float) -> None:
        self._last = self._now(t)

    def end(self, t: float) -> Floats:
        (since, before), (_, now) = self._last, self._now(t)
        # What is counted at an instant, such as who is inside for too long, is no difference.
        gained = [b if name in _STANDING else b - a for name, a, b in zip(self._names, before, now, strict=True)]
        above = gained[0] if len(self._formula.above) == 1 else sum(gained[: len(self._formula.above)])
        above = np.maximum(above, 0.0)
        if not self._formula.below:
            return above * self._formula.scale
        if not self._below:
            return np.asarray(above / (t - since)) if t > since else np.full(above.shape, np.nan)
        below = sum(gained[len(self._formula.above) :])
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(below > 0.0, above / below, np.nan)

    @property
    def _names(self) -> tuple[str, ...]:
        return (*self._formula.above, *self._below)

    def _now(self, t: float) -> tuple[float, list[Floats]]:
        """Return everything at t, read once where one window ends and the next begins."""
        if self._read_at[0] != t:
            each: dict[str, Floats] = {}
            for name in self._names:
                each[name] = each[name] if name in each else self._members.quantity(name, t)
            found = [each[name] for name in self._names]
            self._read_at = (t, found if self._by_place else [one.sum(keepdims=True) for one in found])
        return self._read_at


_STANDING = ("late_inside", "late_records_inside")


class _LongestReader:
    """Extremes of a window, where something was counted in it."""

    def __init__(self, formula: Longest, members: Members, extremes: Extremes, *, by_place: bool) -> None:
        self._members, self._by_place = members, by_place
        self._tracked = [extremes.track(members.part.kind, name, members.part.rows) for name in formula.extremes]
        self._zero = members.shared and formula.counted != ()
        self._counted = _RatioReader(Ratio(formula.counted), members, by_place=by_place) if formula.counted else None

    def begin(self, t: float) -> None:
        for one in self._tracked:
            one.word.take(t)
            one.begin()
        if self._counted is not None:
            self._counted.begin(t)

    def end(self, t: float) -> Floats:
        for one in self._tracked:
            one.word.take(t)
        longest = np.max([one.values for one in self._tracked], axis=0) * (0.0 if self._zero else 1.0)
        longest = longest if self._by_place else longest.max(keepdims=True)
        return longest if self._counted is None else np.where(self._counted.end(t) > 0.0, longest, np.nan)


class _PointReader:
    """Quantiles from differences of the group's histograms."""

    def __init__(self, formula: Point, members: Members, extremes: Extremes) -> None:
        self._formula, self._members = formula, members
        self._counted = _RatioReader(Ratio((formula.counted,)), members, by_place=False)
        kind, rows = members.part.kind, members.part.rows
        self._high = [extremes.track(kind, name, rows) for name in formula.high]
        self._low = [extremes.track(kind, formula.low, rows)] if formula.low else []
        self._last: Sequence[Ints] = ()

    def begin(self, t: float) -> None:
        self._last = [self._members.histogram(name).copy() for name in self._formula.histograms]
        self._counted.begin(t)
        for one in (*self._high, *self._low):
            one.word.take(t)
            one.begin()

    def end(self, t: float) -> Floats:
        for one in (*self._high, *self._low):
            one.word.take(t)
        counted = int(self._counted.end(t)[0])
        stayed, *left = (
            self._members.histogram(name) - last for name, last in zip(self._formula.histograms, self._last, strict=True)
        )
        gone = int(left[0].sum()) if left else 0
        if counted + gone == 0:
            return np.array([np.nan])
        if self._members.shared:
            return np.zeros(1)
        zeros = counted - int(stayed.sum())
        low = float(min(one.values.min() for one in self._low)) if self._low and not gone else 0.0
        high = max(float(one.values.max()) for one in self._high[: 2 if gone else 1])
        both = stayed + left[0] if gone else stayed
        point = quantile(np.cumsum(both) + zeros, int(both[0]) + zeros, self._formula.p, low, high)
        return np.array([np.nan if point is None else point])


def _reader(formula: Formula, members: Members, extremes: Extremes, *, by_place: bool) -> _Reader:
    match formula:
        case Ratio():
            return _RatioReader(formula, members, by_place=by_place)
        case Longest():
            return _LongestReader(formula, members, extremes, by_place=by_place)
        case Point():
            return _PointReader(formula, members, extremes)
    return _RatioReader(Ratio(()), members, by_place=by_place)
