"""A network as the integer-indexed arrays that both engines execute.

Steps of all routes lie in one table; loops and branches have become jumps; every step knows where in a job its drawn value,
its execution counter and its loop counter stand.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.engine import flow_table as F
from jukinet_sim.engine import layout as L
from jukinet_sim.engine import routes
from jukinet_sim.engine.lay_dates import clock_rows, timeline_rows
from jukinet_sim.engine.lay_flows import add_behaviour, arrivals_row
from jukinet_sim.engine.lay_routes import RouteLayout, shift_counters
from jukinet_sim.engine.tables import Tables, floats, ints
from jukinet_sim.network import model as M

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Program:
    """Read-only tables of whole numbers (int64) and floats (float64), seconds where they are times.

    n is the number of flows; a table that would be empty has one row or word of zeros, but for the one-dimensional floats.
    """

    network: M.Network
    steps: Ints
    steps_f: Floats
    """[steps, STEP_WORDS] and [steps, STEP_FLOATS] Every route's steps, one route after another (K_ and KF_ of `layout`)."""
    samplers: Floats
    samplers_tail: Floats
    """[distributions, SAMPLER_FLOATS] and [any] Distributions that are drawn from, see `sampling`."""
    flow_i: Ints
    flow_f: Floats
    """[n, FLOW_INTS] and [n, FLOW_FLOATS] How jobs of each flow arrive and behave (A_ and AF_ of `flow_table`)."""
    plan: Ints
    """[entries, PLAN_COLUMNS] What is drawn ahead for a job: step hash, sampler, column, pair column (or -1), occurrence."""
    tail_f: Floats
    """[any] Profiles of rates, dates of arrival, opening and closing times of gates."""
    tail_i: Ints
    """[any] Targets of branches, pairs of value and target of switches, records of dated arrivals."""
    cumulative: Floats
    """[any] Cumulative probabilities of the places of a level, and of branches."""
    guide: Ints
    """[any] As long as the places' part of `cumulative`: where to begin looking for a uniform."""
    parents: Ints
    """[any] The parent of each place of a level."""
    timeline_s: Floats
    """[dated changes] When each takes place, in order."""
    timeline: Ints
    """[dated changes, DATED_COLUMNS] What changes, the station word or place of a state, the value (a speed as its bits)."""
    clocks: Ints
    """[clocks, CLOCK_COLUMNS] For each breakdown clock: station word, server (-1 for all), its key, the hash of the station's
    name, the samplers of its up and down times."""
    states: Ints
    """[places of all states and more] Values at time 0; the last say whose turn it is where stations are chosen in turn."""
    state_first: tuple[int, ...]
    """For each state, where its places begin."""
    special: tuple[bool, ...]
    """For each station group, whether its stations are special."""
    classes: int
    """Classes of priority."""
    timer_step: int
    clock_step: int
    """The steps on which clocks of time-outs and of breakdowns stand."""
    timeouts: bool
    """Whether the network is wide, see `fast`: its jobs carry clocks of time-outs."""
    station_first: tuple[int, ...]
    station_count: tuple[int, ...]
    pool_first: tuple[int, ...]
    pool_count: tuple[int, ...]
    """For each group, the index of its first station or pool, and how many there are."""
    job_words: int
    draw_words: int
    counter_words: int
    """Words of a job's record, and of these words with drawn values and with counters."""
    step_names: tuple[str, ...]
    """Flow and path of each step, for messages."""
    lean: bool
    rich: bool
    """What specialisation of the fast engine the network needs; `fast` has both words."""

    @cached_property
    def keeping(self) -> frozenset[str]:
        """Names of the station groups of which jobs keep servers after service."""
        return M.kept_stations(self.network)

    @property
    def keeps(self) -> bool:
        """Whether jobs keep servers after service anywhere."""
        return bool(self.keeping)

    @cached_property
    def group_of(self) -> dict[str, int]:
        """Number of each station group by its name."""
        return {station.name: number for number, station in enumerate(self.network.stations)}

    @cached_property
    def servers(self) -> Ints:
        """Servers of each single station; the most it ever has."""
        pairs = zip(self.network.stations, self.station_count, strict=True)
        return np.concatenate([np.zeros(0, np.int64), *(station.servers_by_place(count) for station, count in pairs)])

    @cached_property
    def groups(self) -> Ints:
        """Number of the group of each single station."""
        return np.repeat(np.arange(len(self.station_count)), self.station_count)

    @property
    def stations(self) -> int:
        """Single stations over all groups and places."""
        return sum(self.station_count)

    @property
    def pools(self) -> int:
        """Single pools over all groups and places."""
        return sum(self.pool_count)


def compile_program(network: M.Network) -> Program:
    """Lay a network out as tables. Raises ScenarioError when two names share a hash (rename one of them)."""
    tables = Tables(network)
    layout = RouteLayout(tables)
    routes.check_hashes([f.name for f in network.flows], "flows")
    rows: list[routes.Row] = []
    flow_i: list[list[int]] = []
    flow_f: list[list[float]] = []
    plan: list[list[int]] = []
    drawn_words = extra_words = 0
    for flow in network.flows:
        first = len(rows)
        route = layout.route(flow, first)
        rows.extend(route)
        steps, drawn, extra = layout.columns(route)
        own_ints, own_floats = arrivals_row(tables, flow)
        add_behaviour(tables, flow, own_ints, own_floats, rows)
        own_ints[F.A_FIRST_STEP], own_ints[F.A_PLAN], own_ints[F.A_PLAN_LENGTH] = first, len(plan), len(steps)
        own_ints[F.A_DRAWN] = drawn
        flow_i.append(own_ints)
        flow_f.append(own_floats)
        plan.extend(steps)
        drawn_words, extra_words = max(drawn_words, drawn), max(extra_words, extra)
    shift_counters(rows, drawn_words)
    clocks = clock_rows(tables)
    timer_step, clock_step = len(rows), len(rows) + 1
    rows += [routes.Row(L.TIMER, "time-out", "clock"), routes.Row(L.CLOCK, "breakdown", "clock")]
    samplers, samplers_tail = tables.samplers.arrays()
    timeouts = any(flow.timeout is not None for flow in network.flows)
    times, timeline = timeline_rows(tables)
    words = L.JOB_HEADER + drawn_words + extra_words
    return Program(
        network=network,
        steps=ints([r.ints for r in rows], L.STEP_WORDS),
        steps_f=floats([r.floats for r in rows], L.STEP_FLOATS),
        samplers=samplers,
        samplers_tail=samplers_tail,
        flow_i=ints(flow_i, F.FLOW_INTS),
        flow_f=floats(flow_f, F.FLOW_FLOATS),
        plan=ints(plan, L.PLAN_COLUMNS),
        tail_f=floats(tables.tail_f),
        tail_i=ints(tables.tail_i),
        cumulative=floats(tables.cumulative),
        guide=ints(tables.guide),
        parents=ints(tables.parents),
        timeline_s=times,
        timeline=timeline,
        clocks=clocks,
        states=ints([*(s.start for s in network.states for _ in range(tables.places(s.per))), *[0] * tables.turns]),
        state_first=tables.state_first,
        special=tables.special,
        classes=len(tables.ranks),
        timer_step=timer_step,
        clock_step=clock_step,
        timeouts=timeouts,
        station_first=tables.station_first,
        station_count=tables.station_count,
        pool_first=tables.pool_first,
        pool_count=tables.pool_count,
        job_words=-(-words // 8) * 8,
        draw_words=drawn_words,
        counter_words=extra_words,
        step_names=tuple(f"{r.flow}: {r.path}" for r in rows),
        lean=_is_lean(network, rows, times, clocks),
        rich=any(tables.special) or timeouts or len(times) > 0 or not {row.kind for row in rows} <= _IN_THE_LOOP,
    )


_IN_THE_LOOP = set(range(L.PATIENT)) - {L.SPECIAL, L.METER} | {L.TIMER, L.CLOCK}
"""Steps for which the fast engine's loop needs no rarer move; the last two stand in every table."""
_LEAN = {L.VISIT, L.DELAY, L.BRANCH, L.LOOP_BEGIN, L.LOOP_END, L.EXIT, L.TIMER, L.CLOCK}


def _is_lean(network: M.Network, rows: list[routes.Row], times: Floats, clocks: Ints) -> bool:
    """Whether c servers, first-come queues, delays, branches and loops of fixed length are all the network needs."""
    return (
        {row.kind for row in rows} <= _LEAN
        and len(times) == 0
        and not clocks.any()
        and not any(flow.timeout is not None for flow in network.flows)
        and all(r.floats[L.KF_PER_RECORD] == 0.0 for r in rows)
        and all(r.ints[L.K_PER_RECORDS] <= 0 for r in rows if r.kind == L.LOOP_BEGIN)
    )
