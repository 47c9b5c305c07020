"""Sobol indices: which part of an output's variance over the ranges is due to each factor, alone and with all others."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.base.errors import UsageError
from jukinet_sim.design.chance import uniforms
from jukinet_sim.design.groups import Group, checked_outputs, grouped, read_only
from jukinet_sim.design.sequence import sobol_points

RESAMPLES = 500
"""So many bootstrap samples; the half-width of an interval is then known to about 3 %."""
_LEAST_ROWS = 8


@dataclass(frozen=True, eq=False)
class SobolDesign:
    """The matrices A, B and, for each group, A with the group's columns from B, one below the other in `points`.

    `points` [rows x (groups + 2), factors] in the unit cube; `seed` is that of the points and of the bootstrap.
    """

    groups: tuple[Group, ...]
    points: NDArray[np.float64]
    rows: int
    seed: int


@dataclass(frozen=True)
class SobolIndex:
    """The first-order and the total index of a factor or a group, with the half-widths of their intervals.

    `first` is the part of the variance that would be gone if the factor were known; `total` the part that would be left if
    everything else were; their difference is interaction. None where the output does not vary.
    """

    key: str
    first: float | None
    first_half_width: float | None
    total: float | None
    total_half_width: float | None

    def as_json(self) -> dict[str, object]:
        """Return the entry of a result document."""
        return {
            "key": self.key,
            "first": self.first,
            "first_half_width": self.first_half_width,
            "total": self.total,
            "total_half_width": self.total_half_width,
        }


@dataclass(frozen=True)
class SobolIndices:
    """The indices, largest total first, and how many rows of the design gave every output."""

    indices: tuple[SobolIndex, ...]
    rows: int


def sobol_design(
    factors: Sequence[str], rows: int, seed: int, *, groups: Mapping[str, Sequence[str]] | None = None
) -> SobolDesign:
    """Return the points for the indices: rows x (groups + 2) runs.

    Saltelli et al. (2010): A and B are the halves of one Sobol sequence of twice as many axes, here a scrambled one.
    Powers of two are balanced. Raises UsageError for fewer than 8 rows.
    """
    if rows < _LEAST_ROWS:
        raise UsageError(f"{rows} rows are too few for Sobol indices; take 64 or more, and a power of two")
    found = grouped(factors, groups)
    both = sobol_points([f"A {name}" for name in factors] + [f"B {name}" for name in factors], rows, seed)
    a, b = both[:, : len(factors)], both[:, len(factors) :]
    mixed = []
    for group in found:
        columns = list(group.columns)
        mixed.append(a.copy())
        mixed[-1][:, columns] = b[:, columns]
    return SobolDesign(found, read_only(np.concatenate([a, b, *mixed])), rows, seed)


def sobol_indices(design: SobolDesign, outputs: NDArray[np.float64], *, level: float = 0.95) -> SobolIndices:
    """Return the indices that the outputs [points] or [points, replications] give, the largest total first.

    First order by Saltelli et al. (2010), total by Jansen (1999), of outputs less their mean. Replication r must be run with
    the same random numbers at every point: then it is one function of the factors, chance enters no difference between two
    points, and the indices are those of the mean over the replications. Intervals are the normal ones of a bootstrap (Archer,
    Saltelli and Sobol 1997) that resamples rows and, where there are several, replications as well, so that the chance in
    them is part of the interval. As rows of a Sobol sequence cover the ranges better than independent ones, intervals
    are wide rather than narrow. A row in which a point has no output (NaN) is left out.
    """
    values = checked_outputs(outputs, len(design.points))
    table = values.reshape(len(design.groups) + 2, design.rows, values.shape[1])
    table = table[:, np.isfinite(table).all(axis=(0, 2))]
    if table.shape[1] < _LEAST_ROWS or np.ptp(mean := table.mean(axis=2)) <= 10.0 * np.spacing(np.abs(mean).max()):
        nothing = tuple(SobolIndex(group.name, None, None, None, None) for group in design.groups)
        return SobolIndices(nothing, table.shape[1])
    estimate = _estimates(mean)
    error = np.nanstd(_bootstrap(table, design.seed), axis=0, ddof=1)
    half_width = _normal(level) * error
    found = [
        SobolIndex(group.name, *(float(x[i]) for x in (estimate[0], half_width[0], estimate[1], half_width[1])))
        for i, group in enumerate(design.groups)
    ]
    return SobolIndices(tuple(sorted(found, key=lambda one: one.total or 0.0, reverse=True)), table.shape[1])


def _estimates(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return first and total indices [2, groups] of outputs [groups + 2, rows]; NaN where they do not vary."""
    centred = table - table[:2].mean()
    a, b, mixed = centred[0], centred[1], centred[2:]
    variance = (a @ a + b @ b) / (2.0 * len(a))
    if not variance > 0.0:
        return np.full((2, len(mixed)), np.nan)
    first = (mixed - a) @ b / len(a)
    total = np.square(mixed - a).mean(axis=1) / 2.0
    result: NDArray[np.float64] = np.stack([first, total]) / variance
    return result


def _bootstrap(table: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    """Return the indices [resamples, 2, groups] of samples of rows and replications, drawn with replacement."""
    _, rows, replications = table.shape
    row_draws = np.floor(uniforms(seed, "bootstrap rows", RESAMPLES * rows).reshape(RESAMPLES, rows) * rows)
    column_draws = np.floor(
        uniforms(seed, "bootstrap replications", RESAMPLES * replications).reshape(RESAMPLES, replications) * replications
    )
    found = np.empty((RESAMPLES, 2, table.shape[0] - 2))
    for k in range(RESAMPLES):
        weights = np.bincount(column_draws[k].astype(np.int64), minlength=replications) / replications
        found[k] = _estimates(table[:, row_draws[k].astype(np.int64)] @ weights)
    return found


def _normal(level: float) -> float:
    """Return the two-sided quantile of the normal distribution."""
    from scipy.special import ndtri

    return float(ndtri(0.5 + level / 2.0)) if 0.0 < level < 1.0 else math.nan
