"""Figures in windows and at places against the same ones computed from kept visit rows, on both engines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from jukinet_sim import metrics
from jukinet_sim.chance import distributions
from jukinet_sim.engine.focus.formulas import FORMULAS
from jukinet_sim.engine.focus.hours import hourly
from jukinet_sim.engine.program import compile_program
from jukinet_sim.engine.protocol import Replication
from jukinet_sim.network.focus import Bins, Focus, place_number, whole_bins
from jukinet_sim.network.model import (
    Acquire,
    Flow,
    Network,
    Outage,
    PlaceLevel,
    Poisson,
    Pool,
    Release,
    Schedule,
    Scheduled,
    Station,
    Visit,
    frozen_floats,
    kept_stations,
)  # fmt: skip
from jukinet_sim.results.measures import quantity
from jukinet_sim.results.summary import digest
from tests.twins.compare import run_fast, run_reference

TOWNS, WIDTH = 4, 600.0
RUNS: dict[str, Callable[[Network], Replication]] = {"fast": run_fast, "reference": run_reference}


def towns(*focuses: Focus, warm_up_s: float = 500.0, horizon_s: float = 10_900.0) -> Network:
    """A desk in each of four towns, of which one sees most jobs, and a hall that all share; nothing falls on a full bin."""
    pass_both = (
        Acquire("tokens"),
        Visit("desk", distributions.exponential(60.0)),
        Release("tokens"),
        Visit("hall", distributions.exponential(20.0)),
    )
    return Network(
        name="towns",
        horizon_s=horizon_s,
        warm_up_s=warm_up_s,
        levels=(PlaceLevel("town", TOWNS, frozen_floats([4.0, 2.0, 1.0, 1.0]), labels=("a Ada", "b Bow", "c Cam", "d Dee")),),
        stations=(Station("desk", 1, per="town"), Station("hall", 1)),
        pools=(Pool("tokens", 3, per="town"),),
        flows=(Flow("job", pass_both, Poisson(1 / 45.0), origin="town", due_s=400.0),),
        focuses=focuses,
    )


def look(part: str, metric: str, kind: str = "station", **where: object) -> Focus:
    """A focus with a key of its own."""
    return Focus(f"{part} {metric} {where}", kind, (part,), metric, **where)  # type: ignore[arg-type]


class Rows:
    """The visits of a replication to the desks, or to the hall, by town."""

    def __init__(self, run: Replication, program_first: int, count: int) -> None:
        assert run.visit_rows is not None
        whole, times = run.visit_rows
        self.here = [times[whole[:, 3] == program_first + place] for place in range(count)]

    def each(self, bins: Bins, value: Callable[[np.ndarray, float, float], float]) -> np.ndarray:
        """A value for each bin and place, computed from the visits there."""
        edges = [(bins.first + i) * bins.width_s for i in range(bins.count + 1)]
        return np.array([[value(rows, a, b) for rows in self.here] for a, b in pairwise(edges)])


def overlap(begins: np.ndarray, ends: np.ndarray, a: float, b: float) -> float:
    """Seconds of some stretches that fall into a bin."""
    return float(np.clip(np.minimum(ends, b) - np.maximum(begins, a), 0.0, None).sum())


def utilisation(rows: np.ndarray, a: float, b: float) -> float:
    """Busy time of the bin."""
    return overlap(rows[:, 1], rows[:, 2], a, b) / (b - a)


def waits(rows: np.ndarray, a: float, b: float) -> np.ndarray:
    """Waits that ended in the bin, by the start of service."""
    started = rows[(rows[:, 1] > a) & (rows[:, 1] <= b)]
    return started[:, 1] - started[:, 0]


def mean_wait(rows: np.ndarray, a: float, b: float) -> float:
    """Their mean; none of none."""
    return float(waits(rows, a, b).mean()) if len(waits(rows, a, b)) else np.nan


def longest_wait(rows: np.ndarray, a: float, b: float) -> float:
    """The longest of them."""
    return float(waits(rows, a, b).max()) if len(waits(rows, a, b)) else np.nan


def throughput(rows: np.ndarray, a: float, b: float) -> float:
    """Visits that ended in the bin, per second."""
    return float(((rows[:, 2] > a) & (rows[:, 2] <= b)).sum()) / (b - a)


def fullest(rows: np.ndarray, a: float, b: float) -> float:
    """Most jobs that waited at once, counted at the bin's beginning and after each arrival in it."""
    instants = [a, *rows[(rows[:, 0] > a) & (rows[:, 0] <= b), 0]]
    return float(max(((rows[:, 0] <= t) & (rows[:, 1] > t)).sum() for t in instants))


FROM_ROWS = {
    "utilisation": utilisation,
    "wait.mean": mean_wait,
    "wait.max": longest_wait,
    "throughput": throughput,
    "queue.max": fullest,
    "queue_length": lambda rows, a, b: overlap(rows[:, 0], rows[:, 1], a, b) / (b - a),
}


@pytest.mark.parametrize("engine", RUNS)
def test_busiest_bin_at_the_worst_place(engine: str) -> None:
    """Value, bin and place are those that the kept visits have, bins cut by warm-up or horizon left out."""
    focuses = [look("desk", metric, worst=True, busiest_s=WIDTH) for metric in FROM_ROWS]
    network = towns(*focuses)
    run = RUNS[engine](replace(network, horizon_s=10_900.0, drain=True))
    bins = whole_bins(WIDTH, 500.0, 10_900.0)
    assert bins == Bins(WIDTH, 1, 17)
    rows = Rows(run, compile_program(network).station_first[0], TOWNS)
    for focus in focuses:
        each = rows.each(bins, FROM_ROWS[focus.metric])
        best = np.nanmax(each, axis=0)
        worst = int(np.nanargmin(best) if focus.metric == "throughput" else np.nanargmax(best))
        value, from_s, place = run.found[focus.key]
        assert value == pytest.approx(best[worst], rel=1e-9)
        assert place is not None
        assert best[place] == pytest.approx(best[worst], rel=1e-9)
        assert from_s is not None
        assert each[round(from_s / WIDTH) - 1, place] == pytest.approx(best[worst], rel=1e-9)


@pytest.mark.parametrize("engine", RUNS)
def test_one_place_in_one_stretch(engine: str) -> None:
    """A place and a stretch from one instant to another, neither a multiple of anything, give what the visits give."""
    stretch = {"from_s": 1234.5, "to_s": 4321.0}
    focuses = [look("desk", metric, place=1, **stretch) for metric in FROM_ROWS]
    network = towns(*focuses)
    run = RUNS[engine](replace(network, drain=True))
    rows = Rows(run, compile_program(network).station_first[0] + 1, 1)
    for focus in focuses:
        value, from_s, place = run.found[focus.key]
        assert value == pytest.approx(FROM_ROWS[focus.metric](rows.here[0], 1234.5, 4321.0), rel=1e-9)
        assert (from_s, place) == (1234.5, 1)


def test_quantile_of_the_busiest_bin() -> None:
    """The quantile of a bin is that of the waits that ended in it, to within a bin of the histogram."""
    focus = look("hall", "wait.p90", busiest_s=WIDTH)
    network = towns(focus)
    run = run_fast(replace(network, drain=True))
    rows = Rows(run, compile_program(network).station_first[1], 1)
    bins = whole_bins(WIDTH, 500.0, 10_900.0)

    def p90(rows: np.ndarray, a: float, b: float) -> float:
        return float(np.quantile(waits(rows, a, b), 0.9, method="inverted_cdf"))

    each = rows.each(bins, p90)[:, 0]
    value, from_s, place = run.found[focus.key]
    assert value == pytest.approx(each.max(), rel=0.005)
    assert (from_s, place) == ((bins.first + int(each.argmax())) * WIDTH, None)


def everything_looked_at(network: Network, **where: object) -> list[Focus]:
    """Every metric that a window can have, of every part."""
    parts = {"flow": network.flows, "station": network.stations, "pool": network.pools}
    return [
        look(part.name, name, kind, **where)
        for kind, those in parts.items()
        for part in those  # type: ignore[attr-defined]
        for name, metric in metrics.of_kind(kind).items()  # type: ignore[arg-type]
        if metric.windowed and not (metric.needs == "servers" and part.discipline == "ps")
        if metric.needs != "kept" or part.name in kept_stations(network)
    ]


def odd() -> Network:
    """The towns with a schedule, an outage, shared servers and room for few, so that every kind of record is read."""
    network = towns(horizon_s=11_000.0)
    desk = Station("desk", 2, per="town", capacity=4, outages=(Outage(2000.0, 700.0, 1),))
    hall = Station("hall", 2, schedule=Schedule((0.0, 1000.0), (2, 1), 1800.0))
    shared = Station("shared", 1, discipline="ps", capacity=1)
    before = (
        replace(step, hold=step.station == "hall") if isinstance(step, Visit) else step for step in network.flows[0].route
    )
    route = (*before, Visit("shared", distributions.exponential(25.0)))
    flow = replace(network.flows[0], route=route, patience=distributions.exponential(90.0), due_s=200.0)
    return replace(network, stations=(desk, hall, shared), flows=(flow,))


@pytest.mark.parametrize("engine", RUNS)
@pytest.mark.parametrize("network", [towns(), odd()], ids=["towns", "odd"])
def test_a_window_as_long_as_the_run_is_the_run(engine: str, network: Network) -> None:
    """Every metric looked at over the whole observed run has the value that the plain metric has, undefined ones included."""
    looked = everything_looked_at(network, from_s=network.warm_up_s, to_s=network.horizon_s)
    run = RUNS[engine](replace(network, focuses=tuple(looked)))
    summary = digest(run, compile_program(replace(network, focuses=tuple(looked))))
    window_s = network.horizon_s - network.warm_up_s
    for focus in looked:
        part = summary.kinds()[focus.kind][focus.parts[0]]
        metric = metrics.of_kind(focus.kind)[focus.metric]
        plain = quantity(metric, part, window_s) if metric.summed else part.metrics[metric.path]
        value = run.found[focus.key].value
        assert (value is None) is (plain is None), focus
        if plain is not None:
            assert value == pytest.approx(plain, rel=1e-9, abs=1e-9), focus


def test_looking_changes_nothing_and_engines_agree() -> None:
    """Whatever is looked at, in bins of several widths: engines find the same bits, and the run is that of a run without."""
    network = odd()
    looked = [
        *everything_looked_at(network, busiest_s=WIDTH),
        *everything_looked_at(network, busiest_s=250.0),
        *everything_looked_at(network, from_s=700.0, to_s=5100.0),
    ]
    watched = replace(network, focuses=tuple(looked))
    fast, reference, plain = run_fast(watched), run_reference(watched), run_fast(replace(network, busiest_hours=False))
    assert len(fast.found) == len(looked) + len(network.stations)
    assert fast.found == reference.found
    assert fast.fingerprint == reference.fingerprint == plain.fingerprint
    program = compile_program(network)
    # Extremes and histories of queues of the run included.
    for kind, parts in digest(plain, program).kinds().items():
        assert digest(fast, compile_program(watched)).kinds()[kind] == parts


def test_a_cut_run_counts_whole_bins_only() -> None:
    """A limit that ends the run in the middle of a bin leaves the bins before it, and no stretch that was not reached."""
    busiest, late = look("desk", "throughput", busiest_s=WIDTH), look("desk", "throughput", from_s=9000.0, to_s=9600.0)
    whole = run_fast(towns(busiest, late, warm_up_s=0.0))
    cut = run_fast(replace(towns(busiest, late, warm_up_s=0.0), event_budget=whole.events // 2))
    assert cut.limit is not None
    assert cut.found[late.key].value is None
    begins = cut.found[busiest.key].from_s
    assert begins is not None
    assert begins + WIDTH <= cut.window_s[1]


def test_nothing_to_look_at() -> None:
    """A warm-up found by a pilot may leave no whole bin, or begin behind a window: the value is undefined then."""
    focuses = look("desk", "utilisation", busiest_s=9000.0), look("desk", "utilisation", from_s=100.0, to_s=700.0)
    run = run_fast(towns(*focuses, warm_up_s=5000.0))
    assert [run.found[focus.key].value for focus in focuses] == [None, None]


def test_the_busiest_hour_of_every_station() -> None:
    """Every run of two whole hours and more finds it; one that is shorter does not look."""
    network = towns()
    run = run_fast(replace(network, drain=True))
    for group, count in ((0, TOWNS), (1, 1)):
        rows = Rows(run, compile_program(network).station_first[group], count)
        each = rows.each(whole_bins(3600.0, 500.0, 10_900.0), utilisation)
        found = run.found[hourly(network.stations[group]).key]
        assert found.value == pytest.approx(each.max(), rel=1e-9)
        assert found.place == (int(each.max(axis=0).argmax()) if count > 1 else None)
    assert run_fast(towns(horizon_s=7000.0)).found == {}


@pytest.mark.parametrize("engine", RUNS)
def test_the_busiest_hour_of_servers_that_come_and_go(engine: str) -> None:
    """By the part of the servers' time that is busy, not by busy time; nothing where there never is a server."""
    shifts = Schedule((0.0, 3600.0, 5400.0, 10_800.0), (2, 0, 1, 0))
    # Town 0: two servers of an hour work 3,000 s, one of half an hour 1,000 s. Town 1: that one works all of its half-hour.
    at_s, places = (0.0, 0.0, 0.0, 3700.0, 5400.0, 5400.0, 8000.0), (0, 0, 0, 0, 1, 1, 0)
    arrivals = Scheduled(frozen_floats(at_s), (1,) * len(at_s), places)
    level = PlaceLevel("town", 2, frozen_floats([1.0, 1.0]))
    desk, hall = Station("desk", 2, per="town", schedule=shifts), Station("hall", 2, schedule=shifts)
    never = Station("never", 1, schedule=Schedule((0.0,), (0,)))
    work = distributions.constant(1000.0)
    flows = (
        Flow("job", (Visit("desk", work),), arrivals, origin="town"),
        Flow("walk", (Visit("hall", work),), Scheduled(frozen_floats(at_s[:4]), (1,) * 4)),
    )
    found = RUNS[engine](Network("shifts", 14_400.0, (desk, hall, never), flows, levels=(level,))).found
    assert found[hourly(desk).key] == (1.0, 3600.0, 1)
    assert found[hourly(hall).key] == (1000.0 / 1800.0, 3600.0, None)
    assert found[hourly(never).key] == (None, None, None)


@pytest.mark.parametrize("engine", RUNS)
@pytest.mark.parametrize("interrupts", [False, True])
def test_busiest_hours_by_shifts_are_those_of_any_window(engine: str, *, interrupts: bool) -> None:
    """What the pass over all stations finds is, to the bit, what a focus on windows of an hour finds."""
    plain = towns(warm_up_s=400.0, horizon_s=40_000.0)
    shifts = Schedule((0.0, 4000.0, 6500.0), (2, 0, 1), 9000.0, interrupts=interrupts)
    stations = tuple(replace(station, servers=2, schedule=shifts) for station in plain.stations)
    focuses = (look("desk", "utilisation", busiest_s=3600.0, worst=True), look("hall", "utilisation", busiest_s=3600.0))
    found = RUNS[engine](replace(plain, stations=stations, focuses=focuses)).found
    for station, focus in zip(stations, focuses, strict=True):
        assert found[hourly(station).key] == found[focus.key]
        assert found[focus.key].value is not None


def test_every_metric_has_its_formula() -> None:
    """The catalogue and the formulas know the same figures, measures apart; a wait to be kept is each station's own."""
    assert {kind: set(formulas) for kind, formulas in FORMULAS.items()} == {
        kind: set(metrics.of_kind(kind)) - {metrics.SERVED_WITHIN} for kind in ("flow", "station", "pool")
    }


@pytest.mark.parametrize(
    ("width", "warm_up", "horizon", "bins"),
    [
        (3600.0, 0.0, 7200.0, Bins(3600.0, 0, 2)),
        (3600.0, 1.0, 7199.0, Bins(3600.0, 1, 0)),
        (0.1, 0.3, 0.7, Bins(0.1, 3, 4)),
        (3600.0, 3600.0, 3600.0 * 5, Bins(3600.0, 1, 4)),
        (10.0, 0.0, 9.0, Bins(10.0, 0, 0)),
    ],
)
def test_whole_bins(width: float, warm_up: float, horizon: float, bins: Bins) -> None:
    """Bins lie wholly behind the warm-up and before the horizon, whatever a product of floats makes of their edges."""
    assert whole_bins(width, warm_up, horizon) == bins


def test_place_numbers() -> None:
    """A place is found by label, code or name, or by its number where it has none; what several are called finds none."""
    labels = ("01 Ada", "02 Bow", "03 Bow")
    assert [place_number(text, 3, labels) for text in ("02 Bow", "03", "Ada", "Bow", "1")] == [1, 2, 0, None, None]
    assert [place_number(text, 3, ()) for text in ("0", "2", "3", "01", "x", "-1")] == [0, 2, None, None, None, None]
