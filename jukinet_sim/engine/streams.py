"""The arrivals of each flow and everything drawn for them, made in blocks of 64 jobs by code that both engines call.

Arrival times depend on nothing that happens in the network, so a block can be made ahead; revisits draw one value at a time
from the same keys and get the same bits as a block would.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.compiled import compiled
from jukinet_sim.draws import PURPOSE_ARRIVAL, PURPOSE_BATCH, PURPOSE_DEMAND, PURPOSE_DESTINATION, job_key, uniform_pair
from jukinet_sim.engine import layout as L
from jukinet_sim.engine import program as P
from jukinet_sim.portable import exp, log
from jukinet_sim.sampling import sample, sample_block

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

# Columns of a stream's state.
T_NUMBER, T_SEGMENT, T_NEXT, T_BATCH = range(4)
TF_NOW, TF_BASE, TF_LOG_LEFT = range(3)
STATE_INTS = 4
STATE_FLOATS = 4


@compiled
def _after_piecewise(tail: Floats, at: int, n: int, repeat_s: float, state_i: Ints, state_f: Floats, work: float) -> float:
    """The instant by which the rate has summed to `work` since the last arrival; infinity when it never does."""
    now = state_f[TF_NOW]
    segment = state_i[T_SEGMENT]
    base = state_f[TF_BASE]
    idle = 0
    while True:
        last = segment == n - 1
        end = base + (repeat_s if last else tail[at + segment + 1])
        rate = tail[at + n + segment]
        if rate > 0.0:
            idle = 0
            found = now + work / rate
            if found < end:
                state_i[T_SEGMENT] = segment
                state_f[TF_BASE] = base
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
            base = end


@compiled
def _next_exact(
    tail: Floats, at: int, n: int, total: float, end_s: float, count: int, state_i: Ints, state_f: Floats, u: float
) -> float:
    """The next order statistic of `count` points with intensity proportional to the profile.

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
def _place(cumulative: Floats, guide: Ints, at: int, n: int, u: float) -> int:
    place = guide[at + int(u * n)]
    while u > cumulative[at + place]:
        place += 1
    return place


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
    hash_ = info[P.A_HASH]
    si, sf = state_i[flow], state_f[flow]
    first = si[T_NUMBER]
    a, b, value = scratch[0], scratch[1], scratch[2]
    for i in range(L.BLOCK):
        a[i], b[i] = uniform_pair(key, job_key(hash_, first + i), 0, 0, 0, PURPOSE_ARRIVAL)
    kind, at, n = info[P.A_KIND], info[P.A_AT], info[P.A_LENGTH]
    if kind == P.POISSON or kind == P.PIECEWISE or kind == P.BATCH:
        for i in range(L.BLOCK):
            value[i] = -log(1.0 - a[i])
    if kind == P.POISSON or kind == P.BATCH:
        for i in range(L.BLOCK):
            value[i] = value[i] / flow_f[flow, P.AF_RATE]
    elif kind == P.RENEWAL:
        sample_block(samplers, samplers_tail, info[P.A_SAMPLER], a, value)
    for i in range(L.BLOCK):
        count = info[P.A_RECORDS]
        if kind == P.POISSON or kind == P.RENEWAL:
            sf[TF_NOW] = sf[TF_NOW] + value[i]
        elif kind == P.BATCH:
            # The first job of a batch draws the instant and the size; the others arrive one after another at that instant.
            if si[T_BATCH] == 0:
                sf[TF_NOW] = sf[TF_NOW] + value[i]
                u, _ = uniform_pair(key, job_key(hash_, first + i), 0, 0, 0, PURPOSE_BATCH)
                si[T_BATCH] = max(1, int(sample(samplers, samplers_tail, info[P.A_SAMPLER], u)))
            si[T_BATCH] -= 1
        elif kind == P.PIECEWISE:
            if sf[TF_NOW] < np.inf:
                sf[TF_NOW] = _after_piecewise(tail_f, at, n, flow_f[flow, P.AF_REPEAT], si, sf, value[i])
        elif kind == P.EXACT:
            number = si[T_NUMBER]
            sf[TF_NOW] = _next_exact(
                tail_f, at, n, flow_f[flow, P.AF_TOTAL], flow_f[flow, P.AF_END], info[P.A_COUNT], si, sf, a[i]
            )
            if number == info[P.A_COUNT] - 1:
                count = info[P.A_LAST_RECORDS]
        elif kind == P.SCHEDULED and si[T_NUMBER] < info[P.A_COUNT]:
            sf[TF_NOW] = tail_f[at + si[T_NUMBER]]
            count = tail_i[n + si[T_NUMBER]]
        else:
            sf[TF_NOW] = np.inf
        si[T_NUMBER] += 1
        times[flow, i] = sf[TF_NOW]
        records[flow, i] = count
    if info[P.A_ORIGIN] >= 0:
        for i in range(L.BLOCK):
            origin = _place(cumulative, guide, info[P.A_ORIGIN], info[P.A_ORIGIN_COUNT], b[i])
            places[flow, i, L.ORIGIN] = origin
            if info[P.A_ORIGIN_PARENT] >= 0:
                places[flow, i, L.ORIGIN_PARENT] = parents[info[P.A_ORIGIN_PARENT] + origin]
    if info[P.A_DESTINATION] >= 0:
        for i in range(L.BLOCK):
            u, _ = uniform_pair(key, job_key(hash_, first + i), 0, 0, 0, PURPOSE_DESTINATION)
            destination = _place(cumulative, guide, info[P.A_DESTINATION], info[P.A_DESTINATION_COUNT], u)
            places[flow, i, L.DESTINATION] = destination
            if info[P.A_DESTINATION_PARENT] >= 0:
                places[flow, i, L.DESTINATION_PARENT] = parents[info[P.A_DESTINATION_PARENT] + destination]
    for entry in range(info[P.A_PLAN], info[P.A_PLAN] + info[P.A_PLAN_LENGTH]):
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
def draw_one(
    key: int, job: int, step: int, occurrence: int, sampler: int, samplers: Floats, samplers_tail: Floats
) -> tuple[float, float]:
    """One execution's drawn value and the uniform for the branch that follows; a raw uniform where `sampler` is -1."""
    u, pair = uniform_pair(key, job, step, occurrence, 0, PURPOSE_DEMAND)
    if sampler >= 0:
        return sample(samplers, samplers_tail, sampler, u), pair
    return u, pair


@compiled
def draw_job(
    key: int, job: int, info: Ints, plan: Ints, samplers: Floats, samplers_tail: Floats, jf: Floats, at: int
) -> None:
    """Everything that `fill_block` would draw for a job of the flow with this row of `flow_i`, into the record at word `at`."""
    for entry in range(info[P.A_PLAN], info[P.A_PLAN] + info[P.A_PLAN_LENGTH]):
        step, sampler, column, pair_column, occurrence = plan[entry]
        value, pair = draw_one(key, job, step, occurrence, sampler, samplers, samplers_tail)
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
