"""A network run by both engines up to the same event, and whether every visit and the fingerprint agree to the last bit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.base.errors import LimitReached
from jukinet_sim.engine import layout as L
from jukinet_sim.engine.choose import make_engine
from jukinet_sim.engine.program import Program, compile_program
from jukinet_sim.engine.protocol import Engine
from jukinet_sim.network.model import Network

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class TwinVerdict:
    """What a comparison of the engines found; `difference` is None where they agree, else the first one, in words."""

    visits: int
    events: int
    fingerprint: str
    difference: str | None

    @property
    def agree(self) -> bool:
        """Whether every visit's times, the order of events and the fingerprint are the same bits."""
        return self.difference is None


def compare_engines(network: Network, seed: int, visits: int, *, replication: int = 0) -> TwinVerdict:
    """Run both engines until `visits` visits have ended or the horizon is reached, and compare them row by row.

    Raises ScenarioError for a network that cannot be laid out, LimitReached where both stop at the same limit.
    """
    program = compile_program(network)
    fast = make_engine("fast", program, seed, replication, keep_rows=True)
    stopped = L.SLICE
    while stopped == L.SLICE and (missing := visits - _ended(fast)) > 0:
        # A visit ends with an event of its own, so this never goes beyond the last visit asked for.
        stopped = fast.advance(network.horizon_s, False, missing)
    reference = make_engine("reference", program, seed, replication, keep_rows=True)
    # One event more would show that the reference goes on where the fast engine had nothing left to do.
    events = fast.events if stopped == L.SLICE else fast.events + 1
    stopped_too = reference.advance(network.horizon_s, False, events)
    difference = _difference(program, fast, reference, (stopped, stopped_too))
    if difference is None and stopped not in (L.SLICE, L.REACHED):
        raise LimitReached(f"both engines stopped at the same limit, at {fast.busy_step()}")
    return TwinVerdict(_ended(fast), fast.events, fast.tally.fingerprint(), difference)


def _ended(engine: Engine) -> int:
    return len(engine.visits()[0])


def _difference(program: Program, fast: Engine, reference: Engine, stopped: tuple[int, int]) -> str | None:
    """Return the first difference in words: in the visits, in the number of events, in why they stopped, in the print."""
    found = _first_row(program, fast.visits(), reference.visits())
    if found is not None:
        return found
    if fast.events != reference.events:
        return f"the fast engine processed {fast.events:,} events, the reference {reference.events:,}"
    if stopped[0] != stopped[1]:
        return f"the fast engine stopped with code {stopped[0]}, the reference with {stopped[1]}"
    prints = fast.tally.fingerprint(), reference.tally.fingerprint()
    if prints[0] != prints[1]:
        return f"the visits agree, but the fingerprints are {prints[0]} (fast) and {prints[1]} (reference)"
    return None


def _first_row(program: Program, ours: tuple[Ints, Floats], theirs: tuple[Ints, Floats]) -> str | None:
    """Return the first visit that differs, times compared by their bits."""
    length = min(len(ours[0]), len(theirs[0]))
    whole = np.any(ours[0][:length] != theirs[0][:length], axis=1)
    times = np.any(ours[1][:length].view(np.int64) != theirs[1][:length].view(np.int64), axis=1)
    wrong = np.flatnonzero(whole | times)
    if wrong.size:
        row = int(wrong[0])
        return f"visit {row:,} differs: fast {_row(program, ours, row)}; reference {_row(program, theirs, row)}"
    if len(ours[0]) != len(theirs[0]):
        return f"the fast engine ended {len(ours[0]):,} visits, the reference {len(theirs[0]):,}"
    return None


def _row(program: Program, rows: tuple[Ints, Floats], row: int) -> str:
    """Return one visit in words, its times in hexadecimal so that the last bit shows."""
    _, job, step, _, outcome = rows[0][row].tolist()
    arrive, start, end = (value.hex() for value in rows[1][row].tolist())
    times = f"arrive {arrive} start {start} end {end}"
    return f"{program.step_names[step]} job {job & 0xFFFFFFFFFFFFFFFF:016x} {times} outcome {outcome}"
