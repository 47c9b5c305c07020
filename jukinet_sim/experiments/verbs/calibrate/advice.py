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
from jukinet_sim.statistics.intervals import over_replications

Floats = NDArray[np.float64]
_MEASURABLE = (" utilisation", " throughput", " sojourn.mean", " wait.mean", " in_use")
_STEP = 0.05


def what_to_measure(error: NotDeterminedError, simulation: Simulation, values: Sequence[float]) -> str:
    """Return the cure: a figure that tells the parameters apart at these values, or that there is none."""
    numbers = [number for number, key in enumerate(simulation.keys) if key.name in error.names]
    base = simulation.at(values)
    moved = [simulation.at(_moved(simulation, values, number)) for number in numbers]
    if any(one.trouble is not None for one in (base, *moved)):
        return "observe more, or fit fewer"
    known = {one.what for one in simulation.observed if one.level.window is None}
    names = [name for name in base.rows[0].values if name.endswith(_MEASURABLE) and name not in known]
    observed = [simulation.figure(number, one).value for one in (base, *moved) for number in range(len(simulation.observed))]
    seen = _slopes(np.array(observed, dtype=np.float64).reshape(len(moved) + 1, -1))
    best = max(((_told_apart(seen, _figure(name, base, moved)), name) for name in names), default=(0.0, ""))
    if best[0] * CONDITION < 1.0:
        return "no one figure of this network would: fix one of them, or fit fewer"
    return f'measure "{best[1]}" as well, or do not fit {error.names[-1]}'


def _moved(simulation: Simulation, values: Sequence[float], number: int) -> list[float]:
    """Return the point with one parameter a step off, away from the nearer bound."""
    key, found = simulation.keys[number], list(values)
    up = found[number] * (1.0 + _STEP)
    found[number] = up if up <= key.in_si(key.high) else found[number] * (1.0 - _STEP)
    return found


def _figure(name: str, base: Brought, moved: Sequence[Brought]) -> Floats:
    """Return the relative slopes [1, parameters] of a figure."""
    values = [over_replications(one.values(name)).value for one in (base, *moved)]
    return _slopes(np.array(values, dtype=np.float64).reshape(-1, 1))


def _slopes(values: Floats) -> Floats:
    """Return relative changes [figures, parameters] from values [1 + parameters, figures]; 0 where one is undefined or 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        changes = (values[1:] / values[0] - 1.0) / _STEP
    return np.where(np.isfinite(changes), changes, 0.0).T


def _told_apart(seen: Floats, further: Floats) -> float:
    """Return how well all figures together tell the parameters apart: the smallest over the largest singular value."""
    both = np.concatenate([seen, further])
    singular = np.linalg.svd(both, compute_uv=False)
    if len(singular) < both.shape[1] or singular[0] == 0.0:
        return 0.0
    return float(singular[-1] / singular[0])
