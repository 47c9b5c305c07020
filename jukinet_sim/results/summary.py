"""One finished replication to its digest: ratios of sums over each flow, station group and pool group.

To be called in the process that ran the replication, so that histograms never travel. A group is summed over its places
before any ratio is taken.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.base.latest import of_the_latest
from jukinet_sim.engine.focus.hours import has_hours, hourly
from jukinet_sim.engine.focus.quantiles import PROBABILITIES, quantiles, share_within
from jukinet_sim.engine.program import Program
from jukinet_sim.engine.protocol import Replication
from jukinet_sim.engine.series import Series
from jukinet_sim.metrics import BLOCKED, BLOCKED_SERVERS, SERVED_WITHIN
from jukinet_sim.network.model import Network
from jukinet_sim.results.digest import Focused, Numbers, Part, ReplicationDigest
from jukinet_sim.results.stretches import with_metrics, with_watches, within_hours

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Places = dict[str, tuple[float | None, ...]]
"""Figures by name, each with a number per place."""


def digest(replication: Replication, program: Program) -> ReplicationDigest:
    """Return what the document and the store need of one replication, times in seconds, rates per second."""
    network = program.network
    series = _SeriesByGroup(replication.series)
    stations = _stations(replication, program, series)
    flows, pools = within_hours(replication, network)
    pools_by_name = {
        pool.name: with_metrics(_pool(replication, program, group, series.of("pool", group)), pools[group])
        for group, pool in enumerate(network.pools)
    }
    return ReplicationDigest(
        replication=replication.replication,
        engine=replication.engine,
        complete=replication.complete,
        limit=replication.limit,
        window_s=(float(replication.window_s[0]), float(replication.window_s[1])),
        events=int(replication.events),
        visits=sum(part.counts["completed"] for part in stations.values()),
        fingerprint=replication.fingerprint,
        identities=dict(replication.identities),
        series_bin_s=network.series_bin_s if replication.series is not None else None,
        flows={
            flow.name: with_metrics(_flow(replication, f, series.of("flow", f), due=flow.due_s is not None), flows[f])
            for f, flow in enumerate(network.flows)
        },
        stations=with_watches(stations, "station", replication, network),
        pools=with_watches(pools_by_name, "pool", replication, network),
        stuck=replication.stuck,
        focused=_focused(replication, program),
    )


def _focused(replication: Replication, program: Program) -> dict[str, Focused]:
    """Return what was looked at in windows and at places, the places by their names."""
    network = program.network
    levels = {("station", station.name): station.per for station in network.stations}
    levels |= {("pool", pool.name): pool.per for pool in network.pools}
    of = {focus.key: levels.get((focus.kind, focus.parts[0])) for focus in network.focuses}
    of |= {hourly(station).key: station.per for station in network.stations} if has_hours(network) else {}
    found = {}
    for key, one in replication.found.items():
        level = of[key]
        place = None if one.place is None or level is None else network.level(level).label(one.place)
        found[key] = Focused(one.value, one.from_s, place)
    return found


def _flow(replication: Replication, f: int, series: dict[str, Numbers], *, due: bool) -> Part:
    """Return one flow; the waits of all jobs are those of completed, lost and abandoned ones.

    Late jobs are counted where the flow is `due`: of those that left, and those still inside at the end that are late.
    """
    counts = {key: int(values[f]) for key, values in replication.flow_counts.items()}
    late_inside = counts.pop("late_inside")
    late = {key: counts.pop(key) for key in ("late", "late_records")}
    sums = {key: float(values[f]) for key, values in replication.flow_sums.items()}
    window, arrived, completed = _window(replication), counts["arrived"], counts["completed"]
    histograms = {"sojourn": replication.sojourn_histogram[f], "wait": replication.flow_wait_histogram[f]}
    points = {key: quantiles(counted, sums[f"{key}_min"], sums[f"{key}_max"]) for key, counted in histograms.items()}
    sojourn, wait = (_latency(f"{key}_s", sums[key], completed, sums[f"{key}_max"], points[key]) for key in ("sojourn", "wait"))
    gone = replication.flow_gone_histogram[f]
    all_waits = _all_waits(wait, sums, completed, histograms["wait"], gone)
    metrics = {
        "throughput_per_s": _ratio(completed, window),
        "loss_fraction": _ratio(counts["lost"], arrived),
        "abandon_fraction": _ratio(counts["abandoned"], arrived),
        "in_system_mean": _ratio(sums["in_system_area"], window),
        **sojourn,
        **wait,
        **all_waits,
    }
    if due:
        judged = completed + counts["lost"] + counts["abandoned"] + late_inside
        counts |= late
        metrics["late_fraction"] = _ratio(late["late"], judged)
    return Part(counts, metrics, series)


def _stations(replication: Replication, program: Program, series: _SeriesByGroup) -> dict[str, Part]:
    """Return every station group; single ones with the same numbers, such as those to which nobody came, share one part."""
    columns = [*replication.station_counts.values(), *replication.station_sums.values(), *replication.station_queues.values()]
    numbers = np.column_stack([column.view(np.int64) for column in columns])
    # Those with histograms differ in more than these numbers.
    counted = replication.station_counts["waited"] + replication.station_counts["abandoned"] > 0
    alone = ~counted if replication.series is None else np.zeros_like(counted)
    like_idle = (alone & (numbers == numbers[np.argmax(alone)]).all(axis=1)).tolist() if alone.any() else alone
    parts: dict[str, Part] = {}
    known: dict[tuple[str, bool, bytes], Part] = {}
    for group, (station, first) in enumerate(zip(program.network.stations, program.station_first, strict=True)):
        if station.per is not None or not alone[first]:
            parts[station.name] = _station(replication, program, group, series.of("station", group))
            continue
        # Of thousands of stations most are like the first idle one: theirs need not be turned into bytes.
        keeps = station.name in program.keeping
        key = (station.discipline, keeps, b"" if like_idle[first] else numbers[first].tobytes())
        if key not in known:
            known[key] = _station(replication, program, group, {})
        parts[station.name] = known[key]
    return parts


def _station(replication: Replication, program: Program, group: int, series: dict[str, Numbers]) -> Part:
    """Return one station group; the waits of all visits are those that started and those that left the queue."""
    members = _members(program.station_first, program.station_count, group)
    station = program.network.stations[group]
    shared = station.discipline == "ps"
    counts = {key: int(values[members].sum()) for key, values in replication.station_counts.items()}
    sums = {key: math.fsum(values[members]) for key, values in replication.station_sums.items()}
    for key in ("wait_max", "wait_gone_max"):
        sums[key] = float(replication.station_sums[key][members].max(initial=0.0))
    window = _window(replication)
    working_s = max(sums["server_area"] - sums["down_area"], 0.0)
    metrics = {
        "utilisation": _ratio(sums["busy_area"], sums["server_area"]),
        "queue_length": _ratio(0.0 if shared else sums["queue_area"], window),
        "in_station": _ratio(sums["queue_area"] + (sums["busy_area"] + sums["kept_area"]), window),
        "throughput_per_s": _ratio(counts["completed"], window),
        "availability": _ratio(working_s, sums["server_area"]),
        "loss_fraction": _ratio(counts["refused"], counts["arrived"]),
        **_station_waits(replication, group, counts, sums, shared=shared),
        **_worst(_queues(replication.station_queues, members)),
    }
    keeps = station.name in program.keeping
    if keeps:
        metrics[BLOCKED] = _ratio(sums["kept_area"], sums["server_area"])
        metrics[BLOCKED_SERVERS] = _ratio(sums["kept_area"], window)
    if station.target_wait_s is not None:
        metrics[SERVED_WITHIN] = _served_within(replication, group, counts, station.target_wait_s, shared=shared)
    if shared and series:
        series = {**series, "queue": (0.0,) * len(series["queue"])}
    traits = {"discipline": station.discipline}
    if station.per is None:
        return Part(counts, metrics, series, traits=traits)
    places = _places(replication, members, shared=shared, keeps=keeps)
    return Part(counts, metrics, series, places, _place_names(program.network, station.per), traits)


def _station_waits(
    replication: Replication, group: int, counts: Mapping[str, int], sums: Mapping[str, float], *, shared: bool
) -> dict[str, float | None]:
    """Return the waits of a station group; where a server is shared nobody waits for one."""
    started = counts["started"]
    if shared:
        wait = _latency("wait_s", 0.0, started, 0.0, dict.fromkeys(PROBABILITIES, 0.0 if started else None))
        return {**wait, **_renamed(wait, "wait_all_s")}
    at_once = started - counts["waited"]
    waits, gone = replication.station_wait_histogram[group], replication.station_gone_histogram[group]
    points = quantiles(waits, 0.0, sums["wait_max"], further_zeros=at_once)
    wait = _latency("wait_s", sums["wait"], started, sums["wait_max"], points)
    return {**wait, **_all_waits(wait, sums, started, waits, gone, at_once)}


def _served_within(
    replication: Replication, group: int, counts: Mapping[str, int], limit_s: float, *, shared: bool
) -> float | None:
    """Return which part of the visits began within a wait, of those that began or gave up waiting."""
    offered = counts["started"] + counts["abandoned"]
    if not offered or shared:
        return 1.0 if offered else None
    waits, at_once = replication.station_wait_histogram[group], counts["started"] - counts["waited"]
    within = share_within(waits, at_once, limit_s)
    return 0.0 if within is None else within * counts["started"] / offered


def _all_waits(
    wait: Mapping[str, float | None], sums: Mapping[str, float], stayed: int, waits: Ints, gone: Ints, further_zeros: int = 0
) -> dict[str, float | None]:
    """Return `wait_all_s`: the waits of those who stayed together with the waits of those who left."""
    left = int(gone.sum())
    if not left:
        return _renamed(wait, "wait_all_s")
    # The shortest wait of those who left is not kept; a quantile errs by less than a bin without it.
    longest = max(sums["wait_max"], sums["wait_gone_max"])
    points = quantiles(waits + gone, 0.0, longest, further_zeros=further_zeros)
    return _latency("wait_all_s", sums["wait"] + sums["wait_gone"], stayed + left, longest, points)


def _places(replication: Replication, members: slice, *, shared: bool, keeps: bool) -> Places:
    """Return the figures that are kept for each single station of a group, in the order of the places."""
    counts = {key: values[members].tolist() for key, values in replication.station_counts.items()}
    sums = {key: values[members].tolist() for key, values in replication.station_sums.items()}
    if shared:
        sums |= {key: [0.0] * len(sums[key]) for key in ("queue_area", "wait", "wait_max")}
    window = _window(replication)
    longest = zip(sums["wait_max"], counts["started"], strict=True)
    return {
        "utilisation": _ratios(sums["busy_area"], sums["server_area"]),
        "queue_length": tuple(_ratio(area, window) for area in sums["queue_area"]),
        "throughput_per_s": tuple(_ratio(done, window) for done in counts["completed"]),
        "wait_s.mean": _ratios(sums["wait"], counts["started"]),
        "wait_s.max": tuple(wait if started else None for wait, started in longest),
        **({BLOCKED: _ratios(sums["kept_area"], sums["server_area"])} if keeps else {}),
        **_queues(replication.station_queues, members),
    }


@of_the_latest
def _place_names(network: Network, level: str) -> tuple[str, ...]:
    """Return what people call the places of a level; their numbers where they have no names."""
    places = network.level(level)
    return tuple(places.label(place) for place in range(places.count))


def _queues(queues: Mapping[str, Floats], members: slice) -> Places:
    """Return the history of each queue of a group; a queue in which nobody waited for any time began at no time."""
    longest = queues["longest"][members].tolist()
    began = zip(queues["longest_from"][members].tolist(), longest, strict=True)
    return {
        "queue_peak": tuple(queues["peak"][members].tolist()),
        "queue_at_end": tuple(queues["at_end"][members].tolist()),
        "longest_queue_s": tuple(longest),
        "longest_queue_from_s": tuple(from_s if length > 0.0 else None for from_s, length in began),
    }


def _worst(queues: Places) -> dict[str, float | None]:
    """Return the longest and the fullest queue of a group, the first of equals, and how many wait at the end in all."""
    longest = [length or 0.0 for length in queues["longest_queue_s"]]
    place = longest.index(max(longest))
    return {
        "queue_peak": max(most or 0.0 for most in queues["queue_peak"]),
        "queue_at_end": math.fsum(waiting or 0.0 for waiting in queues["queue_at_end"]),
        "longest_queue_s": longest[place],
        "longest_queue_from_s": queues["longest_queue_from_s"][place],
    }


def _pool(replication: Replication, program: Program, group: int, series: dict[str, Numbers]) -> Part:
    """Return one pool group; tokens of a bucket are never given back, so that none is in use."""
    members = _members(program.pool_first, program.pool_count, group)
    pool = program.network.pools[group]
    bucket = pool.refill_per_s is not None
    taken = int(replication.pool_counts["taken"][members].sum())
    sums = {key: math.fsum(values[members]) for key, values in replication.pool_sums.items()}
    longest = float(replication.pool_sums["wait_max"][members].max(initial=0.0))
    waits = replication.pool_wait_histogram[group]
    points = quantiles(waits, 0.0, longest, further_zeros=taken - int(waits.sum()))
    metrics = {
        "in_use": None if bucket else _ratio(sums["in_use_area"], _window(replication)),
        "queue_length": _ratio(sums["queue_area"], _window(replication)),
        **_latency("wait_s", sums["wait"], taken, longest, points),
        **_worst(_queues(replication.pool_queues, members)),
    }
    if bucket:
        series = {key: numbers for key, numbers in series.items() if key != "in_use"}
    if pool.per is None:
        return Part({"taken": taken}, metrics, series)
    places = _pool_places(replication, members, bucket=bucket)
    return Part({"taken": taken}, metrics, series, places, _place_names(program.network, pool.per))


def _pool_places(replication: Replication, members: slice, *, bucket: bool) -> Places:
    """Return the figures that are kept for each single pool of a group, in the order of the places."""
    taken = replication.pool_counts["taken"][members].tolist()
    sums = {key: values[members].tolist() for key, values in replication.pool_sums.items()}
    window = _window(replication)
    return {
        "in_use": tuple(None if bucket else _ratio(area, window) for area in sums["in_use_area"]),
        "queue_length": tuple(_ratio(area, window) for area in sums["queue_area"]),
        "wait_s.mean": _ratios(sums["wait"], taken),
        "wait_s.max": tuple(wait if count else None for wait, count in zip(sums["wait_max"], taken, strict=True)),
        **_queues(replication.pool_queues, members),
    }


def _latency(
    name: str, total_s: float, count: int, longest_s: float, points: Mapping[str, float | None]
) -> dict[str, float | None]:
    """Return mean, quantiles and maximum of one latency, keyed `name.mean` and so on."""
    mean, most = _ratio(total_s, count), longest_s if count else None
    return {f"{name}.{key}": value for key, value in {"mean": mean, **points, "max": most}.items()}


def _renamed(latency: Mapping[str, float | None], name: str) -> dict[str, float | None]:
    return {f"{name}.{key.partition('.')[2]}": value for key, value in latency.items()}


def _members(first: tuple[int, ...], count: tuple[int, ...], group: int) -> slice:
    return slice(first[group], first[group] + count[group])


def _window(replication: Replication) -> float:
    return float(replication.window_s[1] - replication.window_s[0])


def _ratio(above: float, below: float) -> float | None:
    return above / below if below > 0.0 else None


def _ratios(above: list[float], below: list[float]) -> tuple[float | None, ...]:
    return tuple(_ratio(a, b) for a, b in zip(above, below, strict=True))


class _SeriesByGroup:
    """The series of one replication, by kind and group number; empty where none were kept."""

    def __init__(self, series: Series | None) -> None:
        self._names = {"flow": Series.FLOW, "station": Series.STATION, "pool": Series.POOL}
        self._arrays: dict[str, Floats] = {}
        if series is not None:
            self._arrays = dict(zip(self._names, series.arrays(), strict=True))

    def of(self, kind: str, group: int) -> dict[str, Numbers]:
        """Return a number per bin for each quantity."""
        array = self._arrays.get(kind)
        if array is None:
            return {}
        if array.ndim < 3:
            return dict.fromkeys(self._names[kind], ())
        return {name: tuple(array[:, i, group].tolist()) for i, name in enumerate(self._names[kind])}
