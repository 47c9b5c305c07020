"""The arrivals of each flow and everything drawn for them, made in blocks of 64 jobs by code that both engines call.

Arrival times depend on nothing that happens in the network, so a block can be made ahead; revisits draw one value at a time
from the same keys and get the same bits as a block would.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.base.compiled import compiled, inlined
from jukinet_sim.chance.draws import (
    PURPOSE_ARRIVAL,
    PURPOSE_BATCH,
    PURPOSE_BREAKDOWN,
    PURPOSE_DEMAND,
    PURPOSE_DESTINATION,
    PURPOSE_STATE,
    job_key,
    uniform_pair,
)
from jukinet_sim.chance.portable import cosine, exp, log
from jukinet_sim.chance.sampling import sample, sample_block
from jukinet_sim.engine import flow_table as F
from jukinet_sim.engine import layout as L

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

# Columns of a stream's state.
T_NUMBER, T_SEGMENT, T_NEXT, T_BATCH, T_SWITCHES, T_ROUNDS = range(6)
TF_NOW, TF_BASE, TF_LOG_LEFT, TF_UNTIL = range(4)
STATE_INTS = 6
STATE_FLOATS = 4
TURN = 6.283185307179586
LAST_BIT = 2.0**-53
"""The least by which uniforms differ."""


@compiled
def _after_piecewise(tail: Floats, at: int, n: int, repeat_s: float, state_i: Ints, state_f: Floats, work: float) -> float:
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
def _next_exact(
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
def _after_sinusoid(mean: float, amplitude: float, period: float, state_i: Ints, state_f: Floats, work: float) -> float:
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
def _after_modulated(
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


@compiled
def _place(cumulative: Floats, guide: Ints, at: int, n: int, u: float) -> int:
    place = guide[at + int(u * n)]
    while u > cumulative[at + place]:
        place += 1
    return place


@compiled
def _there(cumulative: Floats, guide: Ints, parents: Ints, at: int, n: int, away: int, place: int, u: float, now: float) -> int:
    """Return where a job is at an instant whose place was drawn by the uniform `u`, or given (`u` is negative then).

    Whoever is away has another in its place. A job for which any other will do draws again, by what its first draw left open:
    within the interval of its place the uniform is one as well. With a given place it has still to draw: -1.
    """
    instants, often, times = parents[away], parents[away + 1], parents[away + 2]
    row = away + 3 + n
    if now < cumulative[times]:
        return place
    for k in range(1, instants):
        if cumulative[times + k] <= now:
            row += often
    left, first = 1.0, place
    while True:
        number = parents[away + 3 + place]
        if number < 0:
            return place
        to = parents[row + number]
        if to >= 0:
            return to
        if u < 0.0:
            return -1
        low = cumulative[at + place - 1] if place > 0 else 0.0
        width = cumulative[at + place] - low
        left *= width
        if left <= LAST_BIT or width >= 1.0:
            break
        u = min(max((u - low) / width, 0.0), 1.0 - LAST_BIT)
        place = _place(cumulative, guide, at, n, u)
    # Nothing of the draw is left: the next one that is there, or nobody is and the job stays.
    for k in range(1, n):
        place = (first + k) % n
        number = parents[away + 3 + place]
        there = place if number < 0 else parents[row + number]
        if there >= 0 and cumulative[at + place] > (cumulative[at + place - 1] if place > 0 else 0.0):
            return there
    return first


@compiled
def fill_block(
    flow: int, key: int, flow_i: Ints, flow_f: Floats, plan: Ints, samplers: Floats, samplers_tail: Floats, tail_f: Floats,
    tail_i: Ints, cumulative: Floats, guide: Ints, parents: Ints, state_i: Ints, state_f: Floats, times: Floats,
    places: Ints, records: Ints, rows: Floats, scratch: Floats,
) -> None:
    """Make the next 64 jobs of a flow: arrival times (infinity past the last), places, records and drawn values.

    `state_*`, `times`, `places`, `records` and `rows` are indexed by flow first; `scratch` is three blocks of working space.
    """  # fmt: skip
    info = flow_i[flow]
    hash_ = info[F.A_HASH]
    si, sf = state_i[flow], state_f[flow]
    first = si[T_NUMBER]
    a, b, value = scratch[0], scratch[1], scratch[2]
    for i in range(L.BLOCK):
        a[i], b[i] = uniform_pair(key, job_key(hash_, first + i), 0, 0, 0, PURPOSE_ARRIVAL)
    kind, at, n = info[F.A_KIND], info[F.A_AT], info[F.A_LENGTH]
    if kind == F.POISSON or kind == F.PIECEWISE or kind == F.BATCH or kind == F.SINUSOID or kind == F.MODULATED:
        for i in range(L.BLOCK):
            value[i] = -log(1.0 - a[i])
    if kind == F.POISSON or kind == F.BATCH:
        for i in range(L.BLOCK):
            value[i] = value[i] / flow_f[flow, F.AF_RATE]
    elif kind == F.RENEWAL:
        sample_block(samplers, samplers_tail, info[F.A_SAMPLER], a, value)
    for i in range(L.BLOCK):
        count = info[F.A_RECORDS]
        if kind == F.POISSON or kind == F.RENEWAL:
            sf[TF_NOW] = sf[TF_NOW] + value[i]
        elif kind == F.PERIODIC:
            # A multiple, as every periodic time is: sums would drift away from the other ones.
            sf[TF_NOW] = (si[T_NUMBER] + 1) * flow_f[flow, F.AF_REPEAT]
        elif kind == F.BATCH:
            # The first job of a batch draws the instant and the size; the others arrive one after another at that instant.
            if si[T_BATCH] == 0:
                sf[TF_NOW] = sf[TF_NOW] + value[i]
                u, _ = uniform_pair(key, job_key(hash_, first + i), 0, 0, 0, PURPOSE_BATCH)
                si[T_BATCH] = max(1, int(sample(samplers, samplers_tail, info[F.A_SAMPLER], u)))
            si[T_BATCH] -= 1
        elif kind == F.PIECEWISE:
            if sf[TF_NOW] < np.inf:
                sf[TF_NOW] = _after_piecewise(tail_f, at, n, flow_f[flow, F.AF_REPEAT], si, sf, value[i])
        elif kind == F.SINUSOID:
            sf[TF_NOW] = _after_sinusoid(tail_f[at], tail_f[at + 1], tail_f[at + 2], si, sf, value[i])
        elif kind == F.MODULATED:
            if sf[TF_NOW] < np.inf:
                sf[TF_NOW] = _after_modulated(tail_f, at, n, key, hash_, si, sf, value[i])
        elif kind == F.EXACT:
            number = si[T_NUMBER]
            sf[TF_NOW] = _next_exact(
                tail_f, at, n, flow_f[flow, F.AF_TOTAL], flow_f[flow, F.AF_END], info[F.A_COUNT], si, sf, a[i]
            )
            if number == info[F.A_COUNT] - 1:
                count = info[F.A_LAST_RECORDS]
        elif kind == F.SCHEDULED and si[T_NUMBER] < info[F.A_COUNT]:
            sf[TF_NOW] = tail_f[at + si[T_NUMBER]]
            count = tail_i[n + si[T_NUMBER]]
        else:
            sf[TF_NOW] = np.inf
        si[T_NUMBER] += 1
        times[flow, i] = sf[TF_NOW]
        records[flow, i] = count
    if info[F.A_ORIGIN] >= 0:
        for i in range(L.BLOCK):
            origin = -1
            if info[F.A_GIVEN] >= 0 and first + i < info[F.A_COUNT]:
                origin = tail_i[info[F.A_GIVEN] + first + i]
            if origin >= 0 and info[F.A_ORIGIN_AWAY] >= 0:
                origin = _there(
                    cumulative, guide, parents, info[F.A_ORIGIN], info[F.A_ORIGIN_COUNT], info[F.A_ORIGIN_AWAY], origin, -1.0,
                    times[flow, i],
                )
            if origin < 0:
                origin = _place(cumulative, guide, info[F.A_ORIGIN], info[F.A_ORIGIN_COUNT], b[i])
                if info[F.A_ORIGIN_AWAY] >= 0:
                    origin = _there(
                        cumulative, guide, parents, info[F.A_ORIGIN], info[F.A_ORIGIN_COUNT], info[F.A_ORIGIN_AWAY], origin,
                        b[i], times[flow, i],
                    )
            places[flow, i, L.ORIGIN] = origin
            if info[F.A_ORIGIN_PARENT] >= 0:
                places[flow, i, L.ORIGIN_PARENT] = parents[info[F.A_ORIGIN_PARENT] + origin]
    if info[F.A_DESTINATION] >= 0:
        for i in range(L.BLOCK):
            u, _ = uniform_pair(key, job_key(hash_, first + i), 0, 0, 0, PURPOSE_DESTINATION)
            destination = _place(cumulative, guide, info[F.A_DESTINATION], info[F.A_DESTINATION_COUNT], u)
            if info[F.A_DESTINATION_AWAY] >= 0:
                destination = _there(
                    cumulative, guide, parents, info[F.A_DESTINATION], info[F.A_DESTINATION_COUNT],
                    info[F.A_DESTINATION_AWAY], destination, u, times[flow, i],
                )
            places[flow, i, L.DESTINATION] = destination
            if info[F.A_DESTINATION_PARENT] >= 0:
                places[flow, i, L.DESTINATION_PARENT] = parents[info[F.A_DESTINATION_PARENT] + destination]
    for entry in range(info[F.A_PLAN], info[F.A_PLAN] + info[F.A_PLAN_LENGTH]):
        step, sampler, column, pair, occurrence = plan[entry]
        for i in range(L.BLOCK):
            a[i], b[i] = uniform_pair(key, job_key(hash_, first + i), step, occurrence, 0, PURPOSE_DEMAND)
        if sampler >= 0:
            sample_block(samplers, samplers_tail, sampler, a, value)
            for i in range(L.BLOCK):
                rows[flow, i, column - L.JOB_HEADER] = value[i]
            if pair >= 0:
                for i in range(L.BLOCK):
                    rows[flow, i, pair - L.JOB_HEADER] = b[i]
        else:
            for i in range(L.BLOCK):
                rows[flow, i, column - L.JOB_HEADER] = a[i]
    si[T_NEXT] = 0


@compiled
def draw_places(
    key: int, job: int, info: Ints, cumulative: Floats, guide: Ints, parents: Ints, j32: Any, at: int, now: float
) -> None:
    """Draw the places that `fill_block` would for a job of the flow with this row of `flow_i`, into the record at word `at`."""
    _, u = uniform_pair(key, job, 0, 0, 0, PURPOSE_ARRIVAL)
    _draw_place(info, F.A_ORIGIN, u, now, cumulative, guide, parents, j32, 2 * at + L.J_PLACE_32 + L.ORIGIN)
    u, _ = uniform_pair(key, job, 0, 0, 0, PURPOSE_DESTINATION)
    _draw_place(info, F.A_DESTINATION, u, now, cumulative, guide, parents, j32, 2 * at + L.J_PLACE_32 + L.DESTINATION)


@compiled
def _draw_place(
    info: Ints, at: int, u: float, now: float, cumulative: Floats, guide: Ints, parents: Ints, j32: Any, to: int
) -> None:
    """Put a drawn place at `to` and its parent behind it, where the flow has such a place."""
    if info[at] >= 0:
        place = _place(cumulative, guide, info[at], info[at + 1], u)
        if info[at + 3] >= 0:
            place = _there(cumulative, guide, parents, info[at], info[at + 1], info[at + 3], place, u, now)
        j32[to] = place
        if info[at + 2] >= 0:
            j32[to + 1] = parents[info[at + 2] + place]


@compiled
def draw_one(
    key: int, job: int, step: int, occurrence: int, attempt: int, sampler: int, samplers: Floats, samplers_tail: Floats
) -> tuple[float, float]:
    """Draw one execution's value and the uniform for the branch that follows; a raw uniform where `sampler` is -1."""
    u, pair = uniform_pair(key, job, step, occurrence, attempt, PURPOSE_DEMAND)
    if sampler >= 0:
        return sample(samplers, samplers_tail, sampler, u), pair
    return u, pair


@compiled
def draw_for(
    key: int, job: int, step: int, occurrence: int, attempt: int, purpose: int, sampler: int, samplers: Floats,
    samplers_tail: Floats,
) -> float:  # fmt: skip
    """Draw a time for another purpose than a demand: patience, back-off, think time, time-out; sampler -1 is the uniform."""
    u, _ = uniform_pair(key, job, step, occurrence, attempt, purpose)
    return u if sampler < 0 else sample(samplers, samplers_tail, sampler, u)


@compiled
def draw_breakdown(
    key: int, server: int, station: int, cycle: int, up: int, down: int, samplers: Floats, samplers_tail: Floats
) -> tuple[float, float]:
    """Draw the up and down time of one cycle of one server of the station with this hash."""
    u, v = uniform_pair(key, server, station, cycle, 0, PURPOSE_BREAKDOWN)
    return sample(samplers, samplers_tail, up, u), sample(samplers, samplers_tail, down, v)


@compiled
def draw_job(
    key: int, job: int, attempt: int, info: Ints, plan: Ints, samplers: Floats, samplers_tail: Floats, jf: Floats, at: int
) -> None:
    """Draw all that `fill_block` would for a job of the flow with this row of `flow_i`, into the record at word `at`."""
    for entry in range(info[F.A_PLAN], info[F.A_PLAN] + info[F.A_PLAN_LENGTH]):
        step, sampler, column, pair_column, occurrence = plan[entry]
        value, pair = draw_one(key, job, step, occurrence, attempt, sampler, samplers, samplers_tail)
        jf[at + column] = value
        if pair_column >= 0:
            jf[at + pair_column] = pair


@compiled
def gate_opening(tail_f: Floats, at: int, n: int, spread_s: float, place: int, now: float) -> float:
    """When a job at a gate may pass: now if open, else the next opening; each place opens its own while after."""
    # Multiples of the golden ratio modulo 1 spread any number of places evenly.
    after = spread_s * (((place * 0x9E3779B9) & 0xFFFFFFFF) * 2.0**-32)
    low, high = 0, n
    while low < high:
        middle = (low + high) >> 1
        if tail_f[at + n + middle] <= now:
            low = middle + 1
        else:
            high = middle
    if low == n:
        return np.inf
    return max(now, tail_f[at + low] + after)
