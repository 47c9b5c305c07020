"""Arrival processes as rates: their mean, their course as a step function, and how many records their jobs bring."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.network.model import (
    BatchPoisson,
    Closed,
    ExactCount,
    Flow,
    Modulated,
    Piecewise,
    Poisson,
    Renewal,
    Scheduled,
    Sinusoid,
)

Floats = NDArray[np.float64]
MOST_SEGMENTS = 100_000
"""A rate table that repeats so often that it would need more segments than this enters a step function at its mean."""
_STEPS_A_PERIOD = 48
"""Steps that stand for one period of a sinusoid: half an hour of a day."""


def mean_rate(flow: Flow, horizon_s: float) -> float:
    """Give a flow's own arrivals per second, spawned jobs not counted.

    A repeating rate table counts at the mean of one repeat, modulated arrivals at that of the stationary law, all else at the
    expected arrivals before the horizon. For a closed flow it is its jobs over their think time, as if the
    route took none (0 if they do not think): `traffic.arrivals_per_s` knows the route and the servers.
    """
    arrivals = flow.arrivals
    if isinstance(arrivals, Poisson):
        return arrivals.rate_per_s
    if isinstance(arrivals, BatchPoisson):
        return arrivals.rate_per_s * arrivals.size.mean
    if isinstance(arrivals, Renewal):
        return 1.0 / arrivals.interarrival.mean
    if isinstance(arrivals, Scheduled):
        return int(np.searchsorted(arrivals.at_s, horizon_s, side="left")) / horizon_s
    if isinstance(arrivals, Piecewise):
        until_s = horizon_s if arrivals.repeat_s is None else arrivals.repeat_s
        return float(np.dot(arrivals.rate_per_s, _widths(_from_zero(arrivals), until_s))) / until_s
    if isinstance(arrivals, ExactCount):
        share = arrivals.weight * _widths(arrivals.start_s, arrivals.end_s)
        before = arrivals.weight * _widths(arrivals.start_s, min(arrivals.end_s, horizon_s))
        return arrivals.count * float(before.sum() / share.sum()) / horizon_s
    if isinstance(arrivals, Sinusoid):
        return float(_wave_count(arrivals, np.array([horizon_s]))[0]) / horizon_s
    if isinstance(arrivals, Modulated):
        return float(np.dot(stationary_law(arrivals), arrivals.rates_per_s))
    if isinstance(arrivals, Closed):
        return closed_rate(arrivals, 0.0)
    return 0.0


def closed_rate(arrivals: Closed, route_s: float) -> float:
    """Give the cycles per second of a closed flow whose jobs never wait; 0 where a cycle takes no time at all."""
    cycle_s = arrivals.think.mean + route_s
    return arrivals.jobs / cycle_s if cycle_s > 0.0 else 0.0


def stationary_law(arrivals: Modulated) -> Floats:
    """Give the long-run share of time that the chain of modulated arrivals spends in each state.

    Solves p Q = 0; of several closed classes the one that least squares prefers, which mixes them.
    """
    moves = np.array(arrivals.switch_per_s, dtype=np.float64)
    np.fill_diagonal(moves, 0.0)
    generator = moves - np.diag(moves.sum(axis=1))
    scale = max(float(moves.max(initial=0.0)), 1e-300)
    equations = np.vstack([generator.T / scale, np.ones(len(moves))])
    law: Floats = np.linalg.lstsq(equations, np.append(np.zeros(len(moves)), 1.0), rcond=None)[0]
    law = np.maximum(law, 0.0)
    return law / law.sum()


def _wave_count(wave: Sinusoid, until_s: Floats) -> Floats:
    """Return the expected arrivals of a sinusoid before each of these instants."""
    turns = 2.0 * math.pi / wave.period_s
    count: Floats = wave.mean_per_s * until_s + wave.amplitude_per_s * (1.0 - np.cos(turns * until_s)) / turns
    return count


def record_numbers(flow: Flow, horizon_s: float) -> tuple[Floats, Floats]:
    """Give the numbers of records that a flow's own jobs bring, each once, and the share of jobs that bring it."""
    arrivals = flow.arrivals
    if isinstance(arrivals, Scheduled):
        seen = int(np.searchsorted(arrivals.at_s, horizon_s, side="left"))
        if seen:
            values, counts = np.unique(np.array(arrivals.records[:seen], dtype=np.float64), return_counts=True)
            return values, counts / seen
    if isinstance(arrivals, ExactCount) and flow.last_job_records is not None and arrivals.count > 0:
        last = 1.0 / arrivals.count
        return np.array([float(flow.records), float(flow.last_job_records)]), np.array([1.0 - last, last])
    return np.array([float(flow.records)]), np.ones(1)


def rate_steps(flow: Flow, horizon_s: float) -> tuple[Floats, Floats]:
    """Give a flow's arrival rate as a step function: when each rate begins, from 0 s to the horizon, and the rates.

    A sinusoid steps 48 times a period. Scheduled arrivals count at their mean: they are few, and one job keeps at most one
    server busy at a time; so do modulated ones, whose course is chance, and closed ones.
    """
    arrivals = flow.arrivals
    starts, rates = np.zeros(1), np.array([mean_rate(flow, horizon_s)])
    if isinstance(arrivals, Piecewise):
        starts, rates = _unrolled(arrivals, horizon_s) or (starts, rates)
    elif isinstance(arrivals, Sinusoid):
        edges = arrivals.period_s * np.arange(_STEPS_A_PERIOD + 1) / _STEPS_A_PERIOD
        heights = np.diff(_wave_count(arrivals, edges)) / np.diff(edges)
        table = Piecewise(edges[:-1], heights, arrivals.period_s)
        starts, rates = _unrolled(table, horizon_s) or (starts, rates)
    elif isinstance(arrivals, ExactCount):
        total = float(np.dot(arrivals.weight, _widths(arrivals.start_s, arrivals.end_s)))
        starts = np.concatenate([[0.0], arrivals.start_s, [arrivals.end_s]])
        rates = np.concatenate([[0.0], arrivals.weight * (arrivals.count / total), [0.0]])
    inside = starts < horizon_s
    return starts[inside], rates[inside]


def _unrolled(table: Piecewise, horizon_s: float) -> tuple[Floats, Floats] | None:
    """Return a rate table with its repeats written out; None when that would be too long."""
    starts = _from_zero(table)
    if table.repeat_s is None:
        return starts, table.rate_per_s
    repeats = math.ceil(horizon_s / table.repeat_s)
    if repeats * starts.size > MOST_SEGMENTS:
        return None
    return (starts + np.arange(repeats)[:, None] * table.repeat_s).ravel(), np.tile(table.rate_per_s, repeats)


def _from_zero(table: Piecewise) -> Floats:
    """Return the starts of a table's segments, as engines read them: the first rate holds from 0 s on."""
    return np.concatenate([[0.0], table.start_s[1:]])


def _widths(starts: Floats, until_s: float) -> Floats:
    """How long each segment lasts before `until_s`."""
    edges = np.minimum(np.append(starts, until_s), until_s)
    widths: Floats = np.diff(edges)
    return widths
