"""A network as the integer-indexed arrays that both engines execute.

Steps of all routes lie in one table; loops and branches have become jumps; every step knows where in a job its drawn value,
its execution counter and its loop counter stand.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.draws import name_hash
from jukinet_sim.engine import layout as L
from jukinet_sim.engine import routes as R
from jukinet_sim.network import model as M
from jukinet_sim.sampling import Samplers

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

NONE, POISSON, PIECEWISE, EXACT, SCHEDULED, RENEWAL, BATCH = range(7)

# Columns of Program.flow_i and Program.flow_f.
A_FIRST_STEP, A_PLAN, A_PLAN_LENGTH, A_DRAWN, A_KIND, A_AT, A_LENGTH, A_COUNT, A_RECORDS, A_LAST_RECORDS = range(10)
A_ORIGIN, A_ORIGIN_COUNT, A_ORIGIN_PARENT, A_DESTINATION, A_DESTINATION_COUNT, A_DESTINATION_PARENT = range(10, 16)
A_HASH, A_SAMPLER = 16, 17
FLOW_INTS = 20
AF_RATE, AF_REPEAT, AF_TOTAL, AF_END = range(4)
FLOW_FLOATS = 4


@dataclass(frozen=True)
class Program:
    """Read-only tables; see `layout` for the columns. `tail_f` holds profiles and calendars, `parents` place parents."""

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
    station_first: tuple[int, ...]
    station_count: tuple[int, ...]
    pool_first: tuple[int, ...]
    pool_count: tuple[int, ...]
    job_words: int
    draw_words: int
    counter_words: int
    step_names: tuple[str, ...]
    lean: bool

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
    return _Layout(network).program()


class _Layout:
    def __init__(self, network: M.Network) -> None:
        self.network = network
        self.samplers = Samplers()
        self.tail_f: list[float] = []
        self.tail_i: list[int] = []
        self.cumulative: list[float] = []
        self.guide: list[int] = []
        self.parents: list[int] = []
        self.levels = {level.name: level for level in network.levels}
        self.stations = {s.name: i for i, s in enumerate(network.stations)}
        self.pools = {p.name: i for i, p in enumerate(network.pools)}
        self.flows = {f.name: i for i, f in enumerate(network.flows)}
        self.station_count = tuple(self._places(s.per) for s in network.stations)
        self.pool_count = tuple(self._places(p.per) for p in network.pools)
        self.station_first = _running(self.station_count)
        self.pool_first = _running(self.pool_count)

    def _places(self, level: str | None) -> int:
        return 1 if level is None else self.levels[level].count

    def program(self) -> Program:
        """Lay out every flow, then fix the width of a job."""
        R.check_hashes([f.name for f in self.network.flows], "flows")
        rows: list[R.Row] = []
        flow_i: list[list[int]] = []
        flow_f: list[list[float]] = []
        plan: list[list[int]] = []
        drawn_words = extra_words = 0
        for flow in self.network.flows:
            first = len(rows)
            route = self._route(flow, first)
            rows.extend(route)
            steps, drawn, extra = self._columns(route)
            ints, floats = self._arrivals(flow)
            ints[A_FIRST_STEP], ints[A_PLAN], ints[A_PLAN_LENGTH], ints[A_DRAWN] = first, len(plan), len(steps), drawn
            flow_i.append(ints)
            flow_f.append(floats)
            plan.extend(steps)
            drawn_words, extra_words = max(drawn_words, drawn), max(extra_words, extra)
        self._shift_extra(rows, drawn_words)
        samplers, samplers_tail = self.samplers.arrays()
        times, timeline = self._timeline()
        words = L.JOB_HEADER + drawn_words + extra_words
        return Program(
            network=self.network,
            steps=_ints([r.ints for r in rows], L.STEP_WORDS),
            steps_f=_floats([r.floats for r in rows], L.STEP_FLOATS),
            samplers=samplers,
            samplers_tail=samplers_tail,
            flow_i=_ints(flow_i, FLOW_INTS),
            flow_f=_floats(flow_f, FLOW_FLOATS),
            plan=_ints(plan, 5),
            tail_f=_floats(self.tail_f),
            tail_i=_ints(self.tail_i),
            cumulative=_floats(self.cumulative),
            guide=_ints(self.guide),
            parents=_ints(self.parents),
            timeline_s=times,
            timeline=timeline,
            station_first=self.station_first,
            station_count=self.station_count,
            pool_first=self.pool_first,
            pool_count=self.pool_count,
            job_words=-(-words // 8) * 8,
            draw_words=drawn_words,
            counter_words=extra_words,
            step_names=tuple(f"{r.flow}: {r.path}" for r in rows),
            lean=_is_lean(self.network, rows, times),
        )

    # Routes

    def _route(self, flow: M.Flow, first: int) -> list[R.Row]:
        rows: list[R.Row] = []
        labels: dict[str, int] = {}
        self._lay(flow, flow.route, "", rows, labels, first)
        rows.append(R.Row(L.EXIT, "exit", flow.name))
        labels["exit"] = first + len(rows) - 1
        for row in rows:
            if row.kind == L.BRANCH:
                self._branch_table(row, labels)
        R.check_hashes([r.path for r in rows if r.kind not in (L.LOOP_END, L.EXIT)], f"steps of flow {flow.name}")
        R.mark_cycles(rows, first, self.tail_i)
        return rows

    def _lay(
        self, flow: M.Flow, steps: tuple[M.Step, ...], prefix: str, rows: list[R.Row], labels: dict[str, int], first: int
    ) -> None:
        for number, step in enumerate(steps):
            path = M.step_path(prefix, number, step)
            if step.label:
                labels[step.label] = first + len(rows)
            row = self._row(flow, step, path)
            row.labelled = step.label is not None
            rows.append(row)
            if isinstance(step, M.Loop):
                R.refuse_nested_lots(flow, step)
                begin = first + len(rows) - 1
                self._lay(flow, step.body, f"{path}.", rows, labels, first)
                end = R.Row(L.LOOP_END, f"{path} (end)", flow.name)
                end.ints[L.K_TARGET] = begin + 1
                rows.append(end)
                row.ints[L.K_TARGET] = first + len(rows)

    def _row(self, flow: M.Flow, step: M.Step, path: str) -> R.Row:
        if isinstance(step, M.Visit):
            row = R.Row(L.VISIT, path, flow.name)
            group = self.stations[step.station]
            row.ints[L.K_BASE] = self.station_first[group] * L.STATION_WORDS
            row.ints[L.K_WHICH] = self._which(flow, self.network.stations[group].per, step.at, step.station)
            row.floats[L.KF_PER_RECORD] = step.per_record_s
            R.set_distribution(row, step.demand)
        elif isinstance(step, M.Delay):
            row = R.Row(L.DELAY, path, flow.name)
            R.set_distribution(row, step.delay)
        elif isinstance(step, M.Gate):
            row = R.Row(L.GATE, path, flow.name)
            row.ints[L.K_TARGET], row.ints[L.K_COUNT] = len(self.tail_f), len(step.opens_s)
            self.tail_f.extend(step.opens_s.tolist())
            self.tail_f.extend(step.closes_s.tolist())
            row.floats[L.KF_SPREAD] = step.spread_s
        elif isinstance(step, M.Acquire | M.Release):
            row = R.Row(L.ACQUIRE if isinstance(step, M.Acquire) else L.RELEASE, path, flow.name)
            pool = self.pools[step.pool]
            row.ints[L.K_BASE] = self.pool_first[pool] * L.POOL_WORDS
            row.ints[L.K_WHICH] = self._which(flow, self.network.pools[pool].per, step.at, step.pool)
        elif isinstance(step, M.Branch):
            row = R.Row(L.BRANCH, path, flow.name)
            row.targets = list(step.targets)
        elif isinstance(step, M.Loop):
            row = R.Row(L.LOOP_BEGIN, path, flow.name)
            row.ints[L.K_COUNT] = step.times if step.times is not None else 0
            row.ints[L.K_PER_RECORDS] = step.per_records or 0
        else:
            row = R.Row(L.SPAWN, path, flow.name)
            row.ints[L.K_CHILD] = self.flows[step.flow]
            self._check_inheritance(flow, self.network.flows[self.flows[step.flow]])
        return row

    def _check_inheritance(self, flow: M.Flow, child: M.Flow) -> None:
        """A spawned job takes its parent's places over, so it cannot stand on another level."""
        for end in ("origin", "destination"):
            own, inherited = getattr(child, end), getattr(flow, end)
            if own not in (None, inherited):
                raise R.refuse(
                    f"flow {child.name} has {end} {own}, but flow {flow.name}, which spawns it, has {inherited or 'none'}",
                    f"give both flows the same {end}",
                )

    def _which(self, flow: M.Flow, level: str | None, at: M.Which, name: str) -> int:
        """The job's place slot that selects a member of a group kept per `level`."""
        if level is None:
            return L.NO_PLACE
        start = flow.origin if at == "origin" else flow.destination
        if start == level:
            return L.ORIGIN if at == "origin" else L.DESTINATION
        if start is not None and self.levels[start].within == level:
            return L.ORIGIN_PARENT if at == "origin" else L.DESTINATION_PARENT
        raise R.refuse(
            f"flow {flow.name} uses {name}, which stands once per {level}, but its jobs have no {at} there",
            f"give the flow `{at}: {level}` or a level within it",
        )

    def _branch_table(self, row: R.Row, labels: dict[str, int]) -> None:
        row.ints[L.K_TARGET], row.ints[L.K_COUNT] = len(self.tail_i), len(row.targets)
        row.ints[L.K_BASE] = len(self.cumulative)
        total = 0.0
        for label, probability in row.targets:
            total += probability
            self.cumulative.append(total)
            self.tail_i.append(labels[label or "exit"])
        self.cumulative[-1] = 1.0

    def _columns(self, route: list[R.Row]) -> tuple[list[list[int]], int, int]:
        """Give each random step its place in the job; returns the fill plan, drawn words and further words."""
        plan: list[list[int]] = []
        drawn = extra = 0
        for row, after, ahead in zip(route, [*route[1:], None], R.drawn_ahead(route), strict=True):
            random = row.distribution is not None and row.distribution.kind != "constant"
            if random and row.distribution is not None:
                row.ints[L.K_SAMPLER] = self.samplers.add(row.distribution)
                paired = after is not None and after.kind == L.BRANCH and not after.labelled
            elif row.kind == L.BRANCH and row.ints[L.K_COLUMN] < 0:
                random, paired = True, False
            if random:
                row.ints[L.K_COLUMN], row.ints[L.K_COLUMNS] = L.JOB_HEADER + drawn, ahead
                drawn += ahead
                if paired and after is not None:
                    row.ints[L.K_PAIR] = after.ints[L.K_COLUMN] = L.JOB_HEADER + drawn
                    drawn += ahead
                plan.extend(R.fill_entries(row))
            if (random or row.kind == L.SPAWN) and row.cyclic:
                row.ints[L.K_OCCURRENCE] = extra
                extra += 1
            if row.kind == L.LOOP_BEGIN:
                row.ints[L.K_COUNTER] = extra
                extra += 1
        R.share_loop_counters(route)
        return plan, drawn, extra

    def _shift_extra(self, rows: list[R.Row], drawn_words: int) -> None:
        """Counters stand behind the widest flow's drawn values, so that one copy of a block row fills every flow."""
        for row in rows:
            for column in (L.K_OCCURRENCE, L.K_COUNTER):
                if row.ints[column] >= 0:
                    row.ints[column] += L.JOB_HEADER + drawn_words

    # Arrivals

    def _arrivals(self, flow: M.Flow) -> tuple[list[int], list[float]]:
        ints, floats = [0] * FLOW_INTS, [0.0] * FLOW_FLOATS
        ints[A_HASH] = name_hash(flow.name)
        ints[A_RECORDS] = flow.records
        ints[A_LAST_RECORDS] = flow.records if flow.last_job_records is None else flow.last_job_records
        ints[A_ORIGIN : A_ORIGIN + 3] = self._place_table(flow.origin, flow.share)
        ints[A_DESTINATION : A_DESTINATION + 3] = self._place_table(flow.destination, None)
        arrivals = flow.arrivals
        if isinstance(arrivals, M.Poisson):
            ints[A_KIND], floats[AF_RATE] = POISSON, arrivals.rate_per_s
        elif isinstance(arrivals, M.BatchPoisson):
            ints[A_KIND], floats[AF_RATE] = BATCH, arrivals.rate_per_s
            ints[A_SAMPLER] = self.samplers.add(arrivals.size)
        elif isinstance(arrivals, M.Renewal):
            ints[A_KIND], ints[A_SAMPLER] = RENEWAL, self.samplers.add(arrivals.interarrival)
        elif isinstance(arrivals, M.Piecewise):
            ints[A_KIND], ints[A_AT], ints[A_LENGTH] = PIECEWISE, len(self.tail_f), len(arrivals.start_s)
            floats[AF_REPEAT] = arrivals.repeat_s if arrivals.repeat_s is not None else np.inf
            self.tail_f.extend(arrivals.start_s.tolist())
            self.tail_f.extend(arrivals.rate_per_s.tolist())
        elif isinstance(arrivals, M.ExactCount):
            ints[A_KIND], ints[A_AT], ints[A_LENGTH] = EXACT, len(self.tail_f), len(arrivals.start_s)
            ints[A_COUNT] = arrivals.count
            ends = np.append(arrivals.start_s[1:], arrivals.end_s)
            upper = np.cumsum((ends - arrivals.start_s) * arrivals.weight)
            floats[AF_TOTAL], floats[AF_END] = float(upper[-1]), arrivals.end_s
            for part in (arrivals.start_s, arrivals.weight, upper):
                self.tail_f.extend(part.tolist())
        elif isinstance(arrivals, M.Scheduled):
            ints[A_KIND], ints[A_AT], ints[A_COUNT] = SCHEDULED, len(self.tail_f), len(arrivals.at_s)
            ints[A_LENGTH] = len(self.tail_i)
            self.tail_f.extend(arrivals.at_s.tolist())
            self.tail_i.extend(arrivals.records)
        return ints, floats

    def _place_table(self, name: str | None, share: Floats | None) -> list[int]:
        if name is None:
            return [-1, 0, -1]
        level = self.levels[name]
        weights = level.weights if share is None else share
        cumulative = np.cumsum(weights) / np.sum(weights)
        cumulative[np.nonzero(weights)[0][-1] :] = 1.0
        at = len(self.cumulative)
        assert len(self.guide) <= at
        self.guide.extend([0] * (at - len(self.guide)))
        self.cumulative.extend(cumulative.tolist())
        self.guide.extend(np.searchsorted(cumulative, np.arange(level.count) / level.count, side="right").tolist())
        parent = -1
        if level.within is not None:
            parent = len(self.parents)
            self.parents.extend(level.parent)
        return [at, level.count, parent]

    # Dated changes

    def _timeline(self) -> tuple[Floats, Ints]:
        """Outage starts and ends as (time, station word, +1 or -1), in order; starts come before ends at one instant,
        so that outages which touch are one."""
        events: list[tuple[float, int, int]] = []
        for group, station in enumerate(self.network.stations):
            for outage in station.outages:
                places = range(self.station_count[group]) if outage.place is None else (outage.place,)
                for place in places:
                    word = (self.station_first[group] + place) * L.STATION_WORDS
                    events.append((outage.at_s, 1, word))
                    events.append((outage.at_s + outage.for_s, -1, word))
        events.sort(key=lambda e: (e[0], -e[1], e[2]))
        return _floats([e[0] for e in events]), _ints([[e[2], e[1]] for e in events], 2)




def _is_lean(network: M.Network, rows: list[R.Row], times: Floats) -> bool:
    """Whether the network needs none of: pools, spawned jobs, gates, outages, lots of records."""
    kinds = {row.kind for row in rows}
    return (
        not kinds & {L.ACQUIRE, L.RELEASE, L.SPAWN, L.GATE}
        and len(times) == 0
        and all(r.floats[L.KF_PER_RECORD] == 0.0 for r in rows)
        and all(r.ints[L.K_PER_RECORDS] <= 0 for r in rows if r.kind == L.LOOP_BEGIN)
    )


def _running(counts: tuple[int, ...]) -> tuple[int, ...]:
    total = 0
    firsts = []
    for count in counts:
        firsts.append(total)
        total += count
    return tuple(firsts)


def _ints(values: object, width: int | None = None) -> Ints:
    array = np.array(values, dtype=np.int64)
    if array.size == 0:
        array = np.zeros((1, width) if width else 1, dtype=np.int64)
    array.setflags(write=False)
    return array


def _floats(values: object, width: int | None = None) -> Floats:
    array = np.array(values, dtype=np.float64)
    if array.size == 0 and width:
        array = np.zeros((1, width), dtype=np.float64)
    array.setflags(write=False)
    return array
