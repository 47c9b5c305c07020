"""When the next job of a flow arrives whose rate changes with time, from the state that its stream is in."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.base.compiled import compiled, inlined
from jukinet_sim.chance.draws import PURPOSE_STATE, job_key, uniform_pair
from jukinet_sim.chance.portable import cosine, exp, log

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

# Columns of a stream's state.
T_NUMBER, T_SEGMENT, T_NEXT, T_BATCH, T_SWITCHES, T_ROUNDS = range(6)
TF_NOW, TF_BASE, TF_LOG_LEFT, TF_UNTIL = range(4)
STATE_INTS = 6
STATE_FLOATS = 4
TURN = 6.283185307179586


@compiled
def after_piecewise(tail: Floats, at: int, n: int, repeat_s: float, state_i: Ints, state_f: Floats, work: float) -> float:
    """Return the instant by which the rate has summed to `work` since the last arrival; infinity when it never does.

    After MOST_ROUNDS rounds of a table that repeats, all further whole rounds are passed at once.
    """
    now = state_f[TF_NOW]
    segment = state_i[T_SEGMENT]
    rounds = state_i[T_ROUNDS]
    idle = passed = 0
    while True:
        last = segment == n - 1
        base = rounds * repeat_s if rounds > 0 else 0.0
        end = (rounds + 1) * repeat_s if last else base + tail[at + segment + 1]
        rate = tail[at + n + segment]
        if rate > 0.0:
            idle = 0
            found = now + work / rate
            if found < end:
                state_i[T_SEGMENT] = segment
                state_i[T_ROUNDS] = rounds
                return found
            work -= rate * (end - now)
            if work < 0.0:
                work = 0.0
        idle += 1
        if end == np.inf or idle > n:
            return np.inf
        now = end
        segment = 0 if last else segment + 1
        if last:
            rounds += 1
            passed += 1
            if passed == MOST_ROUNDS:
                passed = 0
                whole = _of_a_round(tail, at, n, repeat_s)
                ahead = np.floor(work / whole)
                if not ahead < MOST_AHEAD:
                    return np.inf
                rounds += int(ahead)
                work = max(0.0, work - ahead * whole)
                now = rounds * repeat_s


@inlined
def _of_a_round(tail: Floats, at: int, n: int, repeat_s: float) -> float:
    """Return what the rate sums to in a round of a table that repeats."""
    total = 0.0
    for i in range(n):
        end = tail[at + i + 1] if i < n - 1 else repeat_s
        total += tail[at + n + i] * (end - tail[at + i])
    return total


MOST_ROUNDS = 100_000
"""So many rounds between two arrivals are passed one by one."""
MOST_AHEAD = 2.0**53
"""An arrival that is more rounds ahead, or where a round brings next to nothing, never comes."""


@compiled
def next_exact(
    tail: Floats, at: int, n: int, total: float, end_s: float, count: int, state_i: Ints, state_f: Floats, u: float
) -> float:
    """Return the next order statistic of `count` points with intensity proportional to the profile.

    If v is the share of the profile still ahead, the next of k remaining uniform points leaves v (1-u)^(1/k) ahead.
    """
    remaining = count - state_i[T_NUMBER]
    if remaining <= 0:
        return np.inf
    left = state_f[TF_LOG_LEFT] + log(1.0 - u) / remaining
    state_f[TF_LOG_LEFT] = left
    x = (1.0 - exp(left)) * total
    segment = state_i[T_SEGMENT]
    while segment < n - 1 and x >= tail[at + 2 * n + segment]:
        segment += 1
    state_i[T_SEGMENT] = segment
    before = tail[at + 2 * n + segment - 1] if segment > 0 else 0.0
    weight = tail[at + n + segment]
    upper = tail[at + segment + 1] if segment < n - 1 else end_s
    found = tail[at + segment] + ((x - before) / weight if weight > 0.0 else 0.0)
    return max(state_f[TF_NOW], min(found, upper))


@compiled
def after_sinusoid(mean: float, amplitude: float, period: float, state_i: Ints, state_f: Floats, work: float) -> float:
    """Return the instant by which the rate mean + amplitude sin(2 pi t / period) has summed to `work` since the last one.

    The integral up to phase x (0 to 1) of a period is period (mean x + amplitude (1 - cos 2 pi x) / 2 pi); it is inverted
    by Newton steps kept inside a bracket.
    """
    whole, swing = mean * period, amplitude * period / TURN
    x = state_f[TF_BASE]
    target = whole * x + swing * (1.0 - cosine(TURN * x)) + work
    periods = math.floor(target / whole)
    target -= periods * whole
    state_i[T_SEGMENT] += int(periods)
    low, high = 0.0, 1.0
    x = min(max(target / whole, 0.0), 1.0)
    for _ in range(100):
        wrong = whole * x + swing * (1.0 - cosine(TURN * x)) - target
        if wrong > 0.0:
            high = x
        else:
            low = x
        quarter_back = x + 0.75 if x < 0.25 else x - 0.25
        slope = whole + swing * TURN * cosine(TURN * quarter_back)
        candidate = x - wrong / slope if slope > 0.0 else 0.5 * (low + high)
        if not low <= candidate <= high:
            candidate = 0.5 * (low + high)
        moved = abs(candidate - x)
        x = candidate
        if moved <= 1e-16 or high <= low:
            break
    state_f[TF_BASE] = x
    return max(state_f[TF_NOW], (state_i[T_SEGMENT] + x) * period)


@compiled
def after_modulated(
    tail: Floats, at: int, n: int, key: int, flow: int, state_i: Ints, state_f: Floats, work: float
) -> float:
    """Return the instant by which the rate of a Markov chain's present state has summed to `work` since the last arrival.

    At `at` stand n rates, n rates of leaving, the stationary law as cumulative probabilities, and n rows of cumulative
    probabilities of the next state. The chain has draws of its own, one pair for each switch.
    """
    if state_i[T_SWITCHES] == 0:
        u, v = uniform_pair(key, job_key(flow, 0), 0, 0, 0, PURPOSE_STATE)
        state_i[T_SEGMENT] = _which(tail, at + 2 * n, n, u)
        state_i[T_SWITCHES] = 1
        leaving = tail[at + n + state_i[T_SEGMENT]]
        state_f[TF_UNTIL] = -log(1.0 - v) / leaving if leaving > 0.0 else np.inf
    now = state_f[TF_NOW]
    for _ in range(MOST_SWITCHES):
        state = state_i[T_SEGMENT]
        rate, until = tail[at + state], state_f[TF_UNTIL]
        if rate > 0.0:
            found = now + work / rate
            if found < until:
                return found
            work = max(0.0, work - rate * (until - now))
        if until == np.inf:
            return np.inf
        now = until
        u, v = uniform_pair(key, job_key(flow, state_i[T_SWITCHES]), 0, 0, 0, PURPOSE_STATE)
        state_i[T_SWITCHES] += 1
        state_i[T_SEGMENT] = _which(tail, at + 3 * n + n * state, n, u)
        state_f[TF_UNTIL] = now - log(1.0 - v) / tail[at + n + state_i[T_SEGMENT]]
    return np.inf


MOST_SWITCHES = 100_000_000
"""A chain that switches so often between two arrivals brings no further one."""


@inlined
def _which(tail: Floats, at: int, n: int, u: float) -> int:
    """Return the first entry of cumulative probabilities that is not below u."""
    i = 0
    while i < n - 1 and u > tail[at + i]:
        i += 1
    return i
