"""Which parts of the vocabulary a network uses, each by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from jukinet_sim.chance.distributions import Distribution
from jukinet_sim.network.model import (
    OTHERS,
    Acquire,
    Choose,
    Flow,
    Loop,
    Modulated,
    Network,
    PlaceLevel,
    Release,
    Station,
    Step,
)

FEATURES = frozenset(
    {
        "Visit", "Delay", "Gate", "Acquire", "Release", "Branch", "Loop", "Spawn", "Switch", "Choose", "Assign",
        "Poisson", "BatchPoisson", "Renewal", "Piecewise", "ExactCount", "Scheduled", "Sinusoid", "Modulated", "Closed",
        "loop in a loop", "loop over records", "labelled loop", "labelled branch", "branch with exit", "switch with exit",
        "seconds per record", "parts", "parts of a constant demand", "visit in a loop by the impatient",
        "place level", "place labels", "place away", "place for any other", "place away from the start",
        "station per place", "servers per place", "pool per place", "tokens per place",
        "station at a destination",
        "fifo", "priority", "ps", "lifo", "random", "preemptive resume", "preemptive restart",
        "several servers", "capacity", "capacity below the servers",
        "overlapping outages", "outage of one place",
        "shifts that interrupt", "shifts that begin anew",
        "schedule", "repeated schedule", "schedule without servers", "schedule at the places",
        "server breakdowns", "station breakdowns", "constant breakdowns", "breakdowns with a schedule",
        "breakdowns when sharing",
        "speed", "speed at the start", "speed of one place",
        "token bucket", "bucket per place", "bucket under a timeout", "bucket for the impatient",
        "patience for a token", "constant patience for a token", "no patience for a token", "patience for a token in a loop",
        "shortest queue", "least utilised", "first idle", "round robin", "choice at a place",
        "balking", "server kept", "server kept in a loop", "server kept under a timeout",
        "turned away", "impatient turned away", "turned away without a token", "turned out of the network",
        "several tokens at once", "several tokens for the impatient", "pool with priorities", "tokens given back one by one",
        "state", "state per place", "dated state", "state of one place",
        "no arrivals of its own", "zero rate", "repeated rates", "tied schedule", "chain at rest", "no jobs at all",
        "scheduled at places", "own shares", "last job of its own", "closed with places",
        "several priorities", "patience", "constant patience", "no patience at all", "timeout", "zombie",
        "due", "retry", "single attempt", "unlimited attempts", "no back-off", "growing back-off", "closed with retries",
        "warm-up", "series", "drain", "watch", "opening hours", "window or place", "instants that do not tie",
    }
)  # fmt: skip


def features(network: Network) -> set[str]:
    """Name what the network uses."""
    found = _met(
        place_level=network.levels,
        place_labels=any(level.labels for level in network.levels),
        place_away=any(_to(level) - {OTHERS} for level in network.levels),
        place_for_any_other=any(OTHERS in _to(level) for level in network.levels),
        place_away_from_the_start=any(change.at_s == 0.0 for level in network.levels for change in level.changes),
        pool_per_place=any(pool.per for pool in network.pools),
        tokens_per_place=any(isinstance(pool.tokens, tuple) for pool in network.pools),
        pool_with_priorities=any(pool.discipline == "priority" for pool in network.pools),
        token_bucket=any(pool.refill_per_s for pool in network.pools),
        bucket_per_place=any(pool.refill_per_s and pool.per for pool in network.pools),
        state=network.states,
        state_per_place=any(state.per for state in network.states),
        dated_state=any(state.changes for state in network.states),
        state_of_one_place=any(place is not None for state in network.states for _, place, _ in state.changes),
        several_priorities=len({flow.priority for flow in network.flows}) > 1,
        series=network.series_bin_s,
        drain=network.drain,
        watch=network.watches,
        opening_hours=network.hours,
        window_or_place=network.focuses,
        instants_that_do_not_tie=any(outage.at_s % 0.25 for station in network.stations for outage in station.outages),
    ) | ({"warm-up"} if network.warm_up_s else set())
    for station in network.stations:
        found |= {station.discipline} | _of_servers(station) | _of_changes(station)
    placed = {station.name for station in network.stations if station.per}
    buckets = {pool.name for pool in network.pools if pool.refill_per_s}
    for flow in network.flows:
        asks = [(step, inside) for step, inside in steps_of(flow.route) if isinstance(step, Acquire)]
        found |= _met(bucket_under_a_timeout=flow.timeout and {step.pool for step, _ in asks} & buckets)
        several = {step.pool for step, _ in asks if step.tokens > 1}
        given = [step for step, _ in steps_of(flow.route) if isinstance(step, Release)]
        found |= _met(
            several_tokens_at_once=several,
            several_tokens_for_the_impatient=any(step.tokens > 1 and step.patience for step, _ in asks),
            tokens_given_back_one_by_one=any(step.pool in several and step.tokens == 1 for step in given),
        )
        hasty = [(step.pool in buckets, step.patience, inside) for step, inside in asks if step.patience is not None]
        found |= _met(
            bucket_for_the_impatient=any(bucket for bucket, _, _ in hasty),
            patience_for_a_token=any(not bucket for bucket, _, _ in hasty),
            constant_patience_for_a_token=any(not bucket and _is(lasts) for bucket, lasts, _ in hasty),
            no_patience_for_a_token=any(not bucket and _is(lasts, 0.0) for bucket, lasts, _ in hasty),
            patience_for_a_token_in_a_loop=any(inside and not bucket for bucket, _, inside in hasty),
        )
        found |= _of_route(flow, placed) | _of_arrivals(flow) | _of_behaviour(flow)
    return found


def _to(level: PlaceLevel) -> set[int]:
    return {change.to for change in level.changes if change.to != change.place}


def _met(**conditions: object) -> set[str]:
    return {name.replace("_", " ") for name, met in conditions.items() if met}


def steps_of(steps: Iterable[Step], inside: bool = False) -> Iterator[tuple[Step, bool]]:
    """Every step of a route, and whether it stands in a loop."""
    for step in steps:
        yield step, inside
        if isinstance(step, Loop):
            yield from steps_of(step.body, True)


def _is(distribution: Distribution | None, value: float | None = None) -> bool:
    """Whether a distribution is constant, and of this value if one is given."""
    if distribution is None or distribution.kind != "constant":
        return False
    return value is None or distribution.parameters == (value,)


def _of_route(flow: Flow, placed: set[str]) -> set[str]:
    found: set[str] = set()
    for step, inside in steps_of(flow.route):
        kind = type(step).__name__
        exits = any(None in target for target in getattr(step, "targets", ()))
        parts = getattr(step, "parts", ())
        if isinstance(step, Choose):
            found |= {step.by.replace("_", " ")} | _met(choice_at_a_place=any(name in placed for name, _ in step.targets))
        found |= {kind} | _met(
            loop_in_a_loop=kind == "Loop" and inside,
            loop_over_records=getattr(step, "per_records", None),
            labelled_loop=kind == "Loop" and step.label,
            labelled_branch=kind == "Branch" and step.label,
            branch_with_exit=kind == "Branch" and exits,
            switch_with_exit=kind == "Switch" and exits,
            seconds_per_record=getattr(step, "per_record_s", 0.0),
            parts=parts,
            parts_of_a_constant_demand=parts and _is(getattr(step, "demand", None)),
            visit_in_a_loop_by_the_impatient=kind == "Visit" and inside and flow.patience is not None,
            balking=getattr(step, "balk", ()),
            server_kept=getattr(step, "hold", False),
            server_kept_in_a_loop=getattr(step, "hold", False) and inside,
            server_kept_under_a_timeout=getattr(step, "hold", False) and flow.timeout,
            turned_away=getattr(step, "on_refused", None),
            impatient_turned_away=kind == "Visit" and getattr(step, "on_abandon", None) and flow.patience,
            turned_away_without_a_token=kind == "Acquire" and getattr(step, "on_abandon", None),
            turned_out_of_the_network="exit" in (getattr(step, "on_refused", None), getattr(step, "on_abandon", None)),
            station_at_a_destination=kind == "Visit" and getattr(step, "at", None) == "destination",
        )
    return found


def _of_servers(station: Station) -> set[str]:
    schedule = station.schedule
    return _met(
        station_per_place=station.per,
        servers_per_place=isinstance(station.servers, tuple),
        several_servers=station.servers_at(0) > 1,
        preemptive_resume=station.preemptive == "resume",
        preemptive_restart=station.preemptive == "restart",
        capacity=station.capacity,
        capacity_below_the_servers=station.capacity and station.capacity < station.servers_at(0),
        schedule=schedule,
        shifts_that_interrupt=schedule and schedule.interrupts,
        shifts_that_begin_anew=schedule and schedule.interrupts and station.preemptive == "restart",
        repeated_schedule=schedule and schedule.repeat_s,
        schedule_without_servers=schedule and 0 in schedule.servers,
        schedule_at_the_places=schedule and station.per,
    )


def _of_changes(station: Station) -> set[str]:
    outages = sorted((o.at_s, o.at_s + o.for_s) for o in station.outages)
    breakdowns = station.breakdowns
    return _met(
        outage_of_one_place=any(o.place is not None for o in station.outages),
        overlapping_outages=any(after < end for (_, end), (after, _) in pairwise(outages)),
        server_breakdowns=breakdowns and breakdowns.per == "server",
        station_breakdowns=breakdowns and breakdowns.per == "station",
        constant_breakdowns=breakdowns and _is(breakdowns.up) and _is(breakdowns.down),
        breakdowns_with_a_schedule=breakdowns and station.schedule,
        breakdowns_when_sharing=breakdowns and station.discipline == "ps",
        speed=station.speed,
        speed_at_the_start=any(s.at_s == 0.0 for s in station.speed),
        speed_of_one_place=any(s.place is not None for s in station.speed),
    )


def _of_arrivals(flow: Flow) -> set[str]:
    if flow.arrivals is None:
        return {"no arrivals of its own"}
    kind = type(flow.arrivals).__name__
    at_s = getattr(flow.arrivals, "at_s", ())
    return {kind} | _met(
        zero_rate=kind == "Piecewise" and not all(getattr(flow.arrivals, "rate_per_s", ())),
        repeated_rates=getattr(flow.arrivals, "repeat_s", None),
        tied_schedule=len(set(at_s)) < len(at_s),
        chain_at_rest=isinstance(flow.arrivals, Modulated) and not any(flow.arrivals.switch_per_s[-1]),
        no_jobs_at_all=(kind == "Scheduled" and not len(at_s)) or getattr(flow.arrivals, "count", 1) == 0,
        scheduled_at_places=any(place >= 0 for place in getattr(flow.arrivals, "places", ())),
        own_shares=flow.share is not None,
        last_job_of_its_own=flow.last_job_records is not None,
        closed_with_places=kind == "Closed" and flow.origin,
        closed_with_retries=kind == "Closed" and flow.retry,
    )


def _of_behaviour(flow: Flow) -> set[str]:
    retry = flow.retry
    found = _met(
        patience=flow.patience,
        constant_patience=_is(flow.patience),
        no_patience_at_all=_is(flow.patience, 0.0),
        timeout=flow.timeout,
        zombie=flow.zombie,
        due=flow.due_s,
        retry=retry,
        single_attempt=retry and retry.attempts == 1,
        unlimited_attempts=retry and retry.attempts is None,
    )
    if retry is not None:
        found |= {"no back-off"} if _is(retry.backoff, 0.0) else set()
        found |= {"growing back-off"} if retry.factor > 1.0 else set()
    return found
