"""The fast engine: owns the flat arrays of one replication and lets the compiled loop run over them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.base.compiled import compiled
from jukinet_sim.base.errors import LimitReached
from jukinet_sim.base.lines import on_lines
from jukinet_sim.chance.keys import replication_key
from jukinet_sim.engine import flow_table as F
from jukinet_sim.engine import layout as L
from jukinet_sim.engine import streams as T
from jukinet_sim.engine.arrival_times import STATE_FLOATS, STATE_INTS
from jukinet_sim.engine.fast import attempts, moves, servers
from jukinet_sim.engine.fast import heap as H
from jukinet_sim.engine.fast import world as W
from jukinet_sim.engine.fast.loop import loop
from jukinet_sim.engine.program import Program
from jukinet_sim.engine.standing import Standing
from jukinet_sim.engine.tally import Tally, exact_sum, exact_sums

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
_FIRST_SLOTS = 1024
_SPARE = 8
_ROWS = 1 << 16
_LOOK_AHEAD = 500
_MOST_COPIED = 1 << 18
_EVENTS_PER_SLOT = 4
"""Room for events, cancelled ones included, per record."""


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
        self._loop = loop(full or not program.lean, keep_rows)
        self._words = program.job_words
        self._x = np.zeros(W.SCALARS, dtype=np.int64)
        self._x[W.X_SLOTS] = _FIRST_SLOTS
        self._x[W.X_FREE] = 1
        self._jobs = on_lines(_FIRST_SLOTS * self._words)
        self._link_free(1, _FIRST_SLOTS)
        self._agenda = np.zeros(_FIRST_SLOTS, dtype=np.int64)
        self._heap = H.empty(_EVENTS_PER_SLOT * _FIRST_SLOTS)
        self._gates = H.empty(_FIRST_SLOTS)
        rows = _ROWS if keep_rows else 1
        self._visit_i = np.zeros((rows, L.VISIT_INTS), dtype=np.int64)
        self._visit_f = np.zeros((rows, L.VISIT_FLOATS))
        self._kept: list[tuple[Ints, Floats]] = []
        self._ended = 0
        self._begin()

    def _begin(self) -> None:
        """Fill the first block of every flow's arrivals; then closed populations think, and clocks are set."""
        program, flows = self.program, len(self.program.network.flows)
        self._order = np.zeros(0, dtype=np.int64)
        self._world = self._new_world()
        kinds = program.flow_i[:flows, F.A_KIND]
        arriving = [f for f in range(flows) if kinds[f] not in (F.NONE, F.CLOSED)]
        w = self._world
        for f in arriving:
            self._fill(f)
        w.next_bits[:] = w.times[:, 0].copy().view(np.int64)
        w.next_seq[arriving] = np.arange(1, len(arriving) + 1)
        self._x[W.X_SEQ] = len(arriving)
        self._order = np.array(sorted(arriving, key=lambda f: (w.times[f, 0], f)), dtype=np.int64)
        closed = [(f, i) for f in range(flows) if kinds[f] == F.CLOSED for i in range(program.flow_i[f, F.A_COUNT])]
        clocks = len(program.clocks) if program.clocks.any() else 0
        # A record for every job and its clock; where work for nobody needs more, memory is the limit.
        self._most_records = 2 * program.network.job_budget + len(closed) + clocks + _SPARE
        while len(closed) + clocks + _SPARE > int(self._x[W.X_SLOTS]):
            # Clocks and thinkers are no jobs in the system, so no budget of jobs speaks here.
            if not self._grow(H.SLOT_MASK):
                raise LimitReached(f"{len(closed) + clocks:,} breakdown clocks and closed jobs are more than the engine holds")
        self._take(order=self._order, **self._memory())
        table = self._world.table
        for flow, member in closed:
            _sit_down(table, flow, member + 1)
        for clock in range(clocks):
            _set_up(table, clock, program.clock_step)
        self._x[W.X_CLOCKS] = clocks

    def _new_world(self) -> W.World:
        p, t = self.program, self.tally
        flows = len(p.network.flows)
        blocks = (flows, L.BLOCK)
        calls: dict[str, Any] = dict.fromkeys(W.FUNCTIONS, 0)
        if p.rich:
            from jukinet_sim.engine.fast import calls as rarer
            from jukinet_sim.engine.fast import drawing

            calls |= drawing.addresses() | rarer.addresses(p.keeps)
        world = W.World(
            **self._memory(), si=t.si, sf=t.sf, qi=t.qi, qf=t.qf, links=np.zeros(max(1, t.link_words), dtype=np.int64),
            occupants=np.zeros(max(1, t.server_slots), dtype=np.int64), conditions=t.conditions(), fi=t.fi, ff=t.ff, pi=t.pi,
            pf=t.pf, states=p.states.copy(), sojourns=t.sojourns, flow_waits=t.flow_waits, flow_gone=t.flow_gone,
            station_waits=t.station_waits, station_gone=t.station_gone, pool_waits=t.pool_waits, prints=t.prints,
            steps=p.steps.ravel(), steps_f=p.steps_f.ravel(), samplers=p.samplers, samplers_tail=p.samplers_tail,
            flow_i=p.flow_i, flow_f=p.flow_f, plan=p.plan, tail_f=p.tail_f, tail_i=p.tail_i,
            cumulative=p.cumulative, guide=p.guide, parents=p.parents, timeline_s=p.timeline_s,
            timeline=p.timeline, clocks=p.clocks,
            state_i=np.zeros((flows, STATE_INTS), dtype=np.int64), state_f=np.zeros((flows, STATE_FLOATS)),
            times=np.full(blocks, np.inf), places=np.zeros((*blocks, 5), dtype=np.int64),
            records=np.zeros(blocks, dtype=np.int64), rows=np.zeros((*blocks, max(1, p.draw_words))), order=self._order,
            next_bits=np.zeros(flows, dtype=np.int64), next_seq=np.zeros(flows, dtype=np.int64),
            scratch=np.zeros((3, L.BLOCK)), visit_i=self._visit_i, visit_f=self._visit_f, key=self._key, words=self._words,
            drawn_words=p.draw_words, counter_words=p.counter_words, timer_step=p.timer_step, keep_rows=int(self.keeps_rows),
            placed=int(bool(p.network.levels)), job_budget=p.network.job_budget, **calls, table=np.zeros(1, dtype=np.int64),
        )  # fmt: skip
        W.check_calls(world, p.rich, p.keeps)
        return world._replace(table=W.table_of(world))

    def _memory(self) -> dict[str, Any]:
        """Return the arrays that grow with the number of jobs in the system."""
        return {
            "x": self._x, "heap": self._heap, "gates": self._gates, "agenda": self._agenda, "ji": self._jobs,
            "jf": self._jobs.view(np.float64), "j32": self._jobs.view(np.int32),
        }  # fmt: skip

    def _take(self, **arrays: Any) -> None:
        """Let the loop go on with other arrays."""
        world = self._world._replace(**arrays)
        self._world = world._replace(table=W.table_of(world))

    def _fill(self, flow: int) -> None:
        w = self._world
        T.fill_block(
            flow, self._key, w.flow_i, w.flow_f, w.plan, w.samplers, w.samplers_tail, w.tail_f, w.tail_i, w.cumulative, w.guide,
            w.parents, w.state_i, w.state_f, w.times, w.places, w.records, w.rows, w.scratch,
        )  # fmt: skip

    def _link_free(self, first: int, end: int) -> None:
        """Chain the free slots first..end-1; slot 0 is never used, so 0 means none."""
        next_slot = self._jobs.view(np.int32).reshape(-1, 2 * self._words)[:, L.J_NEXT_32]
        next_slot[first:end] = np.arange(first + 1, end + 1)
        next_slot[end - 1] = 0

    def _grow(self, most: int) -> bool:
        """Double the job slots; False when there are `most` already, or would be more than a slot number holds."""
        old = int(self._x[W.X_SLOTS])
        if 2 * old > H.SLOT_MASK + 1 or old >= most:
            return False
        jobs = on_lines(2 * old * self._words)
        jobs[: len(self._jobs)] = self._jobs
        self._jobs = jobs
        self._x[W.X_SLOTS] = 2 * old
        self._link_free(old, 2 * old)
        self._append_free(old)
        start, length = int(self._x[W.X_AGENDA]), int(self._x[W.X_AGENDA_LENGTH])
        agenda = np.zeros(2 * old, dtype=np.int64)
        agenda[:length] = self._agenda[(start + np.arange(length)) % len(self._agenda)]
        self._agenda = agenda
        self._x[W.X_AGENDA] = 0
        self._heap = H.larger(self._heap, 2 * _EVENTS_PER_SLOT * old)
        self._gates = H.larger(self._gates, 2 * old)
        return True

    def _append_free(self, first: int) -> None:
        """Put the new slots behind the few that are still free."""
        next_slot = self._jobs.view(np.int32).reshape(-1, 2 * self._words)[:, L.J_NEXT_32]
        last = int(self._x[W.X_FREE])
        if last == 0:
            self._x[W.X_FREE] = first
            return
        while next_slot[last]:
            last = int(next_slot[last])
        next_slot[last] = first

    @property
    def events(self) -> int:
        """Timed events processed so far."""
        return int(self._x[W.X_EVENTS])

    @property
    def ended_visits(self) -> int:
        """Visit rows kept so far."""
        return self._ended

    @property
    def last_event_s(self) -> float:
        """When the latest event took place."""
        return float(self._x[W.X_NOW : W.X_NOW + 1].view(np.float64)[0])

    def advance(self, stop_s: float, inclusive: bool, max_events: int) -> int:
        """Process events up to the stop; more memory is found here, visit rows are put aside here."""
        limit = self.events + max_events
        while True:
            why = self._loop(stop_s, inclusive, limit - self.events, self._instants, self.program.timeouts, self._world)
            self._put_rows_aside()
            if why == L.NEED_SLOTS and self._grow(self._most_records):
                self._take(**self._memory())
                continue
            if why == L.SLICE and self.events < limit:
                continue
            return int(why)

    def _put_rows_aside(self) -> None:
        rows = int(self._x[W.X_ROWS])
        if rows:
            self._ended += rows
            self._kept.append((self._visit_i[:rows].copy(), self._visit_f[:rows].copy()))
            self._x[W.X_ROWS] = 0

    def visits(self) -> tuple[Ints, Floats]:
        """Kept visit rows by their ends: (flow, job key, step, station, outcome) and (arrive_s, start_s, end_s)."""
        empty = (np.zeros((0, L.VISIT_INTS), dtype=np.int64), np.zeros((0, L.VISIT_FLOATS)))
        kept = [empty, *self._kept]
        return np.concatenate([i for i, _ in kept]), np.concatenate([f for _, f in kept])

    def close_arrivals(self) -> None:
        """Let no further job arrive; who thinks will not come back."""
        self._x[W.X_CLOSED] = 1
        self._take(order=np.zeros(0, dtype=np.int64))
        jobs, halves = self._records()
        thinking = self.program.steps[halves[:, L.J_STEP_32], L.K_KIND] == L.THINK
        pending = thinking & (jobs[:, L.J_SEQ] != 0)
        jobs[pending, L.J_SEQ] = 0
        self._x[W.X_STALE] += int(pending.sum())

    def _records(self) -> tuple[Ints, NDArray[np.int32]]:
        """Job records by slot, as words and as half words."""
        return self._jobs.reshape(-1, self._words), self._jobs.view(np.int32).reshape(-1, 2 * self._words)

    def busy_step(self) -> str:
        """Return the step that the loop was executing when it stopped."""
        return self.program.step_names[int(self._x[W.X_STEP])]

    def frequent_step(self) -> str:
        """Return the step that would be executed most often next, or at which most jobs stand where there are very many."""
        _, halves = self._records()
        standing = halves[self._in_use() & (halves[:, L.J_FLOW_32] >= 0), L.J_STEP_32]
        ahead = np.array([] if len(halves) > _MOST_COPIED else self._next_steps(), dtype=np.int64)
        # A job that ends does so because of the step before; if nothing but ends comes next, those who stand tell more.
        ends = np.array([name.endswith(": exit") for name in self.program.step_names])
        # So do they where nothing can come next, since one job more is one too many.
        told = ahead[~ends[ahead]] if len(ahead) > 1 else standing
        told = next((steps for steps in (told, standing) if len(steps)), self._x[W.X_STEP : W.X_STEP + 1])
        return self.program.step_names[int(np.bincount(told).argmax())]

    def _next_steps(self) -> list[int]:
        """Return the steps of the next few hundred events or jumps, found on a copy of everything."""
        w = self._world
        copies: dict[str, Any] = {name: _alike(getattr(w, name)) for name in W.ARRAYS}
        for whole, views in W.VIEWS.items():
            copies |= {view: copies[whole].view(getattr(w, view).dtype) for view in views}
        world = w._replace(**copies)
        world = world._replace(table=W.table_of(world))
        world.x[W.X_ROWS] = 0
        steps = [int(world.x[W.X_STEP])]
        for _ in range(_LOOK_AHEAD):
            world.x[W.X_INSTANT] = 0
            if self._loop(np.inf, False, 1, 1, self.program.timeouts, world) not in (L.SLICE, L.INSTANT_BUDGET):
                break
            world.x[W.X_ROWS] = 0
            steps.append(int(world.x[W.X_STEP]))
        return steps

    def remaining_service(self, now_s: float) -> Floats:
        """Service still to give to jobs in service, per station: seconds, or work where jobs share servers."""
        left = np.zeros(self.program.stations)
        jobs, halves = self._records()
        events = self._heap.reshape(-1, 2)[H.ROOT : H.ROOT + int(self._x[W.X_HEAP]), 1]
        slots, seqs = events & H.SLOT_MASK, events >> H.SLOT_BITS
        slots = slots[jobs[slots, L.J_SEQ] == seqs]
        kinds = self.program.steps[halves[slots, L.J_STEP_32], L.K_KIND]
        serving = (kinds == L.SPECIAL) & (jobs[slots, L.J_STATE] == L.SERVING)
        served = slots[(kinds == L.VISIT) | serving]
        left += exact_sums(
            halves[served, L.J_STATION_32] // L.STATION_WORDS, jobs.view(np.float64)[served, L.J_MARK] - now_s, len(left)
        )
        for q in np.flatnonzero(self.tally.qi[L.Q_ROOT :: L.SPECIAL_WORDS]) * L.SPECIAL_WORDS:
            left[self.tally.qi[q + L.Q_STATION] // L.STATION_WORDS] += self._shared_work(int(q), now_s)
        return left

    def _shared_work(self, q: int, now_s: float) -> float:
        """Work still to do for the jobs at a sharing station."""
        si, qi, qf = self.tally.si, self.tally.qi, self.tally.qf
        s = int(qi[q + L.Q_STATION])
        present = int(si[s + L.S_BUSY] + si[s + L.S_QUEUE])
        rate = min(1.0, int(si[s + L.S_USABLE]) / present) * qf[q + L.Q_SPEED]
        virtual = qf[q + L.Q_VIRTUAL] + rate * (now_s - qf[q + L.Q_T_VIRTUAL])
        jobs, halves = self._records()
        here = (jobs[:, L.J_STATE] == L.SHARING) & (halves[:, L.J_STATION_32] == s) & self._in_use()
        here &= self.program.steps[halves[:, L.J_STEP_32], L.K_KIND] == L.SPECIAL
        return exact_sum((jobs.view(np.float64)[here, L.J_LEFT] - virtual).tolist())

    def _in_use(self) -> NDArray[np.bool_]:
        """Which slots hold a record."""
        _, halves = self._records()
        used = np.ones(len(halves), dtype=bool)
        following = halves[:, L.J_NEXT_32].tolist()  # whose items are read four times as fast
        unused, free = [0], int(self._x[W.X_FREE])
        while free:
            unused.append(free)
            free = following[free]
        used[unused] = False
        return used

    def jobs_inside(self) -> tuple[Ints, Floats, Ints]:
        """Flow, time of arrival and records of each job in the system."""
        jobs, halves = self._records()
        inside = self._in_use() & (halves[:, L.J_FLOW_32] >= 0) & (jobs[:, L.J_TIMER] != L.ZOMBIE)
        flows = halves[inside, L.J_FLOW_32].astype(np.int64)
        return flows, jobs.view(np.float64)[inside, L.J_BIRTH], jobs[inside, L.J_RECORDS]

    def standing(self) -> Standing:
        """Where each job in the system stands."""
        jobs, halves = self._records()
        inside = self._in_use() & (halves[:, L.J_FLOW_32] >= 0) & (jobs[:, L.J_TIMER] != L.ZOMBIE)
        moving = np.zeros(len(inside), dtype=np.bool_)
        moving[self._on_agenda()] = True
        slots = np.flatnonzero(inside)
        own, half, floats = jobs[slots], halves[slots].astype(np.int64), jobs.view(np.float64)[slots]
        kinds = self.program.steps[half[:, L.J_STEP_32], L.K_KIND]
        waits = np.isin(kinds, (L.ACQUIRE, L.PATIENT, L.TAKE)) & ~moving[slots]
        served = ((kinds == L.VISIT) | (kinds == L.SPECIAL)) & ~moving[slots]
        keeps = own[:, L.J_STATE] == L.HOLDING
        queues = served & (kinds == L.SPECIAL) & np.isin(own[:, L.J_STATE], (L.WAITING, L.HOLDING))
        tokens = half[:, L.J_TOKENS_32 : L.J_TOKENS_32 + L.MAX_TOKENS] // L.POOL_WORDS
        shifts = L.AMOUNT_BITS * np.arange(L.MAX_TOKENS)
        return Standing(
            flow=half[:, L.J_FLOW_32],
            birth_s=floats[:, L.J_BIRTH],
            pool=np.where(waits, half[:, L.J_STATION_32] // L.POOL_WORDS, -1),
            since_s=floats[:, L.J_MARK],
            station=np.where(served, half[:, L.J_STATION_32] // L.STATION_WORDS, -1),
            waits=queues,
            kept=np.where(keeps, own[:, L.J_CHILD] // L.STATION_WORDS, -1),
            wants=np.where(kinds == L.TAKE, self.program.steps[half[:, L.J_STEP_32], L.K_COUNT], 1),
            held=np.where(np.arange(L.MAX_TOKENS) < own[:, L.J_HELD, None], tokens, -1),
            amounts=np.maximum(own[:, L.J_AMOUNTS, None] >> shifts & L.MOST_AT_ONCE, 1),
            leaves=(own[:, L.J_TIMER] > 0) | ((waits | queues) & (own[:, L.J_SEQ] != 0)),
        )

    def _on_agenda(self) -> Ints:
        """Slots of the jobs whose turn has come at this instant."""
        start, length = int(self._x[W.X_AGENDA]), int(self._x[W.X_AGENDA_LENGTH])
        return self._agenda[(start + np.arange(length)) % len(self._agenda)]


def _alike(array: NDArray[Any]) -> NDArray[Any]:
    """Return a copy that is read-only where the array is, since for other kinds of arrays the loop would be compiled anew."""
    copy = array.copy()
    copy.flags.writeable = array.flags.writeable
    return copy


@compiled
def _sit_down(w: Ints, flow: int, member: int) -> None:
    """Let a member of a closed population begin to think at time 0."""
    slot = moves.new_slot(w)
    ji = W.ints(w, W.JI)
    ji[slot * w[W.WORDS] + L.J_CUSTOMER] = member
    ji[slot * w[W.WORDS] + L.J_CYCLE] = 0
    attempts.think(w, slot, flow, 0.0, True)


@compiled
def _set_up(w: Ints, clock: int, step: int) -> None:
    """Let a server begin its first time up at time 0."""
    slot = moves.new_slot(w)
    ji, j32 = W.ints(w, W.JI), W.halves(w, W.J32)
    j = slot * w[W.WORDS]
    j32[2 * j + L.J_FLOW_32] = L.NOBODY_32
    j32[2 * j + L.J_STEP_32] = step
    ji[j + L.J_CUSTOMER] = clock
    ji[j + L.J_CYCLE] = 0
    ji[j + L.J_STATE] = 0
    servers.set_clock(w, slot, 0.0)
