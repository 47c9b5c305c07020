"""Stations with priorities, other orders of service, processor sharing, shifts that interrupt or breakdowns."""

from __future__ import annotations

from dataclasses import replace

from jukinet_sim.chance import distributions as dist
from jukinet_sim.chance.distributions import Distribution
from jukinet_sim.network.model import (
    Acquire,
    Breakdowns,
    Delay,
    Flow,
    Network,
    Poisson,
    Pool,
    Release,
    Schedule,
    Station,
    Visit,
)
from jukinet_sim.theory import breakdowns, priority, queues, sharing, shifts
from jukinet_sim.verify.point import STATION, Point, at_station, of_flow, queue

EXP = dist.exponential(1.0)


def points() -> list[Point]:
    """Return the points of these families."""
    mixed = ((0.3, EXP), (0.25, dist.constant(1.2)))
    return [
        _priority("lam .2, .3, .3", tuple((rate, EXP) for rate in (0.2, 0.3, 0.3)), 40e3),
        _priority("exponential before constant demands", mixed, 20e3, printed=False),
        _priority_servers("lam .5, .9, c 2", (0.5, 0.9), 2, 20e3),
        _priority_tokens("lam .2, .3, .3", (0.2, 0.3, 0.3), 40e3),
        _interrupting("lam .3, .4", ((0.3, EXP), (0.4, EXP)), 30e3),
        _interrupting("exponential before constant demands", mixed, 20e3),
        _ordered("M/G/1 LIFO", "lifo", 0.7, dist.erlang(2, 1.0), 1, 30e3),
        _ordered("M/M/c LIFO", "lifo", 1.4, EXP, 2, 30e3),
        _ordered("M/G/1 random order", "random", 0.7, dist.erlang(2, 1.0), 1, 30e3),
        _ordered("M/M/c random order", "random", 1.6, EXP, 2, 20e3),
        _sharing("constant, rho 0.8", 0.8, dist.constant(1.0), 1, 40e3),
        _sharing("exponential, rho 0.8", 0.8, EXP, 1, 40e3),
        _sharing("cv^2 = 4, rho 0.8", 0.8, dist.hyperexponential(1.0, 2.0), 1, 60e3),
        _sharing("log-normal cv 1.5, lam 1.4, c 2", 1.4, dist.lognormal(1.0, 1.5), 2, 20e3, printed=False),
        _interrupted_shifts(0.5, 6.0, 3.0, 45e3),
        _interrupted_shifts(0.3, 20.0, 28.0, 96e3),
        _breakdowns(0.5, 0.1, 0.4, 40e3),
        _breakdowns(0.6, 0.05, 0.5, 40e3, printed=False),
    ]


def _priority(name: str, classes: tuple[tuple[float, Distribution], ...], observed_s: float, *, printed: bool = True) -> Point:
    waits = priority.mg1_priority_waits(
        [rate for rate, _ in classes], [law.mean for _, law in classes], [law.scv for _, law in classes]
    )
    return _ranked("M/G/1 priority", name, classes, waits, 1, observed_s, printed)


def _priority_tokens(name: str, rates: tuple[float, ...], observed_s: float) -> Point:
    """Return one token that is held for an exponential time: by priority it is given out as a server is."""
    waits = priority.mg1_priority_waits(rates, [1.0] * len(rates), [1.0] * len(rates))
    route = (Acquire(STATION), Delay(EXP), Release(STATION))
    flows = tuple(Flow(f"class {rank}", route, Poisson(rate), priority=rank) for rank, rate in enumerate(rates))
    warm_up_s = 2000.0
    pools = (Pool(STATION, 1, discipline="priority"),)
    network = Network("priority tokens", warm_up_s + observed_s, (), flows, pools=pools, warm_up_s=warm_up_s)
    figures = tuple(of_flow("wait_s.mean", wait, name=f"class {rank}") for rank, wait in enumerate(waits))
    return Point("priority at a pool", name, network, figures, False)


def _interrupting(name: str, classes: tuple[tuple[float, Distribution], ...], observed_s: float) -> Point:
    times = priority.mg1_resume_sojourns(
        [rate for rate, _ in classes], [law.mean for _, law in classes], [law.scv for _, law in classes]
    )
    point = _ranked("M/G/1 pre-emptive resume", name, classes, times, 1, observed_s, False)
    stations = (Station(STATION, 1, discipline="priority", preemptive="resume"),)
    figures = tuple(of_flow("sojourn_s.mean", time, name=f"class {rank}") for rank, time in enumerate(times))
    return replace(point, network=replace(point.network, stations=stations), figures=figures)


def _priority_servers(name: str, rates: tuple[float, ...], servers: int, observed_s: float) -> Point:
    waits = priority.mmc_priority_waits(rates, 1.0, servers)
    return _ranked("M/M/c priority", name, tuple((rate, EXP) for rate in rates), waits, servers, observed_s, False)


def _ranked(
    family: str, name: str, classes: tuple[tuple[float, Distribution], ...], waits: tuple[float, ...], servers: int,
    observed_s: float, printed: bool,
) -> Point:  # fmt: skip
    flows = tuple(
        Flow(f"class {rank}", (Visit(STATION, law),), Poisson(rate), priority=rank) for rank, (rate, law) in enumerate(classes)
    )
    warm_up_s = 2000.0
    stations = (Station(STATION, servers, discipline="priority"),)
    network = Network("priorities", warm_up_s + observed_s, stations, flows, warm_up_s=warm_up_s)
    figures = tuple(of_flow("wait_s.mean", wait, name=f"class {rank}") for rank, wait in enumerate(waits))
    return Point(family, name, network, figures, printed)


def _ordered(family: str, order: str, rate: float, demand: Distribution, servers: int, observed_s: float) -> Point:
    wait = queues.mg1_mean_wait(rate, 1.0, demand.scv) if servers == 1 else queues.mmc_mean_wait(rate, 1.0, servers)
    figures = (at_station("wait_s.mean", wait), at_station("utilisation", rate / servers))
    station = {"discipline": order}
    network = queue(Poisson(rate), demand, servers, observed_s=observed_s, warm_up_s=2000.0, station=station)
    return Point(family, f"lam {rate}, c {servers}", network, figures, False)


def _sharing(name: str, rate: float, demand: Distribution, servers: int, observed_s: float, *, printed: bool = True) -> Point:
    figures = (of_flow("sojourn_s.mean", sharing.ps_mean_sojourn(rate, 1.0, servers)),)
    network = queue(Poisson(rate), demand, servers, observed_s=observed_s, warm_up_s=2000.0, station={"discipline": "ps"})
    return Point("M/G/c PS", name, network, figures, printed)


def _interrupted_shifts(rate: float, open_s: float, shut_s: float, observed_s: float) -> Point:
    figures = (
        at_station("in_station", shifts.mm1_interrupted_number(rate, 1.0, open_s, shut_s)),
        at_station("utilisation", shifts.utilisation(rate, 1.0, open_s, shut_s)),
    )
    schedule = Schedule((0.0, open_s), (1, 0), open_s + shut_s, interrupts=True)
    warm_up_s = 40.0 * (open_s + shut_s)
    network = queue(Poisson(rate), EXP, observed_s=observed_s, warm_up_s=warm_up_s, station={"schedule": schedule})
    return Point("M/M/1 interrupted shifts", f"lam {rate}, open {open_s}, shut {shut_s}", network, figures, False)


def _breakdowns(rate: float, fails: float, repairs: float, observed_s: float, *, printed: bool = True) -> Point:
    up_s, down_s = 1.0 / fails, 1.0 / repairs
    figures = (
        at_station("in_station", breakdowns.mm1_breakdown_number(rate, 1.0, up_s, down_s)),
        at_station("availability", breakdowns.availability(up_s, down_s)),
    )
    clocks = Breakdowns(dist.exponential(up_s), dist.exponential(down_s))
    network = queue(Poisson(rate), EXP, observed_s=observed_s, warm_up_s=2000.0, station={"breakdowns": clocks})
    return Point("M/M/1 breakdowns", f"lam {rate}, xi {fails}, eta {repairs}", network, figures, printed)
