"""Offered load and plans as tables: what each station is asked to do, and what a run will cost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from jukinet_sim.base.units import format_data, format_duration
from jukinet_sim.network.model import Acquire, Choose, Visit, all_steps
from jukinet_sim.report.numbers import count, plain
from jukinet_sim.report.terminal import Table, table
from jukinet_sim.theory.limits import place_name
from jukinet_sim.theory.windows import HOUR_S

if TYPE_CHECKING:
    from jukinet_sim.experiments.plan import Plan
    from jukinet_sim.network.model import Network, Pool, Station, Step
    from jukinet_sim.theory.peaks import PeakLoad
    from jukinet_sim.theory.pools import PoolLoad
    from jukinet_sim.theory.traffic import StationLoad

_NAMED = 5
"""So many stations are named in one note."""
_SHOWN = 12
"""Networks with more stations than this are shown without those that have no load."""


def load_table(loads: Sequence[StationLoad], peaks: Sequence[PeakLoad]) -> Table:
    """Return offered load per station: over the whole run, at the busiest place, and there in its busiest hour."""
    rows = []
    for load, peak in zip(loads, peaks, strict=True):
        if len(loads) > _SHOWN and load.visits_per_s == 0.0:
            continue
        rows.append(
            [
                load.station,
                plain(load.visits_per_s),
                plain(load.demand_s * 1000.0),
                count(load.servers),
                plain(load.utilisation * 100.0),
                plain(load.worst_utilisation * 100.0),
                plain(peak.utilisation * 100.0),
                _verdict(load, peak),
            ]
        )
    columns = ["station", "visits /s", "demand ms", "servers", "load %", "worst place %", "busiest hour %", ""]
    if not any(row[-1] for row in rows):
        columns, rows = columns[:-1], [row[:-1] for row in rows]
    return table(columns, rows, right=7)


def unvisited(loads: Sequence[StationLoad]) -> list[str]:
    """Return a line on the stations that the table of a large network leaves out, because they have no load."""
    left_out = sum(load.visits_per_s == 0.0 for load in loads) if len(loads) > _SHOWN else 0
    return [f"and {left_out:,} stations without any load"] if left_out else []


def turned_away_notes(loads: Sequence[StationLoad], network: Network) -> list[str]:
    """Return a note on stations that only jobs come to that were refused or gave up: loads count none of them there."""
    visited: set[str] = set()
    for flow in network.flows:
        steps = list(all_steps(flow.route))
        if any(map(_turns_away, steps)):
            visited |= {step.station for step in steps if isinstance(step, Visit)}
    names = [load.station for load in loads if load.visits_per_s == 0.0 and load.station in visited]
    if not names:
        return []
    few = _few(names)
    what = "no load counts jobs that go on elsewhere after being refused or giving up, and no others come to"
    return [f"note: {what} {few}; run it to see how many those are"]


def chosen_notes(network: Network) -> list[str]:
    """Return a note where jobs choose among stations by a state that nobody knows beforehand."""
    few = _flows_with(network, lambda step: isinstance(step, Choose))
    if few is None:
        return []
    return [f"note: loads count each way of a choice by state as equally frequent, in {few}; run it to see how they fare"]


def kept_notes(network: Network) -> list[str]:
    """Return a note where jobs keep servers after service, for as long as nobody knows beforehand."""
    few = _flows_with(network, lambda step: isinstance(step, Visit) and step.hold)
    if few is None:
        return []
    return [
        f"note: loads leave out for how long servers are kept after service (hold), in {few}: such a line carries less than "
        "its busiest station could; run it to see how much"
    ]


def moved_notes(network: Network) -> list[str]:
    """Return a note where places change within the run: loads are averages over it."""
    later = [level.name for level in network.levels if any(0.0 < one.at_s < network.horizon_s for one in level.changes)]
    if not later:
        return []
    return [
        f"note: loads count where jobs come from by the time that it holds, as places of {_few(later)} change on dates: after "
        "such a date a place may be asked for more than its line says; run it to see how much"
    ]


def _flows_with(network: Network, has: Callable[[Step], bool]) -> str | None:
    """Return the names of flows that have such a step, the first few of many; None where none has."""
    flows = [flow.name for flow in network.flows if any(map(has, all_steps(flow.route)))]
    return _few(flows) if flows else None


def _few(names: Sequence[str]) -> str:
    """Return the first few of some names, and how many more there are."""
    return ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else "")


def _turns_away(step: Step) -> bool:
    """Whether jobs that a step refuses, or that lose patience there, go on elsewhere."""
    refused = isinstance(step, Visit) and step.on_refused is not None
    return refused or (isinstance(step, Visit | Acquire) and step.on_abandon is not None)


def _verdict(load: StationLoad, peak: PeakLoad) -> str:
    if not load.stable:
        return "cannot keep up"
    if _falls_behind(load, peak):
        return "falls behind in its peak"
    return "at its limit" if load.sheds else ""


def _falls_behind(load: StationLoad, peak: PeakLoad) -> bool:
    """Whether work that is neither refused nor given up piles up in the busiest hour."""
    return load.staying_share > 0.0 and peak.utilisation * load.staying_share > 1.0


def overload_warnings(loads: Sequence[StationLoad], peaks: Sequence[PeakLoad], network: Network) -> list[str]:
    """Return a warning for each station that cannot keep up with what it is offered, on average or in its busiest hour.

    A station that turns the excess away, or whose jobs give up or belong to a closed flow, gets a note of its own.
    """
    lines = []
    for load, peak, station in zip(loads, peaks, network.stations, strict=True):
        where = _at(station, load.worst_place, network)
        offered = f"{where} is offered {plain(load.worst_offered_erlangs)} s of work per second"
        if not load.stable:
            lines.append(
                f"warning: {offered} and has {_servers(load)}: it cannot keep up, its queue grows to the end; "
                "give it more servers or less demand"
            )
        elif _falls_behind(load, peak):
            much = f"{plain(peak.utilisation * 100.0)} % of what it can do" if peak.servers > 0.0 else "work without any server"
            lines.append(
                f"note: {_at(station, peak.place, network)} keeps up on average, but is offered {much} in the hour from "
                f"{format_duration(peak.start_s)}: a backlog builds up and is worked off later"
            )
        elif load.sheds:
            lines.append(
                f"note: {offered} and has {_servers(load)}: no queue grows without end, for what is too much is refused, gives "
                "up or belongs to a closed flow; give it more servers if that is not wanted"
            )
    return lines


_BACKLOG = "a backlog builds up and is worked off later"
_OVERSTATED = "who gets none in time goes elsewhere, and is counted all the same by the loads of what lies behind"


def pool_warnings(loads: Sequence[PoolLoad], peaks: Sequence[PeakLoad], network: Network) -> list[str]:
    """Return a warning for each pool or bucket that cannot keep up with what it is asked for, as `overload_warnings` does."""
    lines = []
    for load, peak, pool in zip(loads, peaks, network.pools, strict=True):
        where = f"{'bucket' if load.refilled else 'pool'} {_at(pool, load.worst_place, network)}"
        # What has gathered in a bucket lets a burst through.
        spare = pool.tokens_at(peak.place or 0) / min(HOUR_S, network.horizon_s) if load.refilled else 0.0
        if not load.stable:
            grows = "it cannot keep up, its queue grows to the end"
            lines.append(f"warning: {where} is asked for {_asked(load)}: {grows}; {_cure(load)}")
        elif peak.offered_erlangs - spare > peak.servers:
            stay = load.staying_load * peak.offered_erlangs / load.worst_load - spare > peak.servers
            lines.append(
                f"note: {where} keeps up on average, but is asked for {plain(peak.utilisation * 100.0)} % of what it has in "
                f"the hour from {format_duration(peak.start_s)}: {_BACKLOG if stay else _OVERSTATED}"
            )
        elif load.worst_load >= 1.0:
            lines.append(
                f"note: {where} is asked for {_asked(load)}: no queue grows without end, for what is too much times out or "
                f"belongs to a closed flow; {_cure(load)} if that is not wanted"
            )
    return lines


def _asked(load: PoolLoad) -> str:
    """Say what a pool is asked for at its worst place, and what it has."""
    if load.refilled:
        return f"{plain(load.worst_asked)} tokens a second and gets {plain(load.worst_able)}"
    has = f"{plain(load.worst_able)} token{'' if load.worst_able == 1.0 else 's'}"
    held = format_duration(float(f"{load.worst_asked / load.worst_taken_per_s:.3g}"))
    rate = f"{plain(load.worst_taken_per_s)} a second, each held for at least {held}"
    return f"{plain(load.worst_asked)} tokens at once ({rate}) and has {has}"


def _cure(load: PoolLoad) -> str:
    return "refill it faster or let fewer jobs come" if load.refilled else "give it more tokens or hold them for less"


def _at(station: Station | Pool, place: int | None, network: Network) -> str:
    """Return a station with the place of it that is meant."""
    return station.name if place is None else f"{station.name} at place {place_name(network, station, place)}"


def _servers(load: StationLoad) -> str:
    if load.worst_working != load.worst_servers:
        return f"{plain(load.worst_working)} working servers on average"
    return f"{load.worst_servers} server{'s' if load.worst_servers > 1 else ''}"


def plan_table(plan: Plan) -> Table:
    """Return the expected jobs, visits and events per flow of one replication, the largest first, with their sum."""
    ordered = sorted(plan.flows, key=lambda flow: (-flow.visits, flow.flow))
    rows = [(f.flow, "spawned" if f.jobs is None else count(f.jobs), count(f.visits), count(f.events)) for f in ordered]
    total = plan.replications
    rows.append(
        ("all", count(sum(f.jobs or 0.0 for f in ordered)), count(plan.visits / total), count(plan.events / total))
    )
    return table(("flow", "jobs", "visits", "events"), rows)


def plan_lines(plan: Plan, visits_per_s: float) -> list[str]:
    """Return the estimate of the whole run in words, with the speed it rests on."""
    return [
        f"engine {plan.engine}, {plan.replications} replication{'s' if plan.replications > 1 else ''} on {plan.jobs} "
        f"process{'es' if plan.jobs > 1 else ''}: {count(plan.visits)} visits, {count(plan.events)} events",
        f"estimate: {format_duration(_rounded(plan.seconds))} and {format_data(_rounded(plan.memory_bytes))} of memory, at an "
        f"assumed {count(visits_per_s)} visits/s per process (a third to three times that is plausible)",
    ]


def _rounded(value: float) -> float:
    """Return two significant digits: more would pretend to know."""
    return float(f"{value:.1e}")
