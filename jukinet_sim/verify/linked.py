"""Several stations (Jackson, tandem, shortest queue, blocking, closed), tokens as servers, one under a swinging rate."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from jukinet_sim.chance import distributions as dist
from jukinet_sim.chance.distributions import Distribution
from jukinet_sim.network.model import (
    Acquire,
    Branch,
    Choose,
    Closed,
    Delay,
    Flow,
    Network,
    Poisson,
    Pool,
    Release,
    Sinusoid,
    Station,
    Step,
    Visit,
)
from jukinet_sim.theory import blocking, choosing, networks, queues, time_varying
from jukinet_sim.verify.point import FLOW, Figure, Point, at_station, of_flow

HOUR = 3600.0
DAY = 24.0 * HOUR


def points() -> list[Point]:
    """Return the points of these families."""
    return [
        _jackson(),
        _feedback(),
        _tandem(0.5, (1.0, 1.25, 1.0 / 0.6), 60e3),
        _tandem(0.4, (2.0, 0.5, 1.5), 40e3, printed=False),
        _behind(),
        _shortest(1.6, 40e3),
        _line(1.0, 1.0, 0, 20e3),
        _line(1.2, 1.0, 3, 20e3),
        _counted(1.4, 3, 6, 20e3),
        _wave("exponential, 6 h", DAY + 6.0 * HOUR, 0.5 * HOUR, dist.exponential(0.5 * HOUR)),
        _wave("exponential, 15 h", DAY + 15.0 * HOUR, 1.5 * HOUR, dist.exponential(1.5 * HOUR), printed=False),
        _wave("constant, 20 h", DAY + 20.0 * HOUR, 0.75 * HOUR, dist.constant(0.75 * HOUR), printed=False),
        _closed("N 3", (2.0, 3.0, 1.0), (1, 1, 1), 3, 4.0, 60e3),
        _closed("N 10", (2.0, 3.0, 1.0), (1, 1, 1), 10, 4.0, 60e3),
        _closed("N 6, two servers", (1.0, 3.0, 0.5), (1, 2, 1), 6, 5.0, 40e3, printed=False),
    ]


def _network(stations: tuple[Station, ...], flows: tuple[Flow, ...], observed_s: float, warm_up_s: float) -> Network:
    return Network("linked", warm_up_s + observed_s, stations, flows, warm_up_s=warm_up_s)


def _jackson() -> Point:
    demands = 1.0 / np.array([14.0, 9.0, 17.0, 7.0])
    routing = np.array([[0.0, 0.2, 0.56, 0.24], [1.0, 0.0, 0.0, 0.0], [0.0] * 4, [0.0] * 4])
    external = np.array([8.0, 0.0, 6.0, 0.0])
    numbers = queues.jackson_numbers(external, routing, demands, (1, 1, 1, 1))
    names = ("one", "two", "three", "four")
    one, two, three, four = (
        Visit(name, dist.exponential(mean), label=name) for name, mean in zip(names, demands.tolist(), strict=True)
    )
    onward = Branch((("two", 0.2), ("three", 0.56), ("four", 0.24)))
    back, leave = Branch((("one", 1.0),)), Branch(((None, 1.0),))
    route: tuple[Step, ...] = (one, onward, two, back, three, leave, four)
    flows = (Flow("a", route, Poisson(8.0)), Flow("c", (three,), Poisson(6.0)))
    network = _network(tuple(Station(name, 1) for name in names), flows, 1500.0, 60.0)
    figures = tuple(at_station("in_station", number, name=name) for name, number in zip(names, numbers, strict=True))
    return Point("Jackson", "four stations", network, figures)


def _shortest(rate: float, observed_s: float) -> Point:
    """Two servers, each with a queue of its own, of which jobs join the shorter."""
    demand, out = dist.exponential(1.0), Branch(((None, 1.0),))
    chosen = Choose((("left", "to-left"), ("right", "to-right")), "shortest_queue")
    route = (chosen, Visit("left", demand, label="to-left"), out, Visit("right", demand, label="to-right"))
    number = choosing.shortest_of_two_mean_number(rate, 1.0)
    figures = (of_flow("in_system_mean", number), of_flow("sojourn_s.mean", number / rate))
    stations = (Station("left", 1), Station("right", 1))
    network = _network(stations, (Flow(FLOW, route, Poisson(rate)),), observed_s, 1000.0)
    return Point("shortest queue", f"of two, lam {rate}", network, figures, False)


def _counted(rate: float, each: int, tokens: int, observed_s: float) -> Point:
    """Jobs that hold so many tokens each, so that as many fit in as there would be servers."""
    route = (Acquire("memory", tokens=each), Delay(dist.exponential(1.0)), Release("memory", tokens=each))
    figures = (of_flow("wait_s.mean", queues.mmc_mean_wait(rate, 1.0, tokens // each)),)
    network = _network((), (Flow(FLOW, route, Poisson(rate)),), observed_s, 1000.0)
    network = replace(network, pools=(Pool("memory", tokens),))
    return Point("several tokens", f"lam {rate}, {each} of {tokens}", network, figures, False)


def _line(first: float, second: float, between: int, observed_s: float) -> Point:
    """Two machines that never want for work, the first of which is blocked where the places between them are taken."""
    solved = blocking.two_machines(first, second, between)
    route = (Visit("first", dist.exponential(1.0 / first), hold=True), Visit("second", dist.exponential(1.0 / second)))
    # As many pieces as let one wait at the first machine whatever happens, each replaced at once by another.
    flow = Flow(FLOW, route, Closed(between + 4, dist.constant(0.0)))
    network = _network((Station("first", 1), Station("second", 1, capacity=between + 1)), (flow,), observed_s, 200.0)
    figures = (
        of_flow("throughput_per_s", solved.throughput_per_s),
        at_station("blocked", solved.blocked, name="first"),
        at_station("utilisation", solved.busy, name="second"),
    )
    return Point("two machines", f"{first:g} and {second:g}, {between} between", network, figures, False)


def _feedback() -> Point:
    """Two stations of two and three servers; half of the jobs start over."""
    demands, servers = np.array([1.0, 2.0]), (2, 3)
    routing = np.array([[0.0, 1.0], [0.5, 0.0]])
    external = np.array([0.6, 0.0])
    rates = queues.jackson_rates(external, routing).tolist()
    route: tuple[Step, ...] = (
        Visit("a", dist.exponential(1.0), label="again"),
        Visit("b", dist.exponential(2.0)),
        Branch((("again", 0.5), (None, 0.5))),
    )
    network = _network((Station("a", 2), Station("b", 3)), (Flow(FLOW, route, Poisson(0.6)),), 20e3, 1000.0)
    waits = [queues.mmc_mean_wait(*pair) for pair in zip(rates, demands.tolist(), servers, strict=True)]
    figures = tuple(at_station("wait_s.mean", wait, name=name) for name, wait in zip("ab", waits, strict=True))
    return Point("Jackson", "two stations with feedback", network, figures, printed=False)


def _tandem(rate: float, demands: tuple[float, ...], observed_s: float, *, printed: bool = True) -> Point:
    """Return the stay at each station by Little's law, so the number there, and the stay in all."""
    stays = networks.tandem_sojourns(rate, demands)
    names = tuple(f"stage {i + 1}" for i in range(len(demands)))
    route = tuple(Visit(name, dist.exponential(mean)) for name, mean in zip(names, demands, strict=True))
    network = _network(tuple(Station(name, 1) for name in names), (Flow(FLOW, route, Poisson(rate)),), observed_s, 3000.0)
    each: list[Figure] = [at_station("in_station", rate * stay, name=n) for n, stay in zip(names, stays, strict=True)]
    figures = (*each, of_flow("sojourn_s.mean", sum(stays)))
    return Point("tandem M/M/1", f"lam {rate}, {len(demands)} stages", network, figures, printed)


def _behind() -> Point:
    """M/D/1 behind M/M/1: its wait is that of Pollaczek and Khinchine only if the first one's departures are Poisson."""
    route = (Visit("first", dist.exponential(1.0)), Visit("behind", dist.constant(1.4)))
    network = _network((Station("first", 1), Station("behind", 1)), (Flow(FLOW, route, Poisson(0.5)),), 30e3, 1500.0)
    figures = (at_station("wait_s.mean", queues.mg1_mean_wait(0.5, 1.4, 0.0), name="behind"),)
    return Point("tandem M/M/1", "Poisson departures into M/D/1", network, figures, printed=False)


def _wave(name: str, at_s: float, demand_s: float, demand: Distribution, *, printed: bool = True) -> Point:
    """Return the number present at one instant of the second day; the first one started empty."""
    wave = Sinusoid(100.0 / HOUR, 50.0 / HOUR, DAY)
    mean = time_varying.mtd_inf_mean if demand.kind == "constant" else time_varying.mtm_inf_mean
    theory = mean(at_s, wave.mean_per_s, wave.amplitude_per_s, wave.period_s, demand_s, from_empty=True)
    network = Network("wave", at_s, (), (Flow(FLOW, (Delay(demand),), wave),))
    return Point("Mt/G/inf", name, network, (of_flow("in_system", theory),), printed, transient=True)


def _closed(
    name: str, demands: tuple[float, ...], servers: tuple[int, ...], jobs: int, think_s: float, observed_s: float, *,
    printed: bool = True,
) -> Point:  # fmt: skip
    solved = networks.closed_network(demands, servers, jobs, think_s)
    if set(servers) == {1}:
        solved = replace(networks.mean_value_analysis(demands, jobs, think_s), numbers=solved.numbers)
    names = tuple(f"stage {i + 1}" for i in range(len(demands)))
    route = tuple(Visit(n, dist.exponential(mean)) for n, mean in zip(names, demands, strict=True))
    stations = tuple(Station(n, c) for n, c in zip(names, servers, strict=True))
    flow = Flow(FLOW, route, Closed(jobs, dist.exponential(think_s)))
    figures = (of_flow("sojourn_s.mean", solved.response_s), of_flow("throughput_per_s", solved.throughput_per_s))
    return Point("closed network", name, _network(stations, (flow,), observed_s, 1000.0), figures, printed)
