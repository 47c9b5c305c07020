"""The telephone: reported calls on their days, Erlang's queue with impatient callers, and calls that the simulation causes."""

from __future__ import annotations

import datetime as dt
import math
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from jukinet_sim.base.errors import ScenarioError
from jukinet_sim.calendar import DAY_S, Period, business_days, is_business_day
from jukinet_sim.engine.choose import EngineName, make_engine
from jukinet_sim.engine.program import compile_program
from jukinet_sim.engine.protocol import Replication, conduct
from jukinet_sim.experiments.twin import compare_engines
from jukinet_sim.juki_net.cadences import REPORTED_NINE_MONTHS
from jukinet_sim.juki_net.facts import number
from jukinet_sim.network import model as M
from jukinet_sim.scenario.compile import compile_network
from jukinet_sim.scenario.load import load
from jukinet_sim.scenario.loaded import Loaded
from jukinet_sim.scenario.shipped import shipped_folder
from jukinet_sim.theory.abandonment import erlang_a
from jukinet_sim.theory.peaks import Hours
from tests.unit.juki_net.operators_runs import nation

SCENARIOS = shipped_folder()
LAW_DAY = SCENARIOS / "call-centre-law-day.yaml"
SURGE = dt.date(2012, 7, 9)
KINDS = ("operation-and-maintenance", "how-to-operate", "law-dates")


def loaded(*changes: str, of: Path = LAW_DAY) -> Loaded:
    """Load a scenario with changes."""
    return load(of, sets=changes)


def run(network: M.Network, engine: EngineName = "fast", replication: int = 0) -> Replication:
    """Run one replication."""
    program = compile_program(network)
    return conduct(make_engine(engine, program, 4, replication), program, replication)


def calls(one: Replication, network: M.Network, count: str = "completed") -> dict[str, int]:
    """Return what was counted of each kind of calls."""
    names = [flow.name for flow in network.flows]
    numbers = zip(names, one.flow_counts[count].tolist(), strict=True)
    return {name.removeprefix("call."): number for name, number in numbers if name.startswith("call.")}


def test_the_reported_calls_fall_on_the_business_days_exactly() -> None:
    """All 19,859 calls are received, each on one of the 187 business days, and there is none on which nobody calls."""
    whole = ("run.period={from: 2012-04-01, to: 2012-12-31}", "run.series=1 d", "juki_net.call_centre.extra=null")
    network = compile_network(loaded(*whole))
    one = run(network)
    received = calls(one, network)
    assert sum(received.values()) == number("call_centre_calls_2012_04_12") == 19_859
    assert one.series is not None
    days = Period(REPORTED_NINE_MONTHS.first, REPORTED_NINE_MONTHS.last).dates()
    kinds = [i for i, flow in enumerate(network.flows) if flow.name.startswith("call.")]
    by_day = one.series.arrays()[0][:, 0, kinds].sum(axis=1)
    called = [date for date, some in zip(days, by_day[: len(days)].tolist(), strict=True) if some]
    assert called == list(business_days(days[0], days[-1]))
    assert len(called) == 187


def test_kinds_have_their_parts_and_whole_numbers_add_up() -> None:
    """Nine months are shared out by weight, by largest remainder; another period has its part of each kind."""
    network = compile_network(loaded("run.period={from: 2012-04-01, to: 2012-12-31}"))
    counts = {f.name: f.arrivals.count for f in network.flows if isinstance(f.arrivals, M.ExactCount)}
    shares = {"operation-and-maintenance": 0.45, "how-to-operate": 0.40, "law-dates": 0.15}
    for kind, share in shares.items():
        assert abs(counts[f"call.{kind}"] - 19_859 * share) < 1.0
    june = compile_network(loaded("run.period={from: 2012-06-01, to: 2012-06-30}"))
    days = sum(is_business_day(date) for date in Period(dt.date(2012, 6, 1), dt.date(2012, 6, 30)).dates())
    expected = 19_859 * 0.45 * days / 187
    (count,) = (f.arrivals.count for f in june.flows if f.name == "call.operation-and-maintenance")  # type: ignore[union-attr]
    assert abs(count - expected) <= 1.0


def test_calls_of_a_date_fade_by_business_days() -> None:
    """Of the days after the law took effect each has exp(-1/5) of the one before, weekends skipped; half of it comes before."""
    network = compile_network(loaded("run.period={from: 2012-07-05, to: 2012-07-20}"))
    (flow,) = (flow for flow in network.flows if flow.name == "call.law-dates")
    assert isinstance(flow.arrivals, M.ExactCount)
    starts = np.append(flow.arrivals.start_s, flow.arrivals.end_s)
    by_day: dict[int, float] = {}
    for start, weight, width in zip(starts[:-1], flow.arrivals.weight, np.diff(starts), strict=True):
        by_day[int(start // DAY_S)] = by_day.get(int(start // DAY_S), 0.0) + weight * width
    first = dt.date(2012, 7, 5)
    day = {first + dt.timedelta(days=number): weight for number, weight in by_day.items()}
    # What is left of 2 April, with a weight of 0.3, 69 business days before: exp(-69/5) of it, too little to be seen.
    assert day[dt.date(2012, 7, 6)] / day[SURGE] == pytest.approx(0.5, rel=1e-4)
    open_days = business_days(SURGE, dt.date(2012, 7, 20))
    for before, after in pairwise(open_days):
        assert day[after] / day[before] == pytest.approx(math.exp(-1.0 / 5.0), rel=1e-4)
    assert all(day.get(date, 0.0) == 0.0 for date in Period(first, dt.date(2012, 7, 20)).dates() if not is_business_day(date))


ERLANG = (
    "run.period={from: 2012-06-04, to: 2012-06-04}", "run.warm_up=20 min", "run.drain=false", "run.series=none",
    "juki_net.call_centre.hours=uniform", "juki_net.call_centre.agents=50", "juki_net.call_centre.roster=[]",
    "juki_net.call_centre.reinforced=[]", "juki_net.call_centre.patience=2 min", "juki_net.call_centre.extra=null",
    *(f"juki_net.call_centre.kinds.{kind}=null" for kind in KINDS),
    "juki_net.call_centre.kinds.one={weight: 1, handling: 1 min}", "juki_net.call_centre.redial_after=null",
    f"juki_net.call_centre.received={48 * 60 * 24 * 275}",
)  # fmt: skip


def test_the_published_call_centre() -> None:
    """48 calls a minute, 1 min each, 50 agents, 2 min of patience: 3.09 % hang up, 3.71 s of waiting (Mandelbaum, Zeltyn)."""
    network = compile_network(loaded(*ERLANG))
    (group,) = (i for i, station in enumerate(network.stations) if station.name == "call_centre")
    theory = erlang_a(0.8, 60.0, 50, 120.0)
    assert theory.abandon_fraction == pytest.approx(0.0309, abs=5e-5)
    values: dict[str, list[float]] = {"gone": [], "wait": [], "busy": []}
    for replication in range(10):
        one = run(network, replication=replication)
        arrived, length_s = calls(one, network, "arrived")["one"], one.window_s[1] - one.window_s[0]
        station = compile_program(network).station_first[group]
        values["gone"].append(calls(one, network, "abandoned")["one"] / arrived)
        values["wait"].append(float(one.station_sums["queue_area"][station]) / arrived)
        values["busy"].append(float(one.station_sums["busy_area"][station]) / 50.0 / length_s)
    for name, expected in (("gone", theory.abandon_fraction), ("wait", theory.mean_wait_s), ("busy", theory.utilisation)):
        error = float(np.std(values[name], ddof=1)) / math.sqrt(10)
        assert abs(np.mean(values[name]) - expected) < 4.0 * error
        assert error < 0.03 * expected


def test_who_hangs_up_calls_again_until_answered() -> None:
    """With too few agents callers hang up, call again and are received in the end, the next morning at the latest."""
    network = compile_network(loaded("juki_net.call_centre.reinforced.0.agents=7"))
    one = run(network)
    arrived = calls(one, network, "arrived")
    assert sum(calls(one, network, "retried").values()) > 0.05 * sum(arrived.values())
    assert calls(one, network) == arrived
    # Who does not call again is lost to the centre.
    given_up = compile_network(loaded("juki_net.call_centre.reinforced.0.agents=7", "juki_net.call_centre.redial_after=null"))
    two = run(given_up)
    assert sum(calls(two, given_up, "abandoned").values()) > 0
    assert sum(calls(two, given_up, "retried").values()) == 0


def schedule(*changes: str) -> dict[float, int]:
    """Return from when on how many agents answer, in hours from the first midnight."""
    network = compile_network(loaded("run.drain=false", *changes))
    (station,) = (station for station in network.stations if station.name == "call_centre")
    assert station.schedule is not None
    return {at_s / 3600.0: agents for at_s, agents in zip(station.schedule.start_s, station.schedule.servers, strict=True)}


def test_agents_come_and_go_by_the_roster() -> None:
    """Twelve in the first week, seven and a bit over lunch (60 %, rounded up), all of them until a quarter after closing."""
    found = schedule("run.period={from: 2012-07-13, to: 2012-07-17}")
    friday = {8.5: 12, 12.0: 8, 13.0: 12, 17.5: 0}
    # Monday, 16 July is Marine Day. The reinforcement has ended by Tuesday: six agents, four (3.6) over lunch.
    tuesday = {96 + 8.5: 6, 96 + 12.0: 4, 96 + 13.0: 6, 96 + 17.5: 0}
    assert found == {0.0: 0, **friday, **tuesday}
    friday_alone = schedule("run.period={from: 2012-07-13, to: 2012-07-13}", "juki_net.call_centre.roster=[]")
    assert friday_alone == {0.0: 0, 8.5: 12, 17.5: 0}
    always = schedule("run.period={from: 2012-07-13, to: 2012-07-15}", "juki_net.call_centre.hours=uniform")
    assert always == {0.0: 12, 12.0: 8, 13.0: 12, 24.0: 6, 36.0: 4, 37.0: 6, 60.0: 4, 61.0: 6, 72.25: 0}


def test_outages_make_towns_call() -> None:
    """One call for each connected town of the prefecture, after the outage has begun; none where the scenario expects none."""
    outage = 'juki_net.incidents={module: {outage: prefecture_hsm, at: "2012-07-10 09:00", for: 4 h, places: ["06"]}}'
    network = compile_network(loaded(outage))
    (flow,) = (flow for flow in network.flows if flow.name == "call.outage")
    assert isinstance(flow.arrivals, M.Scheduled)
    (level,) = (level for level in network.levels if level.name == "municipality")
    towns = sum(weight > 0.0 and parent == 5 for weight, parent in zip(level.weights.tolist(), level.parent, strict=True))
    assert len(flow.arrivals.at_s) == towns == 35
    begins_s = DAY_S + 9 * 3600.0
    assert (flow.arrivals.at_s > begins_s).all()
    assert np.mean(flow.arrivals.at_s - begins_s) == pytest.approx(1200.0, abs=4.0 * 1200.0 / math.sqrt(towns))
    assert calls(run(network), network)["outage"] == towns
    none = compile_network(loaded(outage, "juki_net.call_centre.extra=null"))
    assert not [flow for flow in none.flows if flow.name == "call.outage"]


def test_both_engines_agree_on_the_telephone() -> None:
    """The week of the law is the same to the last bit in both engines, with too few agents as well."""
    for changes in ((), ("juki_net.call_centre.reinforced.0.agents=5",)):
        found = compare_engines(compile_network(loaded(*changes)), seed=3, visits=5_000)
        assert found.agree
        assert found.visits > 1_000


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("juki_net.call_centre.hours=busines-hours", 'unknown profile "busines-hours"'),
        ("juki_net.call_centre.kinds=null", "received calls are of some kind"),
        ("juki_net.call_centre.roster=[{at: 13 h, share: 1}, {at: 12 h, share: 1}]", "does not go forward within one day"),
        ("juki_net.call_centre.reinforced.0.to=2012-07-01", "the last day is before the first"),
        ("juki_net.call_centre.agents=0", "0 is not greater than 0"),
        (
            "juki_net.call_centre.kinds.late={weight: 1, handling: 1 min, surges: [{on: 2013-07-08, fades: 5}]}",
            "no call of this kind comes from 2012-04-01 to 2012-12-31",
        ),
        ("juki_net.call_centre.kinds.outage={weight: 1, handling: 1 min}", '"outage" is a kind of calls already'),
    ],
)
def test_what_cannot_be_is_refused(change: str, said: str) -> None:
    """Each fault is named at its key."""
    with pytest.raises(ScenarioError) as caught:
        compile_network(loaded(change))
    assert any(said in fault.what for fault in caught.value.faults), [fault.what for fault in caught.value.faults]


def test_without_a_call_centre_nobody_telephones() -> None:
    """Left out, the network is what it was without it."""
    network = compile_network(loaded("juki_net.call_centre=null", "measures.hang-ups=null", "slo=[]"))
    names: list[Any] = [*network.flows, *network.stations]
    assert not [part.name for part in names if part.name.startswith("call")]


def test_rounding_in_four_years_calls_nobody_at_night() -> None:
    """The busiest hour of the whole nation is one in which somebody answers, whatever rounding leaves of sums at night."""
    whole = nation(period="{from: 2012-04-01, to: 2016-03-31}", every=1)
    (peak,) = (one for one in Hours(whole).peaks if one.station == "call_centre")
    assert peak.servers > 0.0
