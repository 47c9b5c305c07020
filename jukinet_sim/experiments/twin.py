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
EVENTS_PER_VISIT = 100
"""A comparison over N visits ends after so many times N events at the latest, or a route without visits would have no end."""
FEWEST_EVENTS = 100_000
"""But not before so many."""
_LIMITS = {
    L.SLICE: "run.event_budget was used up",
    L.INSTANT_BUDGET: "run.same_instant_budget was used up",
    L.JOB_BUDGET: "run.job_budget jobs were in the system",
    L.BAD_DELAY: "a delay that is not a finite number >= 0 was drawn",
    L.BAD_RELEASE: "a job releases a token that it does not hold",
    L.TOO_MANY_TOKENS: f"a job holds more than {L.MAX_TOKENS} tokens at once",
    L.NEED_SLOTS: "the fast engine has no room for more records",
}
"""What stopped the engines, in words."""


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

    Limits belong to the sample path: both engines stop in the same event. So much is compared, and LimitReached says that
    they are equal up to there. Raises ScenarioError for a network that cannot be laid out.
    """
    program = compile_program(network)
    fast = make_engine("fast", program, seed, replication, keep_rows=True)
    stopped = L.SLICE
    most = min(network.event_budget, max(FEWEST_EVENTS, EVENTS_PER_VISIT * visits))
    while stopped == L.SLICE and (missing := min(visits - fast.ended_visits, most - fast.events)) > 0:
        # A visit ends with an event of its own, so this never goes beyond the last visit asked for.
        stopped = fast.advance(network.horizon_s, False, missing)
    reference = make_engine("reference", program, seed, replication, keep_rows=True)
    # One event more would show that the reference goes on where the fast engine had nothing left to do.
    events = fast.events if stopped in (L.SLICE, L.NEED_SLOTS) else fast.events + 1
    stopped_too = reference.advance(network.horizon_s, False, events)
    difference = _difference(program, fast, reference, (stopped, stopped_too))
    used_up = fast.ended_visits < visits and fast.events >= network.event_budget
    if difference is None and (used_up or stopped not in (L.SLICE, L.REACHED)):
        raise LimitReached(
            f"the engines are equal up to a limit, {fast.ended_visits:,} visits and {fast.events:,} events: "
            f"{_LIMITS[stopped]}, at {fast.busy_step()}"
        )
    return TwinVerdict(fast.ended_visits, fast.events, fast.tally.fingerprint(), difference)


def _difference(program: Program, fast: Engine, reference: Engine, stopped: tuple[int, int]) -> str | None:
    """Return the first difference in words: in the visits, in the number of events, in why they stopped, in the print."""
    ours, theirs = fast.visits(), reference.visits()
    if stopped[0] == L.NEED_SLOTS:
        # Only the fast engine has a size, and it may end in the middle of an event.
        length = min(len(ours[0]), len(theirs[0]))
        return _first_row(program, (ours[0][:length], ours[1][:length]), (theirs[0][:length], theirs[1][:length]))
    found = _first_row(program, ours, theirs)
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
