"""The arrivals of each flow and everything drawn for them, made in blocks of 64 jobs by code that both engines call.

Arrival times depend on nothing that happens in the network, so a block can be made ahead; revisits draw one value at a time
from the same keys and get the same bits as a block would.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.base.compiled import compiled
from jukinet_sim.chance.draws import (
    PURPOSE_ARRIVAL,
    PURPOSE_BATCH,
    PURPOSE_BREAKDOWN,
    PURPOSE_DEMAND,
    PURPOSE_DESTINATION,
    job_key,
    uniform_pair,
)
from jukinet_sim.chance.portable import log
from jukinet_sim.chance.sampling import sample, sample_block
from jukinet_sim.engine import flow_table as F
from jukinet_sim.engine import layout as L
from jukinet_sim.engine.arrival_times import (
    T_BATCH,
    T_NEXT,
    T_NUMBER,
    TF_NOW,
    after_modulated,
    after_piecewise,
    after_sinusoid,
    next_exact,
)
from jukinet_sim.engine.whereabouts import place_of, there

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


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
                sf[TF_NOW] = after_piecewise(tail_f, at, n, flow_f[flow, F.AF_REPEAT], si, sf, value[i])
        elif kind == F.SINUSOID:
            sf[TF_NOW] = after_sinusoid(tail_f[at], tail_f[at + 1], tail_f[at + 2], si, sf, value[i])
        elif kind == F.MODULATED:
            if sf[TF_NOW] < np.inf:
                sf[TF_NOW] = after_modulated(tail_f, at, n, key, hash_, si, sf, value[i])
        elif kind == F.EXACT:
            number = si[T_NUMBER]
            sf[TF_NOW] = next_exact(
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
                origin = there(
                    cumulative, guide, parents, info[F.A_ORIGIN], info[F.A_ORIGIN_COUNT], info[F.A_ORIGIN_AWAY], origin, -1.0,
                    times[flow, i],
                )
            if origin < 0:
                origin = place_of(cumulative, guide, info[F.A_ORIGIN], info[F.A_ORIGIN_COUNT], b[i])
                if info[F.A_ORIGIN_AWAY] >= 0:
                    origin = there(
                        cumulative, guide, parents, info[F.A_ORIGIN], info[F.A_ORIGIN_COUNT], info[F.A_ORIGIN_AWAY], origin,
                        b[i], times[flow, i],
                    )
            places[flow, i, L.ORIGIN] = origin
            if info[F.A_ORIGIN_PARENT] >= 0:
                places[flow, i, L.ORIGIN_PARENT] = parents[info[F.A_ORIGIN_PARENT] + origin]
    if info[F.A_DESTINATION] >= 0:
        for i in range(L.BLOCK):
            u, _ = uniform_pair(key, job_key(hash_, first + i), 0, 0, 0, PURPOSE_DESTINATION)
            destination = place_of(cumulative, guide, info[F.A_DESTINATION], info[F.A_DESTINATION_COUNT], u)
            if info[F.A_DESTINATION_AWAY] >= 0:
                destination = there(
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
