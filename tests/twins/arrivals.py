"""Random arrival processes of every kind."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st

from jukinet_sim.chance.distributions import constant, empirical, erlang, exponential, geometric
from jukinet_sim.network.model import (
    Arrivals,
    BatchPoisson,
    Closed,
    ExactCount,
    Modulated,
    Piecewise,
    Poisson,
    Renewal,
    Scheduled,
    Sinusoid,
    frozen_floats,
)
from tests.twins.times import Draw, quarters, short

_RATES = (0.5, 1.0, 2.0, 5.0)
_SIZES = (constant(3.0), geometric(2.5), empirical((0.0, 2.0, 5.0), (1.0, 1.0, 1.0)))
_BETWEEN = (constant(0.75), exponential(1.5), erlang(2, 1.0), empirical((0.0, 1.5), (1.0, 2.0)))
_CHAINS = (
    Modulated((0.0, 4.0), ((0.0, 0.5), (0.25, 0.0))),
    Modulated((1.0, 0.0, 6.0), ((0.0, 1.0, 0.5), (0.0, 0.0, 2.0), (0.25, 0.25, 0.0))),
    Modulated((3.0, 0.5), ((0.0, 0.1), (0.0, 0.0))),
    Modulated((1.5,), ((0.0,),)),
)
_WAVES = (Sinusoid(1.0, 1.0, 20.0), Sinusoid(2.0, 0.5, 7.3), Sinusoid(0.5, 0.0, 10.0))


def make_arrivals(draw: Draw, horizon_s: float) -> Arrivals:
    """Draw an arrival process."""
    makers = (_poisson, _scheduled, _renewal, _batches, _piecewise, _exact, _sinusoid, _modulated, _closed, _closed)
    maker: Callable[[Draw, float], Arrivals] = draw(st.sampled_from(makers))
    return maker(draw, horizon_s)


def _poisson(draw: Draw, _: float) -> Arrivals:
    return Poisson(draw(st.sampled_from(_RATES)))


def _batches(draw: Draw, _: float) -> Arrivals:
    return BatchPoisson(draw(st.sampled_from(_RATES)) / 3.0, draw(st.sampled_from(_SIZES)))


def _renewal(draw: Draw, _: float) -> Arrivals:
    return Renewal(draw(st.sampled_from(_BETWEEN)))


def _sinusoid(draw: Draw, _: float) -> Arrivals:
    wave: Sinusoid = draw(st.sampled_from(_WAVES))
    return wave


def _modulated(draw: Draw, _: float) -> Arrivals:
    chain: Modulated = draw(st.sampled_from(_CHAINS))
    return chain


def _closed(draw: Draw, _: float) -> Arrivals:
    return Closed(draw(st.sampled_from((1, 2, 5))), draw(short()))


def _scheduled(draw: Draw, horizon_s: float) -> Arrivals:
    at_s = sorted(draw(st.lists(quarters(horizon_s), min_size=1, max_size=6)) * draw(st.sampled_from((1, 0, 9, 25))))
    records = draw(st.lists(st.integers(0, 12), min_size=3, max_size=3))
    return Scheduled(frozen_floats(at_s), tuple(records[i % 3] for i in range(len(at_s))))


def _steps(draw: Draw, horizon_s: float) -> tuple[list[float], st.SearchStrategy[list[float]], float]:
    """When a profile changes, how high it may be between, and when it ends."""
    starts = [0.0, *sorted(draw(st.sets(quarters(horizon_s).filter(bool), max_size=3)))]
    heights = st.lists(st.sampled_from((0.0, *_RATES)), min_size=len(starts), max_size=len(starts))
    return starts, heights, starts[-1] + draw(st.sampled_from((0.25, 5.0)))


def _piecewise(draw: Draw, horizon_s: float) -> Arrivals:
    starts, heights, end_s = _steps(draw, horizon_s)
    return Piecewise(frozen_floats(starts), frozen_floats(draw(heights)), draw(st.sampled_from((None, end_s))))


def _exact(draw: Draw, horizon_s: float) -> Arrivals:
    starts, heights, end_s = _steps(draw, horizon_s)
    weights = frozen_floats(draw(heights.filter(any)))
    return ExactCount(draw(st.sampled_from((1, 80, 0, 300))), frozen_floats(starts), weights, end_s)
