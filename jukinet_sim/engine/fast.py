"""The fast engine: owns the flat arrays of one replication and lets the compiled loop run over them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.draws import replication_key
from jukinet_sim.engine import heap
from jukinet_sim.engine import layout as L
from jukinet_sim.engine import loop as E
from jukinet_sim.engine import streams as T
from jukinet_sim.engine.heap import ROOT, SLOT_BITS, SLOT_MASK
from jukinet_sim.engine.program import A_KIND, NONE, Program
from jukinet_sim.engine.tally import Tally

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
_FIRST_SLOTS = 1024
_ROWS = 1 << 16


class FastEngine:
    """One replication in the compiled loop. `full` forces the full specialisation (for measuring what it costs)."""

    name = "fast"

    def __init__(
        self,
        program: Program,
        seed: int,
        replication: int,
        *,
        keep_rows: bool = False,
        same_instant_budget: int | None = None,
        full: bool = False,
    ) -> None:
        self.program = program
        self.tally = Tally(program)
        self.keeps_rows = keep_rows
        self._key = replication_key(seed, replication)
        self._instants = same_instant_budget or program.network.same_instant_budget
        self._loop = E.loop(full or not program.lean, keep_rows)
        self._words = program.job_words
        self._steps, self._steps_f = program.steps.ravel(), program.steps_f.ravel()
        self._x = np.zeros(E.SCALARS, dtype=np.int64)
        self._x[E.X_SLOTS] = _FIRST_SLOTS
        self._x[E.X_FREE] = 1
        self._jobs = np.zeros(_FIRST_SLOTS * self._words, dtype=np.int64)
        self._link_free(1, _FIRST_SLOTS)
        self._agenda = np.zeros(_FIRST_SLOTS, dtype=np.int64)
        self._heap = heap.empty(2 * _FIRST_SLOTS)
        self._occupants = np.zeros(max(1, self.tally.server_slots), dtype=np.int64)
        rows = _ROWS if keep_rows else 1
        self._visit_i = np.zeros((rows, 4), dtype=np.int64)
        self._visit_f = np.zeros((rows, 3), dtype=np.float64)
        self._kept: list[tuple[Ints, Floats]] = []
        self._streams()

    def _streams(self) -> None:
        flows = len(self.program.network.flows)
        self._state_i = np.zeros((flows, T.STATE_INTS), dtype=np.int64)
        self._state_f = np.zeros((flows, T.STATE_FLOATS), dtype=np.float64)
        self._times = np.full((flows, L.BLOCK), np.inf)
        self._places = np.zeros((flows, L.BLOCK, 5), dtype=np.int64)
        self._records = np.zeros((flows, L.BLOCK), dtype=np.int64)
        self._rows = np.zeros((flows, L.BLOCK, max(1, self.program.draw_words)))
        self._scratch = np.zeros((3, L.BLOCK))
        arriving = [f for f in range(flows) if self.program.flow_i[f, A_KIND] != NONE]
        for f in arriving:
            self._fill(f)
        self._next_bits = self._times[:, 0].copy().view(np.int64)
        self._next_seq = np.zeros(flows, dtype=np.int64)
        self._next_seq[arriving] = np.arange(1, len(arriving) + 1)
        self._x[E.X_SEQ] = len(arriving)
        arriving.sort(key=lambda f: (self._times[f, 0], f))
        self._order = np.array(arriving, dtype=np.int64)

    def _fill(self, flow: int) -> None:
        p = self.program
        T.fill_block(
            flow, self._key, p.flow_i, p.flow_f, p.plan, p.samplers, p.samplers_tail, p.tail_f, p.tail_i, p.cumulative, p.guide,
            p.parents, self._state_i, self._state_f, self._times, self._places, self._records, self._rows, self._scratch,
        )  # fmt: skip

    def _link_free(self, first: int, end: int) -> None:
        """Chain the free slots first..end-1; slot 0 is never used, so 0 means none."""
        next_slot = self._jobs.view(np.int32).reshape(-1, 2 * self._words)[:, L.J_NEXT_32]
        next_slot[first:end] = np.arange(first + 1, end + 1)
        next_slot[end - 1] = 0

    def _grow(self) -> bool:
        """Double the job slots; False when the slot number would no longer fit its bits."""
        old = int(self._x[E.X_SLOTS])
        if 2 * old > SLOT_MASK + 1:
            return False
        self._jobs = np.concatenate([self._jobs, np.zeros(old * self._words, dtype=np.int64)])
        self._x[E.X_SLOTS] = 2 * old
        self._link_free(old, 2 * old)
        self._x[E.X_FREE] = old
        start, length = int(self._x[E.X_AGENDA]), int(self._x[E.X_AGENDA_LENGTH])
        agenda = np.zeros(2 * old, dtype=np.int64)
        agenda[:length] = self._agenda[(start + np.arange(length)) % len(self._agenda)]
        self._agenda = agenda
        self._x[E.X_AGENDA] = 0
        larger = heap.empty(4 * old)
        larger[: len(self._heap)] = self._heap
        self._heap = larger
        return True

    @property
    def events(self) -> int:
        """Timed events processed so far."""
        return int(self._x[E.X_EVENTS])

    @property
    def last_event_s(self) -> float:
        """When the latest event took place."""
        return float(self._x[E.X_NOW : E.X_NOW + 1].view(np.float64)[0])

    def advance(self, stop_s: float, inclusive: bool, max_events: int) -> int:
        """Process events up to the stop; more memory is found here, visit rows are put aside here."""
        p, t = self.program, self.tally
        limit = self.events + max_events
        while True:
            why = self._loop(
                stop_s, inclusive, limit - self.events, self._instants, self._key, self._x, self._heap, self._agenda,
                self._jobs, self._jobs.view(np.float64), self._jobs.view(np.int32), self._words, t.si, t.sf, self._occupants,
                t.fi, t.ff, t.pi, t.pf, t.sojourns, t.flow_waits, t.station_waits, t.prints, self._steps, self._steps_f,
                p.samplers, p.samplers_tail, p.flow_i, p.flow_f, p.plan, p.tail_f, p.tail_i, p.cumulative, p.guide, p.parents,
                p.timeline_s, p.timeline, self._state_i, self._state_f, self._times, self._places, self._records, self._rows,
                self._order, self._next_bits, self._next_seq, p.draw_words, p.counter_words, bool(p.network.levels),
                self._scratch, self._visit_i, self._visit_f,
            )  # fmt: skip
            self._put_rows_aside()
            if why == L.NEED_SLOTS and self._grow():
                continue
            if why == L.SLICE and self.events < limit:
                continue
            return int(why)

    def _put_rows_aside(self) -> None:
        rows = int(self._x[E.X_ROWS])
        if rows:
            self._kept.append((self._visit_i[:rows].copy(), self._visit_f[:rows].copy()))
            self._x[E.X_ROWS] = 0

    def visits(self) -> tuple[Ints, Floats]:
        """Kept visit rows in the order of their ends: (flow, job key, step, station) and (arrive_s, start_s, end_s)."""
        empty = (np.zeros((0, 4), dtype=np.int64), np.zeros((0, 3)))
        kept = [empty, *self._kept]
        return np.concatenate([i for i, _ in kept]), np.concatenate([f for _, f in kept])

    def close_arrivals(self) -> None:
        """Let no further job arrive."""
        self._x[E.X_CLOSED] = 1
        self._order = np.zeros(0, dtype=np.int64)

    def busy_step(self) -> str:
        """The step that the loop was executing when it stopped."""
        return self.program.step_names[int(self._x[E.X_STEP])]

    def remaining_service(self, now_s: float) -> Floats:
        """Seconds of service still to give to jobs in service, per station."""
        left = np.zeros(self.program.stations)
        jobs = self._jobs.reshape(-1, self._words)
        for entry in range(ROOT, ROOT + int(self._x[E.X_HEAP])):
            slot, seq = int(self._heap[2 * entry + 1]) & SLOT_MASK, int(self._heap[2 * entry + 1]) >> SLOT_BITS
            job = jobs[slot]
            if job[L.J_SEQ] == seq and self.program.steps[job.view(np.int32)[L.J_STEP_32], L.K_KIND] == L.VISIT:
                left[job.view(np.int32)[L.J_STATION_32] // L.STATION_WORDS] += job.view(np.float64)[L.J_MARK] - now_s
        return left

    def clipped_in_system(self, window_start_s: float, end_s: float) -> Floats:
        """Per flow, the time inside the window already spent by jobs still in the system."""
        spent = np.zeros(len(self.program.network.flows))
        jobs = self._jobs.reshape(-1, self._words)
        used = np.ones(len(jobs), dtype=bool)
        used[0] = False
        free = int(self._x[E.X_FREE])
        next_slot = self._jobs.view(np.int32).reshape(-1, 2 * self._words)
        while free:
            used[free] = False
            free = int(next_slot[free, L.J_NEXT_32])
        births = jobs.view(np.float64)[used, L.J_BIRTH]
        np.add.at(spent, next_slot[used, L.J_FLOW_32], end_s - np.maximum(births, window_start_s))
        return spent
