"""Columns of a regression that nearly depend on each other: parameters that the observations cannot tell apart."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

CONDITION = 30.0
"""From this condition index on a dependence harms the estimates (Belsley, Kuh and Welsch 1980)."""
_PART, _SHARED = 0.1, 0.3


def dependent_columns(matrix: NDArray[np.float64]) -> tuple[tuple[int, ...], ...]:
    """Return the sets of columns of a matrix [n, k] that nearly cancel in some combination; each column is in one at most.

    Columns are scaled to length 1; directions whose singular value is `CONDITION` times smaller than the largest span the
    near null space (Belsley, Kuh and Welsch 1980). Columns belong together where the projector on that space, which unlike
    its singular vectors is unique, joins them.
    """
    lengths = np.linalg.norm(matrix, axis=0)
    scaled = matrix / np.where(lengths > 0.0, lengths, 1.0)
    _, singular, directions = np.linalg.svd(scaled, full_matrices=True)
    singular = np.concatenate([singular, np.zeros(len(directions) - len(singular))])
    weak = directions[singular * CONDITION <= singular[0]]
    projector = weak.T @ weak
    part = np.diagonal(projector)
    # Of k columns of length 1 that cancel, the largest part is at most k - 1 times the second.
    involved = part > 0.9 * part.max() * min(_PART, 1.0 / max(matrix.shape[1] - 1, 1)) ** 2
    joined = (np.abs(projector) > _SHARED * np.sqrt(np.outer(part, part))) & np.outer(involved, involved)
    found: list[tuple[int, ...]] = []
    left = [i for i in range(matrix.shape[1]) if lengths[i] > 0.0] if len(weak) else []
    while left:
        together = {left[0]}
        while more := {j for j in left if j not in together and joined[j, list(together)].any()}:
            together |= more
        left = [i for i in left if i not in together]
        if len(together) > 1:
            found.append(tuple(sorted(together)))
    return tuple(found)


def listed(names: Sequence[str]) -> str:
    """Return names as people list them: "a, b and c"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
