"""A four-way heap of events in one int64 array: two words an event, (time bits, sequence number << 24 | job slot).

Positive floats sort as their bits, so both words compare as integers. The root stands at entry 3, which puts the four
children of an entry on one cache line; entries behind the last hold NEVER, so that all four can always be compared.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.base.compiled import inlined, ix
from jukinet_sim.base.lines import on_lines

Ints = NDArray[np.int64]
ROOT = 3
SLOT_BITS = 24
SLOT_MASK = (1 << SLOT_BITS) - 1
NEVER = (1 << 63) - 1


def empty(events: int) -> Ints:
    """Return a heap with room for so many events."""
    return on_lines(2 * (events + ROOT + 8), NEVER)


def larger(heap: Ints, events: int) -> Ints:
    """Return a heap with room for so many events that holds those of another."""
    found = empty(events)
    found[: len(heap)] = heap
    return found


@inlined
def push(heap: Ints, size: int, time: int, rest: int) -> None:
    """Add an event to a heap of `size` events."""
    at = ROOT + size
    while at > ROOT:
        parent = (at >> 2) + 2
        above = heap[ix(2 * parent)]
        if above < time or (above == time and heap[ix(2 * parent + 1)] < rest):
            break
        heap[ix(2 * at)] = above
        heap[ix(2 * at + 1)] = heap[ix(2 * parent + 1)]
        at = parent
    heap[ix(2 * at)] = time
    heap[ix(2 * at + 1)] = rest


@inlined
def replace_root(heap: Ints, size: int, time: int, rest: int) -> None:
    """Put an event where the root was in a heap of `size` events, the root included."""
    at = ROOT
    end = ROOT + size
    while True:
        child = 4 * (at - 2)
        if child >= end:
            break
        # The least of four without a branch to mispredict: two pairs, then the winners.
        w = 2 * child
        t0, t1, t2, t3 = heap[ix(w)], heap[ix(w + 2)], heap[ix(w + 4)], heap[ix(w + 6)]
        r0, r1, r2, r3 = heap[ix(w + 1)], heap[ix(w + 3)], heap[ix(w + 5)], heap[ix(w + 7)]
        first = (t0 < t1) | ((t0 == t1) & (r0 < r1))
        second = (t2 < t3) | ((t2 == t3) & (r2 < r3))
        ta, ra, a = (t0, r0, child) if first else (t1, r1, child + 1)
        tb, rb, b = (t2, r2, child + 2) if second else (t3, r3, child + 3)
        front = (ta < tb) | ((ta == tb) & (ra < rb))
        least_time, least_rest, least = (ta, ra, a) if front else (tb, rb, b)
        if time < least_time or (time == least_time and rest < least_rest):
            break
        heap[ix(2 * at)] = least_time
        heap[ix(2 * at + 1)] = least_rest
        at = least
    heap[ix(2 * at)] = time
    heap[ix(2 * at + 1)] = rest


@inlined
def put(heap: Ints, size: int, hole: bool, time: int, rest: int) -> int:
    """Add an event, into the root's place if that is a hole; returns the new size (a hole counts as an event)."""
    if hole:
        replace_root(heap, size, time, rest)
        return size
    push(heap, size, time, rest)
    return size + 1


@inlined
def close_hole(heap: Ints, size: int) -> int:
    """Fill the hole at the root with the last event; returns the new size."""
    size -= 1
    last = 2 * (ROOT + size)
    time, rest = heap[ix(last)], heap[ix(last + 1)]
    heap[ix(last)] = NEVER
    heap[ix(last + 1)] = NEVER
    if size > 0:
        replace_root(heap, size, time, rest)
    return size


@inlined
def without_hole(heap: Ints, size: int, hole: bool) -> int:
    """Close the hole, if there is one; returns the size."""
    return close_hole(heap, size) if hole else size
