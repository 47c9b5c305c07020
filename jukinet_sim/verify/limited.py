"""Stations that refuse jobs, lose them or send them on: M/G/c/c, M/M/c/K, balking, overflow, buckets, Erlang A, retrials."""

from __future__ import annotations

from dataclasses import replace

from jukinet_sim.chance import distributions as dist
from jukinet_sim.chance.distributions import Distribution
from jukinet_sim.network.model import Acquire, Branch, Delay, Flow, Network, Poisson, Pool, Retry, Station, Visit
from jukinet_sim.theory import abandonment, balking, loss, queues, retrial
from jukinet_sim.theory.abandonment import ErlangA
from jukinet_sim.verify.point import FLOW, STATION, Figure, Point, at_station, of_flow, queue

LAWS = {
    "constant": dist.constant(1.0),
    "Erlang-3": dist.erlang(3, 1.0),
    "cv^2 = 4": dist.hyperexponential(1.0, 2.0),
}
_RARE = 1e-3


def points() -> list[Point]:
    """Return the points of these families."""
    return [
        *(_loss(name, law, 3.0, 5) for name, law in LAWS.items()),
        *(_loss(name, law, 10.0, 10) for name, law in LAWS.items()),
        _loss("log-normal cv 1.5", dist.lognormal(1.0, 1.5), 6.5, 8, printed=False),
        _mmck(8.0, 4.0, 5, 12, 4e3),
        _mmck(1.2, 1.0, 1, 10, 20e3),
        _mmck(3.0, 1.0, 2, 6, 8e3, printed=False),
        _balking(0.9, 1, ((2, 0.3),), 20e3),
        _balking(1.7, 2, ((1, 0.1), (4, 0.5), (8, 1.0)), 10e3),
        _overflow(4.0, 3, 2, 5e3),
        _overflow(9.0, 6, 6, 3e3),
        _metered(0.6, 30e3),
        _metered(0.8, 60e3),
        _abandonment("(48, 1, .5, 50)", abandonment.erlang_a(48.0, 1.0, 50, 2.0), 1e3),
        _abandonment("(12, 1, 1, 10)", abandonment.erlang_a(12.0, 1.0, 10, 1.0), 2e3, printed=False),
        _retrial(0.5, 1.0, 0.5, 30e3),
        _retrial(0.6, 1.0, 1.0, 40e3, printed=False),
        _call_centre("48/min, 50 agents", abandonment.erlang_a(0.8, 60.0, 50, 120.0)),
        _call_centre("30/min, 29 agents", abandonment.erlang_a(0.5, 60.0, 29, 60.0), printed=False),
    ]


def _loss(name: str, law: Distribution, rate: float, servers: int, *, printed: bool = True) -> Point:
    blocked = loss.mgcc_loss(rate, 1.0, servers)
    figures = (
        at_station("loss_fraction", blocked),
        at_station("utilisation", rate * (1.0 - blocked) / servers),
    )
    network = queue(Poisson(rate), law, servers, observed_s=4e3, warm_up_s=100.0, station={"capacity": servers})
    return Point("M/G/c/c", f"{name}, a {rate}, c {servers}", network, figures, printed)


def _mmck(rate: float, speed: float, servers: int, capacity: int, observed_s: float, *, printed: bool = True) -> Point:
    solved = loss.mmck(rate, 1.0 / speed, servers, capacity)
    figures = (
        at_station("loss_fraction", solved.loss_fraction, rare=solved.loss_fraction < _RARE),
        at_station("in_station", solved.mean_number),
        at_station("wait_s.mean", solved.mean_wait_s),
    )
    demand = dist.exponential(1.0 / speed)
    network = queue(Poisson(rate), demand, servers, observed_s=observed_s, warm_up_s=300.0, station={"capacity": capacity})
    return Point("M/M/c/K", f"lam {rate}, mu {speed}, c {servers}, K {capacity}", network, figures, printed)


def _balking(rate: float, servers: int, balk: tuple[tuple[int, float], ...], observed_s: float) -> Point:
    solved = balking.mmc_balking(rate, 1.0, servers, balk)
    figures = (
        at_station("loss_fraction", solved.turned_away),
        at_station("in_station", solved.mean_number),
        at_station("utilisation", solved.utilisation),
    )
    network = queue(Poisson(rate), dist.exponential(1.0), servers, observed_s=observed_s, warm_up_s=300.0)
    flows = (replace(network.flows[0], route=(Visit(STATION, dist.exponential(1.0), balk=balk),)),)
    return Point("M/M/c balking", f"lam {rate}, c {servers}", replace(network, flows=flows), figures, False)


def _overflow(rate: float, first: int, second: int, observed_s: float) -> Point:
    """Return two groups, the second for those who find the first one full: by Kosten both lose as one group of all."""
    over, lost = (loss.mgcc_loss(rate, 1.0, servers) for servers in (first, first + second))
    figures = (
        at_station("loss_fraction", over, name="first"),
        of_flow("loss_fraction", lost),
        at_station("utilisation", rate * (over - lost) / second, name="second"),
    )
    demand = dist.exponential(1.0)
    route = (Visit("first", demand, on_refused="over"), Branch(((None, 1.0),)), Visit("second", demand, label="over"))
    stations = (Station("first", first, capacity=first), Station("second", second, capacity=second))
    warm_up_s = 50.0
    network = Network("overflow", warm_up_s + observed_s, stations, (Flow(FLOW, route, Poisson(rate)),), warm_up_s=warm_up_s)
    return Point("overflow to a second group", f"a {rate}, {first} and {second} servers", network, figures, False)


def _metered(rate: float, observed_s: float) -> Point:
    """Return a bucket of one token that comes again every second: who waits for it waits as at M/D/1, and is served at once."""
    figures = (of_flow("sojourn_s.mean", queues.mg1_mean_wait(rate, 1.0, 0.0) + 1.0),)
    route = (Acquire("bucket"), Delay(dist.constant(1.0)))
    warm_up_s = 1000.0
    network = Network(
        "metered", warm_up_s + observed_s, (), (Flow(FLOW, route, Poisson(rate)),),
        pools=(Pool("bucket", 1, refill_per_s=1.0),), warm_up_s=warm_up_s,
    )  # fmt: skip
    return Point("token bucket", f"lam {rate}, one a second", network, figures, False)


def _abandonment(name: str, solved: ErlangA, observed_s: float, *, printed: bool = True) -> Point:
    figures = (
        at_station("wait_fraction", solved.wait_fraction),
        of_flow("abandon_fraction", solved.abandon_fraction),
        at_station("wait_all_s.mean", solved.mean_wait_s),
        at_station("utilisation", solved.utilisation),
    )
    return Point("Erlang A", name, _impatient(solved, observed_s, 50.0), figures, printed)


def _call_centre(name: str, solved: ErlangA, *, printed: bool = True) -> Point:
    figures: tuple[Figure, ...] = (
        of_flow("abandon_fraction", solved.abandon_fraction),
        at_station("wait_all_s.mean", solved.mean_wait_s),
        at_station("wait_s.mean", solved.mean_wait_served_s),
        at_station("wait_all_s.p90", solved.quantile(0.9)),
        at_station("queue_length", solved.queue_length),
        at_station("utilisation", solved.utilisation),
    )
    return Point("call centre", name, _impatient(solved, 90e3, 3600.0), figures, printed)


def _impatient(solved: ErlangA, observed_s: float, warm_up_s: float) -> Network:
    demand, patience = dist.exponential(solved.demand_s), dist.exponential(solved.patience_s)
    return queue(
        Poisson(solved.rate_per_s), demand, solved.servers, observed_s=observed_s, warm_up_s=warm_up_s,
        flow={"patience": patience},
    )  # fmt: skip


def _retrial(rate: float, speed: float, again: float, observed_s: float, *, printed: bool = True) -> Point:
    demand_s, backoff_s = 1.0 / speed, 1.0 / again
    figures = (
        of_flow("jobs_between_attempts", retrial.orbit_mean_number(rate, demand_s, backoff_s)),
        at_station("utilisation", rate * demand_s),
        at_station("loss_fraction", retrial.refused_fraction(rate, demand_s, backoff_s)),
    )
    network = queue(
        Poisson(rate), dist.exponential(demand_s), observed_s=observed_s, warm_up_s=1000.0, station={"capacity": 1},
        flow={"retry": Retry(None, dist.exponential(backoff_s))},
    )  # fmt: skip
    return Point("retrial M/M/1/1", f"lam {rate}, mu {speed}, nu {again}", network, figures, printed)
