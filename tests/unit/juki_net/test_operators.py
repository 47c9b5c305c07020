"""Operators of the nation: no case without a session, log-ons against closed forms, cut-overs by date."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path

import numpy as np

from jukinet_sim.engine.choose import EngineName, make_engine
from jukinet_sim.engine.program import compile_program
from jukinet_sim.engine.protocol import Replication, conduct
from jukinet_sim.network import model as M
from jukinet_sim.scenario.compile import compile_network
from jukinet_sim.scenario.load import load
from jukinet_sim.scenario.shipped import shipped_folder

CARD = shipped_folder() / "operators-card.yaml"
BIOMETRIC = shipped_folder() / "operators-biometric.yaml"
HOUR_S, DAY_S = 3600.0, 86_400.0
OPENS_S = 8.5 * HOUR_S


@cache
def network(*sets: str, of: Path = CARD, override: str | None = None) -> M.Network:
    """Compile the week of operators with changes."""
    return compile_network(load(of, sets=sets, overrides=() if override is None else (override,)))


def run(net: M.Network, engine: EngineName = "fast", replication: int = 0, rows: bool = False) -> Replication:
    """Run one replication."""
    program = compile_program(net)
    return conduct(make_engine(engine, program, 6, replication, keep_rows=rows), program, replication)


def count(one: Replication, net: M.Network, flow: str, what: str = "arrived") -> int:
    """Return what was counted of flows whose names begin so."""
    numbers = one.flow_counts[what].tolist()
    return sum(number for part, number in zip(net.flows, numbers, strict=True) if part.name.startswith(flow))


def passed(one: Replication, net: M.Network, station: str) -> int:
    """Return how many passed a station that counts, all groups whose names begin so."""
    first = compile_program(net).station_first
    numbers = one.station_counts["arrived"]
    found = (int(numbers[at]) for part, at in zip(net.stations, first, strict=True) if part.name.startswith(station))
    return sum(found)


def terminals(net: M.Network) -> int:
    """Return the terminals of the towns on the network."""
    (pool,) = (pool for pool in net.pools if pool.name == "terminal")
    weights = net.level("municipality").weights
    assert isinstance(pool.tokens, tuple)
    return sum(tokens for tokens, weight in zip(pool.tokens, weights.tolist(), strict=True) if weight > 0.0)


def test_nothing_is_done_at_a_counter_without_a_session() -> None:
    """Nobody is at a terminal's CS for a case before its operator has logged on; nobody logs on before the first arrives."""
    late = ("operators.early=0 min", "operators.late=20 min", "operators.hand_over=null", "operators.time_outs.idle=null")
    net = network(*late, "run.period={from: 2012-04-02, to: 2012-04-02}")
    one = run(net, rows=True)
    assert one.visit_rows is not None
    rows, times = one.visit_rows
    names = [flow.name for flow in net.flows]
    begins: dict[str, float] = {}
    for flow, at_s in zip(rows[:, 0].tolist(), times[:, 0].tolist(), strict=True):
        begins[names[flow]] = min(begins.get(names[flow], math.inf), at_s)
    assert begins["log-on.opening"] > OPENS_S
    for name in ("wide-area-issue", "simplified-move", "card-issue"):
        assert begins[name] > begins["log-on.opening"]


def test_residents_wait_for_operators_who_are_late() -> None:
    """Who comes for a card when the counters open waits where nobody has logged on, and does not where all have."""
    many = ("flows.card-issue.nine_months=20000000", "run.period={from: 2012-04-02, to: 2012-04-02}")
    waited = []
    for early, late in (("0 min", "20 min"), ("20 min", "0 min")):
        net = network(f"operators.early={early}", f"operators.late={late}", *many)
        waited.append(float(run(net).flow_sums["wait"][[flow.name for flow in net.flows].index("card-issue")]))
    assert waited[0] > 2.0 * waited[1] + 3600.0


def test_field_and_vendor_arms_differ_in_locks_and_calls() -> None:
    """A vendor's figures lock nobody out in a week; those of the field lock some, and supervisors come to many."""
    field, vendor = network(of=BIOMETRIC), network(of=BIOMETRIC, override="vendor")
    assert passed(run(field), field, "log_ons.locked.biometric") > 2
    assert passed(run(field), field, "log_ons.fell-back.biometric") > 10
    assert passed(run(vendor), vendor, "log_ons.locked.") == 0


def test_a_cut_over_changes_the_method_on_its_dates() -> None:
    """Cards alone on Monday, biometrics alone where both waves are through on Friday, both between; calls where it fails."""
    net = network(of=BIOMETRIC, override="cut-over")
    program = compile_program(net)
    (state,) = (state for state in net.states if state.name == "operators.method")
    values: dict[int, list[tuple[float, int]]] = {}
    for at_s, place, value in state.changes:
        assert place is not None
        values.setdefault(place, []).append((at_s, value))
    places = net.level("municipality").count
    assert set(values) == set(range(places))
    assert min(at_s for changes in values.values() for at_s, _ in changes) == DAY_S
    assert {changes[-1][1] for changes in values.values()} == {2}
    back = [changes for changes in values.values() if any(value == 0 for _, value in changes)]
    assert 0 < len(back) < places / 4
    one = run(net)
    assert passed(one, net, "log_ons.begun.card") + passed(one, net, "log_ons.begun.biometric") == sum(
        count(one, net, f"log-on.{when}") for when in ("opening", "change", "time-out")
    )
    assert passed(one, net, "log_ons.begun.biometric") > 0
    assert count(one, net, "enrolment") > 0
    assert count(one, net, "call.cut-over") > 0
    assert program.rich


def test_who_is_locked_out_telephones() -> None:
    """Locks that the town cannot undo are calls that the centre answers, made by the log-on itself."""
    sets = ("operators.card.wrong_pin=30 %", "operators.card.wrong_pin_correlation=0.5", "operators.card.by_centre=100 %")
    net = network(*sets)
    one = run(net)
    called = passed(one, net, "log_ons.called.card")
    reported = count(one, net, "call.", "completed")
    assert called >= passed(one, net, "log_ons.locked.card") > 50
    (centre,) = (i for i, station in enumerate(net.stations) if station.name == "call_centre")
    served = int(one.station_counts["completed"][compile_program(net).station_first[centre]])
    assert served == reported + called


def test_without_operators_terminals_are_always_ready() -> None:
    """Left out, there is no session and nothing of log-ons, and the flows' draws are what they were."""
    measures = (f"measures.{name}=null" for name in ("lock-outs", "help-desk-calls", "wrong-persons-in"))
    net = network("operators=null", "slo=[]", *measures)
    assert "session" not in {pool.name for pool in net.pools}
    assert not [flow.name for flow in net.flows if flow.name.startswith(("log-on", "operator", "misuse"))]
    with_them = {flow.name: i for i, flow in enumerate(network().flows)}
    alone, beside = (run(one).flow_counts["arrived"].tolist() for one in (net, network()))
    for i, flow in enumerate(net.flows):
        assert alone[i] == beside[with_them[flow.name]], flow.name


def test_the_opening_rush_is_felt_at_the_cs() -> None:
    """Between a quarter past eight and half past more messages reach the CS than at any quarter of the morning before noon."""
    net = network("run.series=15 min", "operators.hand_over=null", "operators.time_outs.idle=null")
    one = run(net)
    assert one.series is not None
    (cs,) = (i for i, station in enumerate(net.stations) if station.name == "cs")
    arrived = one.series.arrays()[1][:, 0, cs]
    morning = arrived[: 4 * 12]
    assert int(np.argmax(morning)) in (33, 34)
