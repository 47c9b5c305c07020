"""Axes to the points of an experiment: a grid, a zip, a Latin hypercube or a Sobol sequence.

The same axes, number and seed give the same points.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal

from jukinet_sim.base.errors import UsageError
from jukinet_sim.design.axes import MOST_POINTS, Axis
from jukinet_sim.design.hypercube import latin_hypercube, maximin_hypercube
from jukinet_sim.design.sequence import sobol_points

Design = Literal["grid", "zip", "lhs", "sobol"]
_MOST_MAXIMIN = 500
"""Up to so many points hypercubes are compared; with more, any of them fills the cube as well."""


@dataclass(frozen=True)
class Plan:
    """The points of an experiment: for each a text per axis, in the order of the axes; `notes` is advice to the user."""

    design: Design
    axes: tuple[Axis, ...]
    points: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()

    def settings(self, point: int) -> tuple[str, ...]:
        """Return a point as `--set` takes it: `("network.stations.db.servers=3",)`."""
        return tuple(f"{axis.key}={text}" for axis, text in zip(self.axes, self.points[point], strict=True))


def plan(design: Design, axes: Sequence[Axis], *, points: int | None = None, seed: int = 1) -> Plan:
    """Return the points of a design.

    `points` is how many a hypercube or a sequence has; for a grid or a zip, how many levels a range without a step is
    divided into. Raises UsageError where axes, number and design do not go together, and for more than `MOST_POINTS`.
    """
    if design in ("lhs", "sobol") and points is None:
        raise UsageError(f"--design {design}: nothing says how many points; add --points 32")
    if design == "grid":
        return grid(axes, points)
    if design == "zip":
        return zipped(axes, points)
    return lhs(axes, points or 0, seed) if design == "lhs" else sobol(axes, points or 0, seed)


def grid(axes: Sequence[Axis], levels: int | None = None) -> Plan:
    """Return every combination of the axes' values, the last axis changing fastest."""
    _check_axes(axes)
    _check_levels("grid", axes, levels)
    columns = [axis.values(levels) for axis in axes]
    _check_size(math.prod(len(column) for column in columns))
    return Plan("grid", tuple(axes), tuple(product(*columns)))


def zipped(axes: Sequence[Axis], levels: int | None = None) -> Plan:
    """Return the first values of all axes, then the second ones, and so on; all must have the same number."""
    _check_axes(axes)
    _check_levels("zip", axes, levels)
    columns = [axis.values(levels) for axis in axes]
    if len({len(column) for column in columns}) > 1:
        counts = ", ".join(f"{axis.key} has {len(column)}" for axis, column in zip(axes, columns, strict=True))
        raise UsageError(f"--design zip: the axes have different numbers of values: {counts}; write as many of each")
    return Plan("zip", tuple(axes), tuple(zip(*columns, strict=True)))


def lhs(axes: Sequence[Axis], points: int, seed: int) -> Plan:
    """Return a Latin hypercube (McKay, Beckman and Conover 1979); up to 500 points, the best spread of fifty (maximin)."""
    _check_axes(axes)
    _check_size(points)
    draw = maximin_hypercube if len(axes) > 1 and points <= _MOST_MAXIMIN else latin_hypercube
    return Plan("lhs", tuple(axes), _texts(axes, draw([axis.key for axis in axes], points, seed).tolist()))


def sobol(axes: Sequence[Axis], points: int, seed: int) -> Plan:
    """Return scrambled Sobol points; for other numbers than powers of two a note says which would be balanced (Owen 2022)."""
    _check_axes(axes)
    _check_size(points)
    shares = sobol_points([axis.key for axis in axes], points, seed)
    notes: tuple[str, ...] = ()
    if points & (points - 1):
        below = 1 << (points.bit_length() - 1)
        near = f"--points {below}" + (f" or {2 * below}" if 2 * below <= MOST_POINTS else "")
        notes = (f"{points:,} Sobol points leave some parts of the ranges fuller than others; {near} would be balanced",)
    return Plan("sobol", tuple(axes), _texts(axes, shares.tolist()), notes)


def _texts(axes: Sequence[Axis], shares: Iterable[Sequence[float]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(axis.at(share) for axis, share in zip(axes, row, strict=True)) for row in shares)


def _check_axes(axes: Sequence[Axis]) -> None:
    """Raise UsageError for no axis, and for two that vary one key."""
    if not axes:
        raise UsageError("nothing is varied; add --vary key=1..5")
    keys = [axis.key for axis in axes]
    for key in keys:
        if keys.count(key) > 1:
            raise UsageError(f"--vary {key} is given twice; write all its values in one, such as {key}=a,b,c")
        for other in keys:
            if other.startswith(f"{key}."):
                raise UsageError(f"--vary {other} lies within --vary {key}, so that one undoes the other; keep one of the two")


def _check_levels(design: str, axes: Sequence[Axis], levels: int | None) -> None:
    """Raise UsageError for a number of levels where no range needs one."""
    if levels is not None and all(axis.count is not None for axis in axes):
        what = "--points is for ranges without a step, and there is none"
        raise UsageError(f"--design {design}: {what}; leave it out, or use --design lhs")


def _check_size(points: int) -> None:
    """Raise UsageError for no point, and for more than an experiment may have."""
    if points < 1:
        raise UsageError(f"an experiment of {points:,} points has nothing to run; write --points 32")
    if points > MOST_POINTS:
        cure = "use larger steps, fewer axes, or --design lhs --points 1000"
        raise UsageError(f"these are {points:,} points, more than {MOST_POINTS:,}; {cure}")
