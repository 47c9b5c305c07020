"""The life of one job: the reference engine runs until the job has ended, and a recorder listens."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from jukinet_sim.base.errors import LimitReached, UsageError
from jukinet_sim.base.suggest import one_of
from jukinet_sim.chance.keys import replication_key
from jukinet_sim.engine import layout as L
from jukinet_sim.engine.program import Program, compile_program
from jukinet_sim.engine.reference.engine import ReferenceEngine
from jukinet_sim.engine.reference.streams import arrivals
from jukinet_sim.experiments.life_record import Life, Recorder
from jukinet_sim.network.model import Closed, Network, Spawn, all_steps

Progress = Callable[[int, float, int], None]
"""Called with replication, simulated seconds and events so far."""
_SLICE_EVENTS = 256
"""So often is asked whether the job has ended."""


def live(
    network: Network, flow: str, number: int, *, seed: int, replication: int = 0, progress: Progress | None = None
) -> Life:
    """Follow the job of this number, counted from 1, through one replication.

    Raises UsageError where the flow or the job does not exist, LimitReached where the run stops before it arrives.
    """
    program = compile_program(network)
    names = [f.name for f in network.flows]
    if flow not in names:
        raise UsageError(f'there is no flow "{flow}"; {one_of(flow, names, "add flows to the scenario")}')
    _demand_number(program, names.index(flow), number, seed, replication)
    recorder = Recorder(program, names.index(flow), number)
    engine = ReferenceEngine(program, seed, replication, listen=recorder)
    recorder.engine = engine
    cut_off = _run(engine, network, recorder, lambda: progress and progress(replication, engine.last_event_s, engine.events))
    if recorder.job is None:
        if cut_off:
            raise LimitReached(f"a limit was hit at {engine.busy_step()} before {flow}:{number} came; jukinet run says which")
        raise _too_few(flow, number, recorder.arrived, replication)
    return recorder.life(flow, number, seed, replication, cut_off)


def _demand_number(program: Program, flow: int, number: int, seed: int, replication: int) -> None:
    """Refuse a job that cannot exist, as far as arrivals alone tell; they tell nothing where jobs are started by others."""
    network = program.network
    model = network.flows[flow]
    if number < 1:
        raise UsageError(f"there is no job {number}; jobs are counted from 1")
    spawned = any(isinstance(s, Spawn) and s.flow == model.name for f in network.flows for s in all_steps(f.route))
    if spawned or model.arrivals is None or isinstance(model.arrivals, Closed):
        return
    before = 0
    for job in arrivals(program, replication_key(seed, replication), flow):
        if job.birth >= network.horizon_s:
            break
        before += 1
        if before == number:
            return
    raise _too_few(model.name, number, before, replication)


def _too_few(flow: str, number: int, arrived: int, replication: int) -> UsageError:
    only = "has no job" if arrived == 0 else f"has {arrived:,} job{'s' if arrived > 1 else ''}"
    cure = f"write a number from 1 to {arrived}" if arrived else "choose another flow"
    return UsageError(f'there is no job {flow}:{number}: "{flow}" {only} in replication {replication}; {cure}')


def _run(engine: ReferenceEngine, network: Network, recorder: Recorder, report: Callable[[], Any]) -> bool:
    """Let the engine go on until the job has ended or the run is over; true if a limit stopped it."""
    stop, closed = network.horizon_s, False
    while not recorder.ended:
        why = engine.advance(stop, closed, min(_SLICE_EVENTS, network.event_budget - engine.events))
        report()
        if why == L.REACHED:
            if closed or not network.drain:
                return False
            engine.close_arrivals()
            stop, closed = math.inf, True
        elif why != L.SLICE or engine.events >= network.event_budget:
            return True
    return False
