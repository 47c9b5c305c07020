"""Stations first come first served without limits: M/M/1, M/M/c, M/G/1, M/D/c, GI/M/1, batches. Mean demand 1 s unless said.

The time observed is long enough that what is left of the empty start, and the bias of ratios and quantiles, is below a
fifth of the half-width; it grows with 1 / (1 - rho)^2.
"""

from __future__ import annotations

from collections.abc import Callable

from jukinet_sim.chance import distributions as dist
from jukinet_sim.chance.distributions import Distribution
from jukinet_sim.network.model import BatchPoisson, Poisson, Renewal
from jukinet_sim.theory import batches, general, queues
from jukinet_sim.verify.point import Point, at_station, queue

Law = Callable[[float], Distribution]
EXP = dist.exponential(1.0)
WIDE = dist.hyperexponential(1.0, 2.0)
"""Squared coefficient of variation 4."""


def points() -> list[Point]:
    """Return the points of these families."""
    return [
        _mm1(0.5, 20e3, 300.0),
        _mm1(0.8, 25e3, 1500.0),
        _mm1(0.9, 100e3, 6000.0),
        _mm1(0.65, 20e3, 600.0, printed=False),
        _mmc(1.6, 2, 20e3),
        _mmc(4.0, 5, 10e3),
        _mmc(2.1, 3, 10e3, printed=False),
        _mg1("constant", 0.8, dist.constant(1.0), 20e3),
        _mg1("Erlang-4", 0.8, dist.erlang(4, 1.0), 20e3),
        _mg1("exponential", 0.8, EXP, 25e3),
        _mg1("cv^2 = 4", 0.8, WIDE, 80e3),
        _mg1("log-normal cv 1.5", 0.6, dist.lognormal(1.0, 1.5), 40e3, printed=False),
        _mdc(1.6, 2, 15e3),
        _mdc(4.0, 5, 8e3),
        _mdc(2.4, 3, 10e3, printed=False),
        _gim1("constant", 0.8, dist.constant, 20e3),
        _gim1("Erlang-2", 0.7, lambda mean: dist.erlang(2, mean), 20e3, printed=False),
        _batches("of 5", 0.8, dist.constant(5.0), 60e3),
        _batches("geometric of 3", 0.6, dist.geometric(3.0), 30e3, printed=False),
    ]


def _mm1(rho: float, observed_s: float, warm_up_s: float, *, printed: bool = True) -> Point:
    figures = (
        at_station("wait_s.mean", queues.mm1_mean_wait(rho, 1.0)),
        at_station("wait_s.p95", queues.mm1_wait_quantile(rho, 1.0, 0.95)),
        at_station("utilisation", rho),
    )
    network = queue(Poisson(rho), EXP, observed_s=observed_s, warm_up_s=warm_up_s)
    return Point("M/M/1", f"rho {rho}", network, figures, printed)


def _mmc(rate: float, servers: int, observed_s: float, *, printed: bool = True) -> Point:
    figures = (
        at_station("wait_s.mean", queues.mmc_mean_wait(rate, 1.0, servers)),
        at_station("wait_fraction", queues.erlang_c(rate, servers)),
    )
    network = queue(Poisson(rate), EXP, servers, observed_s=observed_s, warm_up_s=1000.0)
    return Point("M/M/c", f"lam {rate}, c {servers}", network, figures, printed)


def _mg1(name: str, rho: float, demand: Distribution, observed_s: float, *, printed: bool = True) -> Point:
    figures = (at_station("wait_s.mean", queues.mg1_mean_wait(rho, 1.0, demand.scv)),)
    network = queue(Poisson(rho), demand, observed_s=observed_s, warm_up_s=3000.0)
    return Point("M/G/1", f"{name}, rho {rho}", network, figures, printed)


def _mdc(rate: float, servers: int, observed_s: float, *, printed: bool = True) -> Point:
    figures = (at_station("wait_s.mean", general.mdc_mean_wait(rate, 1.0, servers)),)
    network = queue(Poisson(rate), dist.constant(1.0), servers, observed_s=observed_s, warm_up_s=1000.0)
    return Point("M/D/c", f"lam {rate}, c {servers}", network, figures, printed)


def _gim1(name: str, rho: float, law: Law, observed_s: float, *, printed: bool = True) -> Point:
    gaps = law(1.0 / rho)
    solved = general.gim1(gaps, 1.0)
    figures = (
        at_station("wait_s.mean", solved.mean_wait_s),
        at_station("wait_s.p95", solved.quantile(0.95)),
        at_station("wait_fraction", solved.wait_fraction),
    )
    network = queue(Renewal(gaps), EXP, observed_s=observed_s, warm_up_s=1500.0)
    return Point("GI/M/1", f"{name} gaps, rho {rho}", network, figures, printed)


def _batches(name: str, rho: float, size: Distribution, observed_s: float, *, printed: bool = True) -> Point:
    first, second = size.moments
    figures = (at_station("in_station", batches.mxm1_mean_number(rho / first, first, second, 1.0)),)
    network = queue(BatchPoisson(rho / first, size), EXP, observed_s=observed_s, warm_up_s=3000.0)
    return Point("M^X/M/1", f"{name}, rho {rho}", network, figures, printed)
