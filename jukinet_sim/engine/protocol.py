"""What an engine must be able to do, what one replication yields, and the one way to conduct a replication.

The conductor stops the engine at the warm-up, at the end of each series bin and at the horizon; areas are brought up to date
there, so both engines split every area at the same instants. Where a stretch of `spans` or a window of `focus` begins or ends
it only looks.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.base.errors import JukinetError, LimitReached
from jukinet_sim.engine import layout as L
from jukinet_sim.engine.focus.foci import Foci
from jukinet_sim.engine.focus.watched import Found
from jukinet_sim.engine.program import Program
from jukinet_sim.engine.series import Series
from jukinet_sim.engine.spans import Spans
from jukinet_sim.engine.standing import Standing
from jukinet_sim.engine.step_words import step_in_words
from jukinet_sim.engine.stuck import Stuck, find_stuck
from jukinet_sim.engine.tally import Tally
from jukinet_sim.network.model import Network

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
RULE_VERSION = 2
IDENTITY_TOLERANCE = 1e-9


class Engine(Protocol):
    """One replication in progress."""

    name: str
    tally: Tally
    keeps_rows: bool

    @property
    def events(self) -> int:
        """Timed events processed so far."""

    @property
    def ended_visits(self) -> int:
        """Visit rows kept so far."""

    @property
    def last_event_s(self) -> float:
        """When the latest event took place."""

    def advance(self, stop_s: float, inclusive: bool, max_events: int) -> int:
        """Process events up to the stop; returns why it stopped (REACHED, SLICE, ... of `layout`)."""

    def close_arrivals(self) -> None:
        """Let no further job arrive."""

    def busy_step(self) -> str:
        """Return the step that the engine was executing when it stopped, for messages."""

    def frequent_step(self) -> str:
        """Return the step that is executed most often about the instant where the engine stopped, for messages."""

    def remaining_service(self, now_s: float) -> Floats:
        """Seconds of service still to give, after `now_s`, to jobs in service, per station."""

    def visits(self) -> tuple[Ints, Floats]:
        """Kept visit rows: (flow, job key, step, station, outcome) and (arrive_s, start_s, end_s)."""

    def jobs_inside(self) -> tuple[Ints, Floats, Ints]:
        """Flow, time of arrival (s) and records of each job in the system, in any order."""

    def standing(self) -> Standing:
        """Where each job in the system stands; asked for between two events only."""


@dataclass(frozen=True)
class Replication:
    """One finished replication: raw totals over the window (warm-up, end]. Arrays are indexed as in the Program.

    `station_*` and `pool_*` are per single station or pool; histograms per station group and per flow.
    """

    replication: int
    engine: str
    complete: bool
    limit: str | None
    window_s: tuple[float, float]
    events: int
    fingerprint: str
    flow_counts: dict[str, Ints]
    """arrived, completed, lost, abandoned, retried, records, in_system, in_system_at_start; of flows that are due: late, of
    which late_inside are in the system at the end, and late_records. A job is late if it has been in the system for longer
    than its flow's `due_s` when it leaves, or at the end of the window if it is still there; one that was so already when
    the window opened counts as well."""
    flow_sums: dict[str, Floats]
    """in_system_area, sojourn, wait, sojourn_min, sojourn_max, wait_min, wait_max; of jobs lost or abandoned: gone (their
    time in the system), wait_gone, wait_gone_max"""
    sojourn_histogram: Ints
    flow_wait_histogram: Ints
    flow_gone_histogram: Ints
    """Waits of jobs that were lost or abandoned."""
    station_counts: dict[str, Ints]
    """arrived (refused visits included), started, completed, waited, refused, abandoned"""
    station_sums: dict[str, Floats]
    """busy_area, queue_area, kept_area (servers kept by jobs whose service is over), down_area (scheduled and not working),
    server_area (scheduled), given, work, wait, wait_max; of visits that gave up waiting: wait_gone, wait_gone_max"""
    station_queues: dict[str, Floats]
    """at_end, peak (jobs), longest and longest_from (s): how many wait, the most who did at once, the longest stretch of time
    with somebody waiting, and when it began (0 where there was none). A stretch lies inside the window. Nobody waits under
    processor sharing."""
    station_wait_histogram: Ints
    station_gone_histogram: Ints
    """Waits of visits that gave up waiting."""
    pool_counts: dict[str, Ints]
    """taken"""
    pool_sums: dict[str, Floats]
    """in_use_area, queue_area, wait, wait_max"""
    pool_queues: dict[str, Floats]
    """As `station_queues`."""
    pool_wait_histogram: Ints
    """By pool group; tokens that nobody waited for are left out."""
    series: Series | None
    visit_rows: tuple[Ints, Floats] | None
    identities: dict[str, float]
    """The largest relative error of each identity; empty where a limit may have cut a step in two, of which no law speaks."""
    hours: tuple[dict[str, Floats], ...] = ()
    """Within each of the network's `hours`: inside (job-seconds in the system per flow), held (token-seconds per pool group)"""
    waited: tuple[dict[str, Floats], ...] = ()
    """At each of the network's `watches`, per place: area (job-seconds waited while it lasted), at_end (jobs that waited when
    it ended)."""
    stuck: tuple[Stuck, ...] = ()
    """Who waits for ever: deadlocks, and whatever kept a drained run from becoming empty."""
    found: dict[str, Found] = field(default_factory=dict)
    """By the key of each of the network's `focuses`, and of the busiest hour of each station group."""


class _Limit(NamedTuple):
    """Why a replication was stopped, in words, and whether that came between two events rather than in a job's step."""

    text: str
    between_events: bool = False


Progress = Callable[[float, int], None]
SLICE_EVENTS = 1 << 21


def conduct(engine: Engine, program: Program, replication: int, progress: Progress | None = None) -> Replication:
    """Run one replication to its end (or to a limit, when the result is marked incomplete)."""
    network = program.network
    tally = engine.tally
    series = Series(program) if network.series_bin_s else None
    spans, foci = Spans(program), Foci(program, tally, engine.jobs_inside)
    limit: _Limit | None = None
    remaining = np.zeros(program.stations)
    readings = heapq.merge(spans.instants_s, foci.instants_s())
    for stop, kinds in _stops(network.warm_up_s, network.series_bin_s, network.horizon_s, readings):
        final = "horizon" in kinds
        limit = _advance(engine, stop, not final, network.event_budget, progress)
        if limit:
            break
        spans.read(stop, tally)
        if kinds:
            tally.flush(stop)
        if "bin" in kinds and series is not None:
            series.record(stop, tally)
        if "warm-up" in kinds:
            tally.open_window(stop)
            remaining = engine.remaining_service(stop)
        foci.read(stop)
    end = network.horizon_s
    if limit is None and network.drain:
        engine.close_arrivals()
        limit = _drain(engine, spans, network, progress)
        end = max(end, engine.last_event_s)
    if limit:
        end = max(tally.window_start, engine.last_event_s)
    tally.flush(end)
    stuck = _look(engine, program, drained=network.drain and limit is None) if limit is None or limit.between_events else ()
    result = _result(engine, program, replication, end, limit.text if limit else None, series, remaining, stuck, spans, foci)
    if limit is None and any(error > IDENTITY_TOLERANCE for error in result.identities.values()):
        raise JukinetError(f"a conservation law failed in replication {replication} ({engine.name}): {result.identities}")
    return result


def _drain(engine: Engine, spans: Spans, network: Network, progress: Progress | None) -> _Limit | None:
    """Serve who is left, reading what begins or ends meanwhile; returns the limit that was hit, or None."""
    for stop in (at_s for at_s in spans.instants_s if at_s > network.horizon_s):
        limit = _advance(engine, stop, True, network.event_budget, progress)
        if limit:
            return limit
        spans.read(stop, engine.tally)
    return _advance(engine, np.inf, True, network.event_budget, progress)


def _stops(
    warm_up: float, bin_s: float | None, horizon: float, readings: Iterable[float]
) -> Iterator[tuple[float, frozenset[str]]]:
    """Yield when to stop up to the horizon, and what for; nothing more than a reading where the set is empty.

    The readings come in order, and there may be more of them than one would keep.
    """
    once = sorted([(horizon, "horizon"), *([(warm_up, "warm-up")] if warm_up > 0.0 else [])])
    looks = ((at_s, "") for at_s in readings if at_s < horizon)
    for at_s, together in groupby(heapq.merge(once, _bin_ends(bin_s, horizon), looks, key=_when), key=_when):
        yield at_s, frozenset(kind for _, kind in together if kind)


def _bin_ends(bin_s: float | None, horizon: float) -> Iterator[tuple[float, str]]:
    if bin_s:
        for i in range(1, int(np.ceil(horizon / bin_s - 1e-9)) + 1):
            yield min(i * bin_s, horizon), "bin"


def _when(stop: tuple[float, str]) -> float:
    return stop[0]


def _look(engine: Engine, program: Program, *, drained: bool) -> tuple[Stuck, ...]:
    """Find who waits for ever, in networks and at ends that know such a thing."""
    holds = program.keeps or any(pool.refill_per_s is None for pool in program.network.pools)
    return find_stuck(program, engine.standing(), drained=drained) if holds or drained else ()


def _advance(engine: Engine, stop: float, inclusive: bool, budget: int, progress: Progress | None) -> _Limit | None:
    """Advance in slices, reporting progress; returns the limit that was hit, or None."""
    while True:
        why = engine.advance(stop, inclusive, min(SLICE_EVENTS, budget - engine.events))
        if progress is not None:
            progress(min(stop, engine.last_event_s), engine.events)
        if why == L.REACHED:
            return None
        if engine.events >= budget:
            cure = _larger("event_budget", budget, "shorten the run")
            return _Limit(f"the event budget of {budget:,} was used up{_most_frequent(engine)}{cure}", between_events=True)
        if why == L.INSTANT_BUDGET:
            most = engine.tally.program.network.same_instant_budget
            cure = _larger("same_instant_budget", most, "let time pass in that circle")
            return _Limit(f"too many steps at one instant, without time passing{_most_frequent(engine)}{cure}")
        if why == L.BAD_DELAY:
            return _Limit(f"a delay that is not a finite number >= 0 was drawn at {engine.busy_step()}")
        if why == L.BAD_RELEASE:
            return _Limit(f"a job releases a token that it does not hold, at {engine.busy_step()}")
        if why == L.TOO_MANY_TOKENS:
            return _Limit(f"a job holds more than {L.MAX_TOKENS} tokens at once, at {engine.busy_step()}")
        if why == L.JOB_BUDGET:
            most = engine.tally.program.network.job_budget
            cure = _larger("job_budget", most, "give what they wait for more servers or tokens")
            text = f"more than {most:,} jobs are in the system at once{_most_frequent(engine)}{cure}"
            return _Limit(text, between_events=True)
        if why == L.NEED_SLOTS:
            return _Limit(f"more jobs, clocks and work for nobody at once than the engine has room for{_most_frequent(engine)}")
        if why != L.SLICE:
            raise LimitReached(f"the clock ran backward at {engine.busy_step()}")


def _most_frequent(engine: Engine) -> str:
    return f"; most frequent step: {step_in_words(engine.tally.program.network, engine.frequent_step())}"


def _larger(key: str, budget: int, otherwise: str) -> str:
    return f'; {otherwise}, or write a larger run.{key}, such as "{key}: {2 * budget}"'


def _result(
    engine: Engine,
    program: Program,
    replication: int,
    end: float,
    limit: str | None,
    series: Series | None,
    remaining_start: Floats,
    stuck: tuple[Stuck, ...],
    spans: Spans,
    foci: Foci,
) -> Replication:
    tally = engine.tally
    foci.close(end)
    inside = engine.jobs_inside()
    totals = tally.totals(end, *inside)
    return Replication(
        replication=replication,
        engine=engine.name,
        complete=limit is None,
        limit=limit,
        window_s=(tally.window_start, end),
        events=engine.events,
        fingerprint=tally.fingerprint(),
        flow_counts=totals.flow_counts,
        flow_sums=totals.flow_sums,
        sojourn_histogram=tally.sojourns,
        flow_wait_histogram=tally.flow_waits,
        flow_gone_histogram=np.broadcast_to(tally.flow_gone, tally.flow_waits.shape),
        station_counts=totals.station_counts,
        station_sums=totals.station_sums,
        station_queues=totals.station_queues,
        station_wait_histogram=tally.station_waits,
        station_gone_histogram=np.broadcast_to(tally.station_gone, tally.station_waits.shape),
        pool_counts=totals.pool_counts,
        pool_sums=totals.pool_sums,
        pool_queues=totals.pool_queues,
        pool_wait_histogram=tally.pool_waits,
        series=series,
        visit_rows=engine.visits() if engine.keeps_rows else None,
        identities={} if limit else tally.identities(totals, remaining_start, engine.remaining_service(end), end),
        hours=spans.hours(end, tally),
        waited=spans.waited(end, tally),
        stuck=stuck,
        found=foci.found(totals.station_queues, totals.pool_queues),
    )
