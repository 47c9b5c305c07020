"""Servers that are kept after service, against the chains of machines in a row, on both engines; and who locks whom out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from jukinet_sim.chance import distributions as dist
from jukinet_sim.engine.choose import EngineName
from jukinet_sim.engine.protocol import Replication
from jukinet_sim.engine.stuck import Holder
from jukinet_sim.network.model import (
    Acquire,
    Breakdowns,
    Closed,
    Delay,
    Flow,
    Network,
    Outage,
    Pool,
    Release,
    Scheduled,
    Station,
    Step,
    Visit,
    frozen_floats,
)
from jukinet_sim.theory.blocking import two_machines
from tests.theory.precision import close, replicate, run


def machine(name: str, rate: float = 1.0, *, hold: bool = True) -> Visit:
    """A visit with exponential times."""
    return Visit(name, dist.exponential(1.0 / rate), hold=hold)


def line(lasts_s: float, route: tuple[Step, ...], stations: tuple[Station, ...], pieces: int) -> Network:
    """Machines in a row between which so many pieces go round, so that the first never wants for work."""
    flow = Flow("f", route, Closed(pieces, dist.constant(0.0)))
    return Network("line", lasts_s, stations, (flow,), warm_up_s=100.0)


def at(*times_s: float) -> Scheduled:
    """Arrivals at these times."""
    return Scheduled(frozen_floats(times_s), (1,) * len(times_s))


def served(name: str, lasts_s: float, *, hold: bool = False) -> Visit:
    """A visit that takes this long."""
    return Visit(name, dist.constant(lasts_s), hold=hold)


def three_machines() -> tuple[float, float]:
    """Return throughput, and how long the first is blocked, of three equal machines without room between them.

    States: what the second and third do, of working, blocked and idle, and whether the first is blocked.
    """
    states = [(b, m, w) for b in (0, 1) for m in "WBI" for w in "WI" if not (m == "B" and w == "I") and not (b and m == "I")]

    def after(state: tuple[int, str, str]) -> list[tuple[int, str, str]]:
        blocked, middle, last = state
        moves = []
        if not blocked:
            moves.append((0, "W", last) if middle == "I" else (1, middle, last))
        if middle == "W":
            # Its piece goes on, if the third is idle, and the one that blocks the first comes in.
            moves.append((0, "W" if blocked else "I", "W") if last == "I" else (blocked, "B", last))
        if last == "W":
            moves.append((0, "W" if blocked else "I", "W") if middle == "B" else (blocked, middle, "I"))
        return moves

    number = {state: i for i, state in enumerate(states)}
    flow = np.zeros((len(states), len(states)))
    for state in states:
        for to in after(state):
            flow[number[state], number[to]] += 1.0
            flow[number[state], number[state]] -= 1.0
    balance = flow.T.copy()
    balance[-1] = 1.0
    law = np.linalg.solve(balance, np.eye(len(states))[-1])
    works = sum(p for (_, _, last), p in zip(states, law, strict=True) if last == "W")
    return float(works), float(sum(p for (b, _, _), p in zip(states, law, strict=True) if b))


def per_s(runs: list[Replication]) -> list[float]:
    """How many pieces each replication makes per second."""
    return [int(one.flow_counts["completed"][0]) / (one.window_s[1] - one.window_s[0]) for one in runs]


def blocked(runs: list[Replication], station: int = 0) -> list[float]:
    """For which share of time the servers of a station were blocked."""
    return [float(one.station_sums["kept_area"][station] / one.station_sums["server_area"][station]) for one in runs]


def test_three_equal_machines(engine: EngineName) -> None:
    """Without room between them they make 22/39 of what each alone would make, and the first is blocked as the chain says."""
    throughput, share = three_machines()
    assert throughput == pytest.approx(22.0 / 39.0)
    route = (machine("a"), machine("b"), machine("c", hold=False))
    stations = (Station("a", 1), Station("b", 1, capacity=1), Station("c", 1, capacity=1))
    runs = replicate(engine, lambda lasts_s: line(lasts_s, route, stations, 6), 60_000.0)
    close(engine, per_s(runs), throughput)
    close(engine, blocked(runs), share)


@pytest.mark.parametrize(("first", "between"), [(1.0, 0), (1.3, 4)])
def test_two_machines_with_room_between(engine: EngineName, first: float, between: int) -> None:
    """Throughput, the blocked share and the second one's busy share are those of M/M/1/K."""
    solved = two_machines(first, 1.0, between)
    route = (machine("a", first), machine("b", hold=False))
    stations = (Station("a", 1), Station("b", 1, capacity=between + 1))
    runs = replicate(engine, lambda lasts_s: line(lasts_s, route, stations, between + 4), 120_000.0)
    close(engine, per_s(runs), solved.throughput_per_s)
    close(engine, blocked(runs), solved.blocked)
    busy = [float(one.station_sums["busy_area"][1] / one.station_sums["server_area"][1]) for one in runs]
    close(engine, busy, solved.busy)


def test_whose_service_ended_first_comes_in_first(engine: EngineName) -> None:
    """Two stations feed a third that is full: who was blocked first goes first, and nobody waits or is refused meanwhile."""
    behind = served("c", 10.0)
    flows = (
        Flow("late", (served("a", 4.0, hold=True), behind), at(0.0)),
        Flow("soon", (served("b", 3.0, hold=True), behind), at(0.0)),
        Flow("there", (behind,), at(0.0)),
    )
    stations = (Station("a", 1), Station("b", 1), Station("c", 1, capacity=1))
    one = run(engine, Network("two before one", 60.0, stations, flows))
    assert one.flow_sums["sojourn"].tolist() == [30.0, 20.0, 10.0]
    assert one.flow_sums["wait"].tolist() == [0.0, 0.0, 0.0]
    assert one.station_sums["kept_area"].tolist() == [16.0, 7.0, 0.0]
    assert one.station_counts["refused"].tolist() == [0, 0, 0]
    assert one.station_counts["arrived"].tolist() == [1, 1, 3]


def test_blocked_servers_take_nobody_and_are_not_busy(engine: EngineName) -> None:
    """A job behind a blocked server waits for it; one that goes to the same station again takes its own place."""
    flows = (Flow("f", (served("a", 1.0, hold=True), served("a", 1.0, hold=True), served("b", 5.0)), at(0.0, 0.0)),)
    one = run(engine, Network("again", 60.0, (Station("a", 1, capacity=2), Station("b", 1, capacity=1)), flows))
    # In service at a: the first, the second, and both again; the first is at b from 3 to 8, the second blocked from 4 to 8.
    assert one.flow_sums["sojourn"].tolist() == [8.0 + 13.0]
    assert one.station_sums["kept_area"].tolist() == [4.0, 0.0]
    assert one.station_sums["busy_area"].tolist() == [4.0, 10.0]
    assert one.stuck == ()


def test_a_server_is_kept_across_pauses_and_given_up_on_leaving(engine: EngineName) -> None:
    """It is kept during a delay, and free again when the route or the time of the job is at an end."""
    pauses = Flow("pauses", (served("a", 1.0, hold=True), Delay(dist.constant(2.0))), at(0.0))
    waits = Flow("waits", (served("a", 1.0),), at(0.0))
    one = run(engine, Network("pause", 60.0, (Station("a", 1),), (pauses, waits)))
    assert one.flow_sums["sojourn"].tolist() == [3.0, 4.0]
    full = Flow("full", (served("b", 50.0),), at(0.0))
    hasty = Flow("hasty", (served("a", 1.0, hold=True), served("b", 1.0)), at(0.0), timeout=dist.constant(7.0))
    stations = (Station("a", 1), Station("b", 1, capacity=1))
    one = run(engine, Network("hasty", 60.0, stations, (full, hasty, waits)))
    assert one.flow_counts["abandoned"].tolist() == [0, 1, 0]
    assert one.flow_sums["sojourn"][2] == 8.0


def test_failures_and_outages_leave_a_blocked_server_alone(engine: EngineName) -> None:
    """Neither takes its job from it, and it takes nobody until the next station has room and it works."""
    route = (served("a", 1.0, hold=True), served("b", 20.0))
    flows = (Flow("f", route, at(0.0, 0.0)), Flow("g", (served("a", 4.0),), at(5.0)))
    broken = Breakdowns(dist.constant(4.5), dist.constant(100.0))
    stations = (Station("a", 2, breakdowns=broken), Station("b", 1, capacity=1))
    one = run(engine, Network("broken", 60.0, stations, flows))
    # Both servers fail at 4.5 s, one of them kept by the second job, until 21 s; whoever comes waits for a repair.
    assert one.station_counts["started"].tolist() == [2, 2]
    outage = (Station("a", 2, outages=(Outage(6.0, 10.0),)), Station("b", 1, capacity=1))
    one = run(engine, Network("outage", 60.0, outage, flows))
    assert one.flow_sums["sojourn"].tolist() == [21.0 + 41.0, 14.0]
    assert one.station_sums["kept_area"].tolist() == [20.0, 0.0]


def test_two_stations_that_feed_each_other_lock(engine: EngineName) -> None:
    """Each keeps its server for a place at the other: named, with who holds what, since when and how many are inside."""
    flows = (
        Flow("there", (served("a", 1.0, hold=True), served("b", 1.0)), at(0.0)),
        Flow("back", (served("b", 2.0, hold=True), served("a", 1.0)), at(0.0)),
    )
    stations = (Station("a", 1, capacity=1), Station("b", 1, capacity=1))
    network = Network("lock", 60.0, stations, flows)
    (stuck,) = run(engine, network).stuck
    assert (stuck.kind, stuck.where, stuck.since_s, stuck.jobs) == ("blocked", ("a", "b"), 2.0, 2)
    assert stuck.holders == (
        Holder("back", "a server of b", "room at a", 1, 2.0),
        Holder("there", "a server of a", "room at b", 1, 1.0),
    )
    for free in (
        replace(network, flows=(flows[0], replace(flows[1], timeout=dist.constant(50.0)))),
        replace(network, stations=(Station("a", 1, capacity=2), stations[1])),
        replace(network, stations=(Station("a", 2, capacity=2), stations[1])),
    ):
        assert run(engine, free).stuck == ()


def test_drained_runs_with_breakdowns_end_in_a_lock(engine: EngineName) -> None:
    """Failures and repairs of servers that are kept for good keep no run alive."""
    broken = Breakdowns(dist.constant(5.0), dist.constant(1.0))
    flows = (
        Flow("there", (served("a", 1.0, hold=True), served("b", 1.0)), at(0.0)),
        Flow("back", (served("b", 2.0, hold=True), served("a", 1.0)), at(0.0)),
    )
    stations = (Station("a", 1, capacity=1, breakdowns=broken), Station("b", 1, capacity=1))
    one = run(engine, Network("lock", 10.0, stations, flows, drain=True))
    assert [stuck.kind for stuck in one.stuck] == ["blocked"]
    assert one.limit is None


def test_a_lock_of_a_station_and_a_pool(engine: EngineName) -> None:
    """Who keeps a server waits for a token, and who has the token waits for that server."""
    flows = (
        Flow("server", (served("a", 1.0, hold=True), Acquire("p"), Release("p")), at(0.0)),
        Flow("token", (Acquire("p"), Delay(dist.constant(0.5)), served("a", 1.0), Release("p")), at(0.0)),
    )
    one = run(engine, Network("mixed", 60.0, (Station("a", 1),), flows, (Pool("p", 1),)))
    (stuck,) = one.stuck
    assert (stuck.kind, set(stuck.where), stuck.since_s, stuck.jobs) == ("blocked", {"a", "p"}, 1.0, 2)
    assert {(h.flow, h.holds, h.waits_for) for h in stuck.holders} == {
        ("server", "a server of a", "p"),
        ("token", "p", "service at a"),
    }
