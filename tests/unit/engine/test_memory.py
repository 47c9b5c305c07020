"""The arrays of the fast engine that grow: job records and their free list, the agenda, the heap."""

from __future__ import annotations

from collections import deque

import numpy as np
import pytest

from jukinet_sim.chance import distributions as dist
from jukinet_sim.engine import layout as L
from jukinet_sim.engine.fast import heap as H
from jukinet_sim.engine.fast import moves
from jukinet_sim.engine.fast import world as W
from jukinet_sim.engine.fast.engine import FastEngine
from jukinet_sim.engine.program import compile_program
from jukinet_sim.network.model import Flow, Network, Poisson, Station, Visit

FLOW = Flow("jobs", (Visit("server", dist.exponential(1.0)),), Poisson(1.0))
NETWORK = Network("small", 1.0, (Station("server", 1),), (FLOW,))
SEEDS = range(4)


@pytest.fixture
def engine() -> FastEngine:
    """Give an engine that has not run."""
    return FastEngine(compile_program(NETWORK), 1, 0)


def free_list(engine: FastEngine) -> list[int]:
    """Give the free slots in the order in which they will be taken."""
    halves = engine._records()[1]
    slots, at = [], int(engine._x[W.X_FREE])
    while at:
        slots.append(at)
        at = int(halves[at, L.J_NEXT_32])
    return slots


def pending(engine: FastEngine) -> list[tuple[int, int]]:
    """Give the events in the heap, in order."""
    entries = engine._heap.reshape(-1, 2)
    return sorted((int(t), int(rest)) for t, rest in entries[H.ROOT : H.ROOT + int(engine._x[W.X_HEAP])])


@pytest.mark.parametrize("seed", SEEDS)
def test_free_list(engine: FastEngine, seed: int) -> None:
    """A slot is given to one at a time, the one that came back last first; slot 0 to nobody; its event becomes void."""
    random, table = np.random.default_rng(seed), engine._world.table
    model, used = free_list(engine), []
    assert model == list(range(1, 1024))
    for _ in range(2000):
        if model and (not used or random.random() < 0.6):
            slot = moves.new_slot(table)
            assert slot == model.pop(0)
            engine._records()[0][slot, L.J_SEQ] = 5
            used.append(slot)
        else:
            slot = used.pop(int(random.integers(len(used))))
            moves.free_slot(table, slot)
            assert engine._records()[0][slot, L.J_SEQ] == 0
            model.insert(0, slot)
    assert free_list(engine) == model
    assert np.flatnonzero(engine._in_use()).tolist() == sorted(used)


@pytest.mark.parametrize("seed", SEEDS)
def test_agenda_is_a_ring(engine: FastEngine, seed: int) -> None:
    """Jobs leave the agenda in the order in which they came, also where the ring begins anew."""
    random, table, model = np.random.default_rng(seed), engine._world.table, deque[int]()
    x, agenda = engine._x, engine._agenda
    assert len(agenda) & (len(agenda) - 1) == 0
    x[W.X_AGENDA] = len(agenda) - 3
    for slot in range(1, 3000):
        if len(model) < len(agenda):
            moves.to_agenda(table, slot)
            model.append(slot)
        for _ in range(int(random.integers(3))):
            if model:
                assert agenda[x[W.X_AGENDA]] == model.popleft()
                x[W.X_AGENDA] = (x[W.X_AGENDA] + 1) & (len(agenda) - 1)
                x[W.X_AGENDA_LENGTH] -= 1
    assert x[W.X_AGENDA_LENGTH] == len(model)


@pytest.mark.parametrize("seed", SEEDS)
def test_growth_keeps_everything(engine: FastEngine, seed: int) -> None:
    """Records, free list, agenda and events are after growing what they were before; twice as many slots are there."""
    random = np.random.default_rng(seed)
    for doubled in (2048, 4096):
        table, jobs = engine._world.table, engine._records()[0]
        for _ in range(len(free_list(engine)) - int(random.integers(3))):
            slot = moves.new_slot(table)
            jobs[slot, L.J_KEY :] = random.integers(1 << 62, size=engine._words - L.J_KEY)
            moves.schedule(table, slot, random.exponential())
        engine._x[W.X_AGENDA] = random.integers(len(engine._agenda))
        for slot in range(1, len(engine._agenda) + 1):
            moves.to_agenda(table, slot)
        before, free, events, words = int(engine._x[W.X_SLOTS]), free_list(engine), pending(engine), jobs.copy()
        assert engine._grow(1 << 20)
        engine._take(**engine._memory())
        assert int(engine._x[W.X_SLOTS]) == len(engine._agenda) == len(engine._records()[0]) == doubled
        assert np.array_equal(np.delete(engine._records()[0][:before], free, 0), np.delete(words, free, 0))
        assert free_list(engine) == free + list(range(before, doubled))
        assert engine._agenda[: int(engine._x[W.X_AGENDA_LENGTH])].tolist() == list(range(1, before + 1))
        assert pending(engine) == events
        assert np.all(engine._heap[2 * (H.ROOT + len(events)) :] == H.NEVER)
        assert len(engine._heap) >= 2 * (4 * doubled + H.ROOT)
        engine._x[W.X_AGENDA_LENGTH] = 0


def test_growth_ends_at_the_budget(engine: FastEngine) -> None:
    """There are never more slots than a budget of jobs asks for, nor than an event can name."""
    assert not engine._grow(1024)
    assert engine._grow(1025)
    engine._x[W.X_SLOTS] = H.SLOT_MASK + 1
    assert not engine._grow(1 << 40)


def test_cancelled_events_are_cleared_up(engine: FastEngine) -> None:
    """A job that tries again and again at one instant fills neither the heap nor the memory with cancelled events."""
    table, slot, other = engine._world.table, moves.new_slot(engine._world.table), moves.new_slot(engine._world.table)
    moves.schedule(table, other, 0.5)
    for attempt in range(10_000):
        moves.cancel(table, slot)
        moves.schedule(table, slot, 1.0 + attempt)
        assert engine._x[W.X_HEAP] <= 3 * engine._x[W.X_SLOTS]
    jobs = engine._records()[0]
    live = [rest & H.SLOT_MASK for _, rest in pending(engine) if jobs[rest & H.SLOT_MASK, L.J_SEQ] == rest >> H.SLOT_BITS]
    assert live == [other, slot]


def test_more_jobs_than_slots() -> None:
    """A network whose queue outgrows the first slots many times over runs to its end, and every job is accounted for."""
    station = Station("server", 1)
    flow = Flow("jobs", (Visit("server", dist.constant(1.0)),), Poisson(5000.0))
    program = compile_program(Network("flood", 1.0, (station,), (flow,)))
    engine = FastEngine(program, 1, 0, keep_rows=True)
    assert engine.advance(1.0, False, 1 << 40) == L.REACHED
    flows, births, _ = engine.jobs_inside()
    assert engine._x[W.X_SLOTS] > 4096
    assert len(flows) == engine.events == engine.tally.fi[L.F_IN_SYSTEM]
    assert len(set(births.tolist())) == len(births)


def test_looking_ahead_compiles_nothing() -> None:
    """What a stopped run would do next is found by the loop that stopped, not by one compiled for copies of its arrays."""
    flow = Flow("jobs", (Visit("server", dist.constant(1.0)),), Poisson(5.0))
    engine = FastEngine(compile_program(Network("long", 1e6, (Station("server", 1),), (flow,))), 1, 0)
    assert engine.advance(np.inf, False, 100) == L.SLICE
    before = list(engine._loop.signatures)  # type: ignore[attr-defined]  # numba's own
    assert engine.frequent_step() == "jobs: 0"
    assert list(engine._loop.signatures) == before  # type: ignore[attr-defined]
    assert len(before) == 1
