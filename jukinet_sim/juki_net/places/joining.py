"""How much comes from municipalities as some of them join the network."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.calendar import Period, RateProfile, grown
from jukinet_sim.juki_net.nation import Nation


def with_joining(
    nation: Nation, shape: RateProfile, period: Period, weights: NDArray[np.float64], base: float | None = None
) -> RateProfile:
    """Return a profile over a period times the weight of who is on the network, in proportion to a base.

    The base is the weight of those who are there from the start when left out; of all where nobody is, who come as they join.
    """
    joining = {place: day for place, day in nation.joining.items() if weights[place] > 0.0}
    first = float(weights.sum()) - float(weights[list(joining)].sum())
    whole = (first if first > 0.0 else float(weights.sum())) if base is None else base
    if whole == 0.0 or (not joining and first == whole):
        return shape
    steps, there = {0.0: first / whole}, first
    for place, day in sorted(joining.items(), key=lambda one: one[1]):
        there += float(weights[place])
        # Of several that join on one day the last has the sum of all.
        steps[period.seconds_of(day)] = there / whole
    return grown(shape, list(steps.items()))
