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
from jukinet_sim.engine import routes as R
from jukinet_sim.engine.lay_dates import clock_rows, timeline_rows
from jukinet_sim.engine.lay_flows import add_behaviour, arrivals_row
from jukinet_sim.engine.lay_routes import RouteLayout, shift_counters
from jukinet_sim.engine.tables import Tables, floats, ints
from jukinet_sim.network import model as M

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

@dataclass(frozen=True)
class Program:
    """Read-only tables; see `layout` for the columns. `tail_f` holds profiles and calendars, `parents` place parents.

    `timeline` holds dated changes: what stands at `timeline_s`, then the station word or place of a state, and a value (a
    speed as its bits). `clocks` holds a row per breakdown clock: station word, server (-1 for all), its key, the hash of the
    station's name, the samplers of its up and down times. `special` tells which station groups are special ones.
    """

    network: M.Network
    steps: Ints
    steps_f: Floats
    samplers: Floats
    samplers_tail: Floats
    flow_i: Ints
    flow_f: Floats
    plan: Ints
    tail_f: Floats
    tail_i: Ints
    cumulative: Floats
    guide: Ints
    parents: Ints
    timeline_s: Floats
    timeline: Ints
    clocks: Ints
    states: Ints
    state_first: tuple[int, ...]
    special: tuple[bool, ...]
    classes: int
    timer_step: int
    clock_step: int
    timeouts: bool
    station_first: tuple[int, ...]
    station_count: tuple[int, ...]
    pool_first: tuple[int, ...]
    pool_count: tuple[int, ...]
    job_words: int
    draw_words: int
    counter_words: int
    step_names: tuple[str, ...]
    lean: bool
    """Whether c servers, first-come queues, delays, branches and plain loops are all the network needs."""
    rich: bool
    """Whether it has special stations, dated changes, time-outs, buckets or closed populations."""

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
    R.check_hashes([f.name for f in network.flows], "flows")
    rows: list[R.Row] = []
    flow_i: list[list[int]] = []
    flow_f: list[list[float]] = []
    plan: list[list[int]] = []
    drawn_words = extra_words = 0
    for flow in network.flows:
        first = len(rows)
        route = layout.route(flow, first)
        rows.extend(route)
        steps, drawn, extra = layout.columns(route, flow.patience is not None)
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
    rows += [R.Row(L.TIMER, "time-out", "clock"), R.Row(L.CLOCK, "breakdown", "clock")]
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
        clocks=ints(clocks, L.CLOCK_COLUMNS),
        states=ints([s.start for s in network.states for _ in range(tables.places(s.per))]),
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
        rich=any(tables.special) or timeouts or len(times) > 0 or not {row.kind for row in rows} <= _PLAIN,
    )


_PLAIN = set(range(L.RETRY)) - {L.SPECIAL, L.METER} | {L.TIMER, L.CLOCK}
_LEAN = {L.VISIT, L.DELAY, L.BRANCH, L.LOOP_BEGIN, L.LOOP_END, L.EXIT, L.TIMER, L.CLOCK}


def _is_lean(network: M.Network, rows: list[R.Row], times: Floats, clocks: list[list[int]]) -> bool:
    """Whether c servers, first-come queues, delays, branches and plain loops are all the network needs."""
    return (
        {row.kind for row in rows} <= _LEAN
        and len(times) == 0
        and not clocks
        and not any(flow.timeout is not None for flow in network.flows)
        and all(r.floats[L.KF_PER_RECORD] == 0.0 for r in rows)
        and all(r.ints[L.K_PER_RECORDS] <= 0 for r in rows if r.kind == L.LOOP_BEGIN)
    )
