"""Where jobs are: the place that is drawn for a job, and where it is while that place is away."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.base.compiled import compiled
from jukinet_sim.chance.draws import PURPOSE_ARRIVAL, PURPOSE_DESTINATION, uniform_pair
from jukinet_sim.engine import flow_table as F
from jukinet_sim.engine import layout as L

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

LAST_BIT = 2.0**-53
"""The least by which uniforms differ."""


@compiled
def place_of(cumulative: Floats, guide: Ints, at: int, n: int, u: float) -> int:
    """Return the place that a uniform `u` falls to by the cumulative weights of `n` places, which begin `at` a row."""
    place = guide[at + int(u * n)]
    while u > cumulative[at + place]:
        place += 1
    return place


@compiled
def there(cumulative: Floats, guide: Ints, parents: Ints, at: int, n: int, away: int, place: int, u: float, now: float) -> int:
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
        place = place_of(cumulative, guide, at, n, u)
    # Nothing of the draw is left: the next one that is there, or nobody is and the job stays.
    for k in range(1, n):
        place = (first + k) % n
        number = parents[away + 3 + place]
        end = place if number < 0 else parents[row + number]
        if end >= 0 and cumulative[at + place] > (cumulative[at + place - 1] if place > 0 else 0.0):
            return end
    return first


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
        place = place_of(cumulative, guide, info[at], info[at + 1], u)
        if info[at + 3] >= 0:
            place = there(cumulative, guide, parents, info[at], info[at + 1], info[at + 3], place, u, now)
        j32[to] = place
        if info[at + 2] >= 0:
            j32[to + 1] = parents[info[at + 2] + place]
