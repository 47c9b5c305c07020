"""How a job chooses among stations by the state in which it finds them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.base.compiled import compiled, ix
from jukinet_sim.engine import layout as L
from jukinet_sim.engine.fast import world as W

Ints = NDArray[np.int64]


@compiled
def chosen(w: Ints, slot: int) -> int:
    """Return the step at which a job goes on that chooses: of equal stations the first written."""
    j32, steps, tail_i, states = W.halves(w, W.J32), W.ints(w, W.STEPS), W.ints(w, W.TAIL_I), W.ints(w, W.STATES)
    j = slot * w[W.WORDS]
    step = j32[ix(2 * j + L.J_STEP_32)]
    code = L.STEP_WORDS * step
    first, count, rule = steps[ix(code + L.K_TARGET)], steps[ix(code + L.K_COUNT)], steps[ix(code + L.K_PER_RECORDS)]
    target: int = step + 1
    if rule == L.ROTATION:
        turn = steps[ix(code + L.K_BASE)] + j32[ix(2 * j + L.J_PLACE_32 + steps[ix(code + L.K_WHICH)])]
        target = tail_i[ix(first + 3 * states[ix(turn)] + 2)]
        states[ix(turn)] = (states[ix(turn)] + 1) % count
        return target
    least = np.inf
    for i in range(first, first + 3 * count, 3):
        s = tail_i[ix(i)] + j32[ix(2 * j + L.J_PLACE_32 + tail_i[ix(i + 1)])] * L.STATION_WORDS
        weight = _weight(w, s, rule)
        # Where no server works anywhere the first is as good as any.
        if weight < least or (i == first and rule != L.IDLE):
            least = weight
            target = tail_i[ix(i + 2)]
    return target


@compiled
def _weight(w: Ints, s: int, rule: int) -> float:
    """Return how little a station is to be chosen; infinity where it is not."""
    si = W.ints(w, W.SI)
    present, works = si[ix(s + L.S_BUSY)] + si[ix(s + L.S_QUEUE)], si[ix(s + L.S_USABLE)]
    if si[ix(s + L.S_SPECIAL)] >= 0:
        present += W.ints(w, W.QI)[ix(si[ix(s + L.S_SPECIAL)] + L.Q_KEPT)]
    if rule == L.SHORTEST:
        return float(present)
    if rule == L.IDLE:
        return 0.0 if present < works else np.inf
    return present / works if works > 0 else np.inf
