"""One uniform in (0, 1) to one value, by the quantile function of a distribution, compiled.

A sampler is a row of a float table: kind, three parameters, and the offset and length of its own tail of numbers. Every
quantile is non-decreasing in the uniform, so that common random numbers stay positively correlated between scenarios.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.base.compiled import allocating, compiled, inlined
from jukinet_sim.chance.distributions import KINDS, Distribution
from jukinet_sim.chance.portable import exp, log, normal_quantile, normal_quantiles

CONSTANT, EXPONENTIAL, UNIFORM, GAMMA, LOGNORMAL, MIXTURE, WEIBULL, GEOMETRIC, EMPIRICAL = range(len(KINDS))
ROW = 6
_Z_LOW = -8.5
_Z_STEP = 1.0 / 32.0
_Z_NODES = 545


class Samplers:
    """Collects distributions into the two arrays that `sample` reads; equal distributions share a row."""

    def __init__(self) -> None:
        self._rows: list[list[float]] = []
        self._tail: list[float] = []
        self._index: dict[Distribution, int] = {}

    def add(self, distribution: Distribution) -> int:
        """Return the row number of this distribution."""
        if distribution not in self._index:
            tail = _tail_of(distribution)
            p = (*distribution.parameters, 0.0, 0.0, 0.0)[:3]
            kind = float(KINDS.index(distribution.kind))
            self._index[distribution] = len(self._rows)
            self._rows.append([kind, p[0], p[1], p[2], float(len(self._tail)), float(len(tail))])
            self._tail.extend(tail)
        return self._index[distribution]

    def arrays(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the table of rows and the shared tail."""
        rows = np.array(self._rows or [[0.0] * ROW], dtype=np.float64)
        return rows, np.array(self._tail or [0.0], dtype=np.float64)


def _tail_of(distribution: Distribution) -> Sequence[float]:
    if distribution.kind == "empirical":
        pairs = sorted(zip(distribution.values, distribution.weights, strict=True))
        total = math.fsum(distribution.weights)
        upper = [math.fsum(w for _, w in pairs[: i + 1]) / total for i in range(len(pairs))]
        upper[-1] = 1.0
        return [x for (value, _), u in zip(pairs, upper, strict=True) for x in (u, value)]
    if distribution.kind == "mixture":
        return _mixture_tail(distribution)
    if distribution.kind == "gamma":
        return gamma_table(distribution.parameters[0]).tolist()
    return ()


@functools.lru_cache(maxsize=64)
def gamma_table(shape: float) -> NDArray[np.float64]:
    """Logarithm of the unit-scale gamma quantile and its slope, at equally spaced normal quantiles z; not to be written to.

    It is kept, since it takes a millisecond and a network has the same few shapes each time it is compiled.

    Between nodes `sample` uses the cubic Hermite polynomial; the error of the logarithm is below 2e-8 for 0.05 <= shape
    and below 1e-8 for 0.1 <= shape.
    """
    table: NDArray[np.float64] = _gamma_nodes(shape, math.lgamma(shape))
    table.flags.writeable = False
    return table


def _mixture_tail(distribution: Distribution) -> list[float]:
    """Mass at 0, number of branches, their probabilities and means, and a table to start from."""
    branches = [(w, m) for w, m in zip(distribution.weights, distribution.values, strict=True) if w > 0.0 and m > 0.0]
    total, positive = math.fsum(distribution.weights), math.fsum(w for w, _ in branches)
    p = [w / positive for w, _ in branches]
    m = [mean for _, mean in branches]
    return [1.0 - positive / total, float(len(p)), *p, *m, *_mixture_nodes(np.array(p), np.array(m)).tolist()]


@inlined
def _mixture_step(tail: NDArray[np.float64], at: int, n: int, u: float, y: float) -> tuple[float, float]:
    """How far F(exp(y)) is above u, and its slope in y, for the branches that stand at `at`."""
    x = exp(y)
    above = below = density = 0.0
    for i in range(n):
        p, t = tail[at + i], x / tail[at + n + i]
        e = exp(-t)
        above += p * e
        # 1 - exp(-t) without cancellation where t is small.
        below += p * (t * (1.0 - t * (0.5 - t * (1.0 / 6.0 - t / 24.0))) if t < 1e-3 else 1.0 - e)
        density += p * e * t
    return (below - u if u < 0.5 else (1.0 - u) - above), density


@allocating
def _mixture_nodes(p: NDArray[np.float64], m: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log of the quantile and its slope at every node, by safeguarded Newton steps."""
    table = np.empty(2 * _Z_NODES)
    branches = np.concatenate((p, m))
    start = log(m.max())
    y = start
    for node in range(_Z_NODES):
        z = _Z_LOW + node * _Z_STEP
        tail = exp(_normal_log_tail(z))
        low, high = -700.0, start + 6.0
        slope = 1.0
        for _ in range(200):
            wrong, slope = _mixture_step(branches, 0, p.size, tail if z < 0.0 else 1.0 - tail, y)
            if wrong > 0.0:
                high = y
            else:
                low = y
            candidate = y - wrong / slope if slope > 0.0 else low - 1.0
            if not low < candidate < high:
                candidate = 0.5 * (low + high)
            moved = abs(candidate - y)
            y = candidate
            if moved < 1e-15 * max(1.0, abs(y)):
                break
        table[2 * node] = y
        table[2 * node + 1] = exp(-0.5 * z * z - 0.91893853320467274178) / slope if slope > 0.0 else 0.0
    return table


@compiled
def _from_mixture(tail: NDArray[np.float64], offset: int, u: float) -> float:
    """Look the quantile up, then polish it by Newton steps, or by halving where branches far apart leave the curve flat."""
    mass, n = tail[offset], int(tail[offset + 1])
    if u <= mass:
        return 0.0
    v = (u - mass) / (1.0 - mass)
    y = _from_table(tail, offset + 2 + 2 * n, normal_quantile(v))
    wrong = 1.0
    for _ in range(4):
        wrong, slope = _mixture_step(tail, offset + 2, n, v, y)
        if abs(wrong) <= 1e-13 * min(v, 1.0 - v) or slope <= 0.0:
            break
        y -= wrong / slope
    if not abs(wrong) <= 1e-9 * min(v, 1.0 - v):
        low, high = -700.0, 700.0
        for _ in range(64):
            y = 0.5 * (low + high)
            wrong, _ = _mixture_step(tail, offset + 2, n, v, y)
            low, high = (low, y) if wrong > 0.0 else (y, high)
    return exp(y)


@compiled
def _log_lower_upper(shape: float, log_gamma: float, log_x: float) -> tuple[float, float]:
    """Log of the regularised lower and upper incomplete gamma functions (series below shape + 1, continued fraction above)."""
    x = exp(log_x)
    rounds = 200 + int(12.0 * math.sqrt(shape))
    front = shape * log_x - x - log_gamma
    if x < shape + 1.0:
        term = 1.0 / shape
        total = term
        n = shape
        for _ in range(rounds):
            n += 1.0
            term *= x / n
            total += term
            if term < total * 1e-17:
                break
        lower = front + log(total)
        share = exp(lower)
        return lower, (log(1.0 - share) if share < 1.0 else -700.0)
    b = x + 1.0 - shape
    c = 1e300
    d = 1.0 / b
    h = d
    for i in range(1, rounds):
        a = -i * (i - shape)
        b += 2.0
        d = 1.0 / (a * d + b)
        c = b + a / c
        step = d * c
        h *= step
        if abs(step - 1.0) < 1e-16:
            break
    upper = front + log(h)
    share = exp(upper)
    return (log(1.0 - share) if share < 1.0 else -700.0), upper


@compiled
def _normal_log_tail(z: float) -> float:
    """Log of the standard normal probability below -|z| (continued fraction, or the series near 0)."""
    a = abs(z)
    log_density = -0.5 * a * a - 0.91893853320467274178
    if a > 2.5:
        fraction = a
        for k in range(200, 0, -1):
            fraction = a + k / fraction
        return log_density - log(fraction)
    term = a
    total = a
    n = 1.0
    for _ in range(200):
        n += 2.0
        term *= a * a / n
        total += term
    return log(0.5 - exp(log_density) * total)


@allocating
def _gamma_nodes(shape: float, log_gamma: float) -> NDArray[np.float64]:
    table = np.empty(2 * _Z_NODES)
    log_x = log(shape)
    for side in range(2):
        guess = log_x
        first = (_Z_NODES - 1) // 2
        for step in range(first + 1):
            node = first + step if side == 0 else first - step
            z = _Z_LOW + node * _Z_STEP
            tail = _normal_log_tail(z)
            low, high = guess - 60.0 / shape - 4.0, guess + 4.0
            y = guess
            for _ in range(200):
                lower, upper = _log_lower_upper(shape, log_gamma, y)
                wrong = (upper - tail) if z > 0.0 else (lower - tail)
                too_high = wrong < 0.0 if z > 0.0 else wrong > 0.0
                if too_high:
                    high = y
                else:
                    low = y
                log_slope = shape * y - exp(y) - log_gamma - (upper if z > 0.0 else lower)
                change = wrong / exp(log_slope) * (1.0 if z > 0.0 else -1.0)
                candidate = y + change
                if not (low < candidate < high):
                    candidate = 0.5 * (low + high)
                moved = abs(candidate - y)
                y = candidate
                if moved < 1e-15 * max(1.0, abs(y)):
                    break
            # d log x / dz = phi(z) / (x * density(x))
            log_phi = -0.5 * z * z - 0.91893853320467274178
            table[2 * node] = y
            table[2 * node + 1] = exp(log_phi - (shape * y - exp(y) - log_gamma))
            guess = y
    return table


@inlined
def _from_table(tail: NDArray[np.float64], offset: int, z: float) -> float:
    position = (z - _Z_LOW) * (1.0 / _Z_STEP)
    node = min(max(int(position), 0), _Z_NODES - 2)
    t = position - node
    at = offset + 2 * node
    y0, y1 = tail[at], tail[at + 2]
    m0, m1 = tail[at + 1] * _Z_STEP, tail[at + 3] * _Z_STEP
    d = y1 - y0
    return y0 + t * (m0 + t * ((3.0 * d - 2.0 * m0 - m1) + t * (m0 + m1 - 2.0 * d)))


@compiled
def _from_values(tail: NDArray[np.float64], offset: int, length: int, u: float) -> float:
    at = offset
    while at < offset + length - 2 and u > tail[at]:
        at += 2
    return tail[at + 1]


@compiled
def sample(rows: NDArray[np.float64], tail: NDArray[np.float64], row: int, u: float) -> float:
    """Return the quantile at `u` of the distribution in this row."""
    kind = int(rows[row, 0])
    a, b = rows[row, 1], rows[row, 2]
    if kind == EXPONENTIAL:
        return -a * log(1.0 - u)
    if kind == CONSTANT:
        return a
    if kind == UNIFORM:
        return a + (b - a) * u
    if kind == GAMMA:
        return b * exp(_from_table(tail, int(rows[row, 4]), normal_quantile(u)))
    if kind == LOGNORMAL:
        return exp(a + b * normal_quantile(u))
    if kind == MIXTURE:
        return _from_mixture(tail, int(rows[row, 4]), u)
    if kind == WEIBULL:
        return b * exp(log(-log(1.0 - u)) / a)
    if kind == GEOMETRIC:
        return 1.0 + math.floor(log(1.0 - u) / log(1.0 - 1.0 / a))
    return _from_values(tail, int(rows[row, 4]), int(rows[row, 5]), u)


@compiled
def sample_block(
    rows: NDArray[np.float64], tail: NDArray[np.float64], row: int, u: NDArray[np.float64], out: NDArray[np.float64]
) -> None:
    """`sample` for a block of uniforms; the common kinds run as loops that vectorise, to the same bits."""
    kind = int(rows[row, 0])
    a, b = rows[row, 1], rows[row, 2]
    if kind == EXPONENTIAL:
        for i in range(u.size):
            out[i] = -a * log(1.0 - u[i])
    elif kind == UNIFORM:
        for i in range(u.size):
            out[i] = a + (b - a) * u[i]
    elif kind == CONSTANT:
        for i in range(u.size):
            out[i] = a
    elif kind == GAMMA:
        normal_quantiles(u, out)
        for i in range(u.size):
            out[i] = _from_table(tail, int(rows[row, 4]), out[i])
        for i in range(u.size):
            out[i] = b * exp(out[i])
    elif kind == LOGNORMAL:
        normal_quantiles(u, out)
        for i in range(u.size):
            out[i] = exp(a + b * out[i])
    else:
        for i in range(u.size):
            out[i] = sample(rows, tail, row, u[i])
