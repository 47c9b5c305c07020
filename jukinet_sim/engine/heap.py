"""A four-way heap of events in one int64 array: two words an event, (time bits, sequence number << 24 | job slot).

Positive floats sort as their bits, so both words compare as integers. The root stands at entry 3, which puts the four
children of an entry on one cache line.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]
ROOT = 3
SLOT_BITS = 24
SLOT_MASK = (1 << SLOT_BITS) - 1


@njit(cache=True, error_model="numpy", forceinline=True)
def push(heap: Ints, size: int, time: int, rest: int) -> None:
    """Add an event to a heap of `size` events."""
    at = ROOT + size
    while at > ROOT:
        parent = (at >> 2) + 2
        above = heap[2 * parent]
        if above < time or (above == time and heap[2 * parent + 1] < rest):
            break
        heap[2 * at] = above
        heap[2 * at + 1] = heap[2 * parent + 1]
        at = parent
    heap[2 * at] = time
    heap[2 * at + 1] = rest


@njit(cache=True, error_model="numpy", forceinline=True)
def replace_root(heap: Ints, size: int, time: int, rest: int) -> None:
    """Put an event where the root was in a heap of `size` events, the root included."""
    at = ROOT
    end = ROOT + size
    while True:
        child = 4 * (at - 2)
        if child >= end:
            break
        least = child
        least_time = heap[2 * child]
        for other in range(child + 1, min(child + 4, end)):
            t = heap[2 * other]
            if t < least_time or (t == least_time and heap[2 * other + 1] < heap[2 * least + 1]):
                least = other
                least_time = t
        if time < least_time or (time == least_time and rest < heap[2 * least + 1]):
            break
        heap[2 * at] = least_time
        heap[2 * at + 1] = heap[2 * least + 1]
        at = least
    heap[2 * at] = time
    heap[2 * at + 1] = rest
