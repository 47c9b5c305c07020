"""Where the search begins: parameters by the utilisation law where it says something about them, else the scenario's own.

Demands per job and arrival rates are linear in the parameters, whatever route leads there, so that what was observed of
utilisations and throughputs is a linear regression; the network is compiled for it and not simulated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.base.errors import UsageError
from jukinet_sim.experiments.verbs.calibrate.keys import FitKey
from jukinet_sim.experiments.verbs.calibrate.observed import Observed
from jukinet_sim.fitting.utilisation_law import service_demands
from jukinet_sim.language.run import Run
from jukinet_sim.network.model import Flow, Network, Station
from jukinet_sim.theory.arrivals import rate_steps
from jukinet_sim.theory.work import SourceWork, work_by_source

Floats = NDArray[np.float64]
Compile = Callable[[Sequence[float]], Network]
"""Values of the parameters in SI to the network that has them."""
Stretch = tuple[float, float]
_STEP = 0.1
"""Relative step by which slopes are found; they are those of straight lines, so any would do."""
_MOST = 50.0
"""No start lies further than this factor from the scenario's own value."""
_RANK = 1e-6
_EXACT = 1e-4
"""No observed demand is taken to be known better than to this part of itself."""


@dataclass(frozen=True)
class Start:
    """Where a parameter's search begins, in SI, and whether the utilisation law says so."""

    value: float
    by_law: bool


def starts(keys: Sequence[FitKey], observed: Sequence[Observed], compiled: Compile, run: Run) -> tuple[Start, ...]:
    """Return where the search for each key begins, within its bounds. Raises ScenarioError for what cannot be compiled."""
    own = [key.in_si(key.written) for key in keys]
    base = compiled(own)
    steps = [_step(key, value) for key, value in zip(keys, own, strict=True)]
    moved = [compiled([v * (1.0 + step) if i == j else v for i, v in enumerate(own)]) for j, step in enumerate(steps)]
    factors = _solved(list(_equations(_Seen(base, observed, run), [base, *moved])), np.array(steps))
    found = []
    for key, value, factor in zip(keys, own, factors, strict=True):
        low, high = key.in_si(key.low), key.in_si(key.high)
        known = factor is not None and 1.0 / _MOST <= factor <= _MOST
        found.append(Start(key.rounded(min(max(value * factor, low), high) if known and factor else value), known))
    return tuple(found)


def _step(key: FitKey, value: float) -> float:
    """Return the relative step from a value of a parameter, within its bounds, by which slopes are found; 0 from 0."""
    ends = [key.rounded(value * (1.0 + step)) for step in (_STEP, -_STEP)]
    return max((end / value - 1.0 for end in ends), key=abs) if value else 0.0


@dataclass(frozen=True)
class _Equation:
    """What is expected of something, by each network, what was observed of it, and how far off that may be."""

    expected: Floats
    observed: float
    error: float


def _solved(equations: Sequence[_Equation], steps: Floats) -> list[float | None]:
    """Return the factor by which each parameter differs from the scenario's; None where nothing observed says so.

    Least squares; of those that only together are determined, none is taken to be.
    """
    keys = len(steps)
    rows = [(one.expected[1:] - one.expected[0]) / np.where(steps, steps, 1.0) / one.error for one in equations]
    if not rows:
        return [None] * keys
    slopes = np.stack(rows)
    rests = np.array([(one.observed - one.expected[0]) / one.error for one in equations])
    _, singular, directions = np.linalg.svd(slopes, full_matrices=True)
    rank = int(np.count_nonzero(singular > _RANK * singular[0])) if singular[0] > 0.0 else 0
    solution = np.linalg.lstsq(slopes, rests, rcond=_RANK)[0]
    open_ = np.abs(directions[rank:]).max(axis=0) > _RANK if rank < keys else np.zeros(keys, dtype=bool)
    return [None if free else 1.0 + float(x) for free, x in zip(open_, solution, strict=True)]


class _Seen:
    """Observed utilisations and throughputs: by name, for each stretch of the run in seconds."""

    def __init__(self, network: Network, observed: Sequence[Observed], run: Run) -> None:
        self.figures: dict[tuple[str, str], dict[Stretch, float]] = {}
        first_day = None if run.period is None else run.period.first_day
        for one in observed:
            window = one.level.window
            stretch = (network.warm_up_s, network.horizon_s) if window is None else window.seconds(first_day)
            named = self.figures.setdefault((f"{one.level.kind} {one.metric.name}", one.level.subject), {})
            named[stretch] = one.value

    def of(self, kind: str, name: str) -> Mapping[Stretch, float]:
        """Return the values of one kind of figure, such as `station utilisation`, of one part."""
        return self.figures.get((kind, name), {})


def _equations(seen: _Seen, networks: Sequence[Network]) -> Iterator[_Equation]:
    """Yield what throughputs say of arrival rates, and utilisations of demands."""
    each = [work_by_source(network) for network in networks]
    flows = [source.flow.name for source in each[0]]
    for number, name in enumerate(flows):
        for stretch, value in seen.of("flow throughput", name).items():
            if value == 0.0:
                continue
            rates = [_rate(sources[number].flow, networks[0], stretch) for sources in each]
            yield _Equation(np.array(rates), value, value)
    for group, station in enumerate(networks[0].stations):
        utilisations = seen.of("station utilisation", station.name)
        if utilisations and station.schedule is None and not station.speed:
            demands = np.array([[_demand(source, group) for source in sources] for sources in each])
            yield from _law(station, flows, demands, _Loads(seen, utilisations, networks[0], each[0]))


def _rate(flow: Flow, network: Network, stretch: Stretch) -> float:
    """Return the arrivals per second that a flow has in a stretch of the run."""
    starts, rates = rate_steps(flow, network.horizon_s)
    edges = np.clip(np.append(starts, network.horizon_s), *stretch)
    return float(np.dot(rates, np.diff(edges))) / (stretch[1] - stretch[0])


def _demand(source: SourceWork, group: int) -> float:
    return float(source.stations.work_s(group).sum()) if group in source.stations.shares else 0.0


class _Loads:
    """The stretches in which the utilisation of a station was observed, and the throughput of every flow there.

    Where nobody observed the throughput of a flow it is taken to be what the scenario has it arrive.
    """

    def __init__(
        self, seen: _Seen, utilisations: Mapping[Stretch, float], network: Network, sources: Sequence[SourceWork]
    ) -> None:
        stretches = list(utilisations)
        self.utilisation = np.array([utilisations[stretch] for stretch in stretches])
        self.duration_s = np.array([ends - begins for begins, ends in stretches])
        columns = [(one.flow, seen.of("flow throughput", one.flow.name)) for one in sources]
        rows = [[known.get(at, _rate(flow, network, at)) for flow, known in columns] for at in stretches]
        self.throughput_per_s = np.array(rows)


def _law(station: Station, flows: Sequence[str], demands: Floats, loads: _Loads) -> Iterator[_Equation]:
    """Yield what utilisations say of the demands [networks, flows] at a station.

    Where there are enough stretches each flow's demand is estimated from all of them, with its error; else every stretch is
    an equation of its own.
    """
    servers = float(station.servers_by_place(1).sum()) if station.per is None else 0.0
    visits = demands.any(axis=0)
    fitted = visits & (np.ptp(demands, axis=0) > 0.0)
    if not servers or not fitted.any():
        return
    columns = np.nonzero(visits)[0].tolist()
    known = {flows[i]: float(demands[0, i]) for i in columns if not fitted[i]}
    try:
        found = service_demands(
            station.name, [flows[i] for i in columns], loads.utilisation, loads.throughput_per_s[:, columns],
            servers=servers, duration_s=loads.duration_s, known_s=known,
        )  # fmt: skip
    except UsageError:
        work = demands @ loads.throughput_per_s.T
        for expected, busy in zip(work.T, loads.utilisation * servers, strict=True):
            if busy > 0.0:
                yield _Equation(expected, float(busy), float(busy))
        return
    for one in found.demands:
        error = max(one.standard_error_s, _EXACT * one.value_s)
        if one.value_s > 0.0:
            yield _Equation(demands[:, flows.index(one.flow)], one.value_s, error)
