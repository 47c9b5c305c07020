"""Draws that the rarer moves of the event loop ask for, called by address.

Compiled code that calls a function carries a copy of it along; the samplers are large, and dozens of moves lead to one.
"""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.base.borrowed import words_at
from jukinet_sim.base.compiled import address_of, call, compiled
from jukinet_sim.chance.draws import uniform_pair
from jukinet_sim.chance.sampling import sample
from jukinet_sim.engine import flow_table as F
from jukinet_sim.engine import layout as L
from jukinet_sim.engine import streams as T
from jukinet_sim.engine.fast import world as W
from jukinet_sim.engine.whereabouts import draw_places

Ints = NDArray[np.int64]
SECOND = 256
"""Added to a purpose: the other uniform of its pair."""
UNIFORM = -1
"""In place of a sampler: the uniform itself."""


def _time(at: int, job: int, step: int, occurrence: int, attempt: int, purpose: int, sampler: int) -> float:
    w = words_at(at, W.LENGTH)
    u, v = uniform_pair(w[W.KEY], job, step, occurrence, attempt, purpose & 255)
    if sampler == UNIFORM:
        return u
    samplers, tail = W.float_rows(w, W.SAMPLERS, F.SAMPLER_FLOATS), W.floats(w, W.SAMPLERS_TAIL)
    value: float = sample(samplers, tail, sampler, v if purpose >= SECOND else u)
    return value


def _job(at: int, j: int, flow: int, attempt: int, placed: int, _: int, __: int) -> float:
    w = words_at(at, W.LENGTH)
    samplers, tail = W.float_rows(w, W.SAMPLERS, F.SAMPLER_FLOATS), W.floats(w, W.SAMPLERS_TAIL)
    info, ji, cumulative = W.int_rows(w, W.FLOW_I, F.FLOW_INTS)[flow], W.ints(w, W.JI), W.floats(w, W.CUMULATIVE)
    guide, parents, plan = W.ints(w, W.GUIDE), W.ints(w, W.PARENTS), W.int_rows(w, W.PLAN, L.PLAN_COLUMNS)
    jf = W.floats(w, W.JF)
    if placed != 0:
        born_s = jf[j + L.J_BIRTH]
        draw_places(w[W.KEY], ji[j + L.J_KEY], info, cumulative, guide, parents, W.halves(w, W.J32), j, born_s)
    T.draw_job(w[W.KEY], ji[j + L.J_KEY], attempt, info, plan, samplers, tail, jf, j)
    return 0.0


@functools.cache
def addresses() -> dict[str, int]:
    """Where the two functions stand in this process, by their names in the world; compiled on first use."""
    return {"draw_time": address_of(_time), "draw_job": address_of(_job)}


@compiled
def time(w: Ints, job: int, step: int, occurrence: int, attempt: int, purpose: int, sampler: int) -> float:
    """Draw a time, or with UNIFORM a number between 0 and 1, for one purpose of a job, such as its patience."""
    return call(w[W.DRAW_TIME], w[W.SELF], job, step, occurrence, attempt, purpose, sampler)


@compiled
def job_values(w: Ints, j: int, flow: int, attempt: int, placed: int) -> None:
    """Draw everything for an attempt of the job at word `j`; its places too where `placed` is 1."""
    call(w[W.DRAW_JOB], w[W.SELF], j, flow, attempt, placed, 0, 0)
