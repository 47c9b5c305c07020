"""What to measure where the observations do not determine what is fitted: the figure that would tell most.

Its answer is read off the runs around the point that the search reached, in which every figure of the network stands.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.experiments.bench import Brought
from jukinet_sim.experiments.verbs.calibrate.oracle import Simulation
from jukinet_sim.fitting.dependence import CONDITION
from jukinet_sim.fitting.parameters import NotDeterminedError
from jukinet_sim.statistics.intervals import Value, over_replications

Floats = NDArray[np.float64]
_MEASURABLE = (" utilisation", " throughput", " sojourn.mean", " in_use")
_STEP = 0.05
_RELATIVE_ERROR = 0.01
"""How well anything is taken to be measured, beside the error that chance leaves in its simulation."""
_SEEN = 1.0
"""So many errors a figure has to move for a change of its parameter by all of itself, or it says nothing."""


def what_to_measure(error: NotDeterminedError, simulation: Simulation, values: Sequence[float]) -> str:
    """Return the cure: a figure that would determine the parameters at these values, or that there is none."""
    numbers = [number for number, key in enumerate(simulation.keys) if key.name in error.names]
    base = simulation.at(values)
    moved = [simulation.at(_moved(simulation, values, number)) for number in numbers]
    if any(one.trouble is not None for one in (base, *moved)):
        return "observe more, or fit fewer"
    known = {one.what for one in simulation.observed if one.level.window is None}
    names = [name for name in base.rows[0].values if name.endswith(_MEASURABLE) and name not in known]
    seen = [_slopes([simulation.figure(i, one) for one in (base, *moved)]) for i in range(len(simulation.observed))]
    best = max(((_determined(seen, _of(name, base, moved)), name) for name in names), default=(0.0, ""))
    if best[0] == 0.0:
        return "no one figure of this network would do: fix one of them, or fit fewer" if len(numbers) > 1 else "do not fit it"
    return f'measure "{best[1]}" as well, or do not fit {error.names[-1]}'


def _moved(simulation: Simulation, values: Sequence[float], number: int) -> list[float]:
    """Return the point with one parameter a step off, away from the nearer bound."""
    key, found = simulation.keys[number], list(values)
    up = found[number] * (1.0 + _STEP)
    found[number] = up if up <= key.in_si(key.high) else found[number] * (1.0 - _STEP)
    return found


def _of(name: str, base: Brought, moved: Sequence[Brought]) -> Floats:
    return _slopes([over_replications(one.values(name)) for one in (base, *moved)])


def _slopes(values: Sequence[Value]) -> Floats:
    """Return by how many errors a figure moves with each parameter, for a change of all of it; 0 where it is undefined."""
    known = [value.value for value in values if value.value]
    if len(known) < len(values):
        return np.zeros(len(values) - 1)
    error = _RELATIVE_ERROR + (values[0].half_width or 0.0) / known[0]
    return (np.array(known[1:]) / known[0] - 1.0) / _STEP / error


def _determined(seen: Sequence[Floats], further: Floats) -> float:
    """Return how many errors the least visible change of the parameters would be with a further figure; 0 for too few.

    Changes that are `CONDITION` times less visible than others do not count as visible.
    """
    singular = np.linalg.svd(np.stack([*seen, further]), compute_uv=False)
    if len(singular) < len(further) or singular[-1] < _SEEN or singular[-1] * CONDITION < singular[0]:
        return 0.0
    return float(singular[-1])
