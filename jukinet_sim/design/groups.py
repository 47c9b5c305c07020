"""Factors and the groups in which they are moved together, so that a screening of hundreds costs that of a dozen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.base.errors import UsageError
from jukinet_sim.base.suggest import one_of


@dataclass(frozen=True)
class Group:
    """A name and the columns, in the order of the factors, that move together; a single factor is a group of its own."""

    name: str
    columns: tuple[int, ...]


def grouped(factors: Sequence[str], groups: Mapping[str, Sequence[str]] | None = None) -> tuple[Group, ...]:
    """Return the groups in the order of their first factors; factors that no group names stand for themselves.

    Raises UsageError for no factor, for a factor that is named twice or unknown, and for an empty group.
    """
    if not factors:
        raise UsageError("there is no factor to vary; give figures of the scenario a range")
    home: dict[str, str] = {}
    for name, members in (groups or {}).items():
        if not members:
            raise UsageError(f'the group "{name}" has no factor; name one, or leave the group out')
        for factor in members:
            if factor not in factors:
                raise UsageError(f'the group "{name}" names no factor "{factor}"; {one_of(factor, factors, "")}')
            if factor in home:
                raise UsageError(f'{factor} stands in the groups "{home[factor]}" and "{name}"; keep it in one')
            home[factor] = name
    columns: dict[str, list[int]] = {}
    for i, factor in enumerate(factors):
        columns.setdefault(home.get(factor, factor), []).append(i)
    if len(set(factors)) < len(factors) or (set(factors) - set(home)) & set(groups or {}):
        raise UsageError("two factors, or a factor and a group, have the same name; rename one")
    return tuple(Group(name, tuple(found)) for name, found in columns.items())


def checked_outputs(outputs: NDArray[np.float64], points: int) -> NDArray[np.float64]:
    """Return outputs as an array [points, replications]; NaN where a point gave none. Raises ValueError."""
    found = np.asarray(outputs, dtype=np.float64)
    found = found[:, None] if found.ndim == 1 else found
    if found.ndim != 2 or found.shape[0] != points or found.shape[1] < 1:
        raise ValueError(f"outputs of shape {np.shape(outputs)} do not belong to {points} points")
    return np.where(np.isfinite(found), found, np.nan)


def read_only(array: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return an array that nobody can change any more."""
    array.setflags(write=False)
    return array
