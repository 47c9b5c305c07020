"""How much more comes from all municipalities as some join the network."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.calendar import Period, RateProfile, grown
from jukinet_sim.juki_net.nation import Nation


def with_joining(nation: Nation, shape: RateProfile, period: Period, weights: NDArray[np.float64]) -> RateProfile:
    """Return a profile over a period that grows as places join that have some of the weight of those there from the start."""
    joining = {place: day for place, day in nation.joining.items() if weights[place] > 0.0}
    first = float(weights.sum()) - float(weights[list(joining)].sum())
    if not joining or first == 0.0:
        return shape
    steps, there = [], first
    for place, day in sorted(joining.items(), key=lambda one: one[1]):
        there += float(weights[place])
        steps.append((period.seconds_of(day), there / first))
    # Of several that join on one day the last has the sum of all.
    return grown(shape, list(dict(steps).items()))
