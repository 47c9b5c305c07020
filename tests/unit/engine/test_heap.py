"""The heap of events against a sorted list: order, ties, the hole at the root, cancelled events dropped."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from jukinet_sim.engine import layout as L
from jukinet_sim.engine.fast import heap as H
from jukinet_sim.engine.fast import moves

Ints = NDArray[np.int64]
WORDS = L.JOB_HEADER
ROOM = 400


def bits(time: float) -> int:
    """Give a time as its bits."""
    return int(np.float64(time).view(np.int64))


@dataclass
class Queue:
    """The heap as the loop uses it: what is taken leaves a hole, which the next event fills."""

    heap: Ints = field(default_factory=lambda: H.empty(ROOM))
    size: int = 0
    hole: bool = False

    def put(self, time: float, rest: int) -> None:
        """Add an event."""
        self.size = H.put(self.heap, self.size, self.hole, bits(time), rest)
        self.hole = False

    def take(self) -> tuple[int, int]:
        """Take the earliest event; there must be one."""
        self.settle()
        self.hole = True
        return int(self.heap[2 * H.ROOT]), int(self.heap[2 * H.ROOT + 1])

    def settle(self) -> int:
        """Close the hole; the number of events."""
        self.size, self.hole = H.without_hole(self.heap, self.size, self.hole), False
        return self.size

    def check(self) -> None:
        """Assert that no event stands before its parent, and that nothing stands behind the last."""
        self.settle()
        entries = self.heap.reshape(-1, 2).tolist()
        for at in range(H.ROOT + 1, H.ROOT + self.size):
            assert entries[(at >> 2) + 2] < entries[at]
        assert all(entry == [H.NEVER, H.NEVER] for entry in entries[H.ROOT + self.size :])


@given(st.lists(st.one_of(st.none(), st.sampled_from([0.0, 0.5, 1.0, 1e-300, 3.0])), max_size=ROOM - 8))
@settings(max_examples=60, deadline=None)
def test_order(moments: list[float | None]) -> None:
    """Events come by time, and at one time by sequence number, however puts and takes (None) alternate."""
    queue, model = Queue(), []
    for seq, time in enumerate(moments, start=1):
        if time is not None:
            rest = seq << H.SLOT_BITS | seq % 7
            queue.put(time, rest)
            heapq.heappush(model, (bits(time), rest))
        elif model:
            assert queue.take() == heapq.heappop(model)
    queue.check()
    assert [queue.take() for _ in range(queue.settle())] == sorted(model)


@pytest.mark.parametrize("seed", range(3))
def test_long_run(seed: int) -> None:
    """The heap stays one through thousands of events at random times."""
    random = np.random.default_rng(seed)
    queue, model, now = Queue(), [], 0
    for seq in range(1, 3000):
        if len(model) > ROOM - 50 or (model and random.random() < 0.5):
            found = queue.take()
            assert found == heapq.heappop(model)
            assert found[0] >= now
            now = found[0]
        time = float(np.int64(now).view(np.float64)) + random.exponential()
        queue.put(time, seq << H.SLOT_BITS)
        heapq.heappush(model, (bits(time), seq << H.SLOT_BITS))
        if seq % 500 == 0:
            queue.check()


@pytest.mark.parametrize("events", [1, 2, 5, 64, ROOM])
def test_room(events: int) -> None:
    """A heap made for so many events holds as many, and never reads past its end."""
    queue = Queue(H.empty(events))
    for seq in range(events, 0, -1):
        queue.put(1.0, seq << H.SLOT_BITS)
    queue.check()
    assert [queue.take()[1] >> H.SLOT_BITS for _ in range(events)] == list(range(1, events + 1))
    assert queue.settle() == 0
    queue.check()


@given(st.floats(min_value=0.0, allow_nan=False), st.floats(min_value=0.0, allow_nan=False))
@settings(deadline=None)
def test_times_sort_as_their_bits(a: float, b: float) -> None:
    """Non-negative times, infinity included, are ordered as their bits; all stand before what fills empty entries."""
    a, b = abs(a), abs(b)
    assert (a < b) == (bits(a) < bits(b))
    assert bits(a) < H.NEVER


def test_children_and_parents() -> None:
    """Each entry is the parent of its four children, which share a cache line of 64 bytes."""
    for at in range(H.ROOT, 1000):
        children = range(4 * (at - 2), 4 * (at - 2) + 4)
        assert {(child >> 2) + 2 for child in children} == {at}
        assert children[0] % 4 == 0


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_compaction(seed: int, share: float) -> None:
    """Dropping cancelled events leaves the others in their order, and nothing behind them."""
    random = np.random.default_rng(seed)
    queue, jobs = Queue(), np.zeros((ROOM, WORDS), dtype=np.int64)
    kept: list[tuple[int, int]] = []
    for slot in range(1, 300):
        time, seq = float(random.integers(0, 20)), slot
        queue.put(time, seq << H.SLOT_BITS | slot)
        if random.random() >= share:
            jobs[slot, L.J_SEQ] = seq
            kept.append((bits(time), seq << H.SLOT_BITS | slot))
    queue.size = moves.compact(queue.heap, queue.size, jobs.ravel(), WORDS)
    assert queue.size == len(kept)
    queue.check()
    assert [queue.take() for _ in kept] == sorted(kept)
