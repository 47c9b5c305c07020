"""Where the jobs in the system stand between two events: what each holds and what it waits for, the same for both engines."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Standing:
    """An entry per job in the system, in any order; pools and stations by their numbers over all groups and places."""

    flow: Ints
    birth_s: Floats
    pool: Ints
    """The pool for whose token it waits; -1 for none."""
    since_s: Floats
    """Since when it waits for that token, or at the door or in the queue of a station; of no meaning elsewhere."""
    station: Ints
    """The station it is at, at its door, waiting or in service; -1 for none."""
    waits: NDArray[np.bool_]
    """Whether it waits at the door or in the queue of that station."""
    kept: Ints
    """The station whose server it keeps after service; -1 for none."""
    wants: Ints
    """How many tokens it waits for; of no meaning where it waits for none."""
    held: Ints
    """(jobs, most takings at once): the pools whose tokens it holds, then -1."""
    amounts: Ints
    """How many of each it holds, in the same places."""
    leaves: NDArray[np.bool_]
    """Whether a time-out, or the end of its patience in a line, is pending that will take it away."""
