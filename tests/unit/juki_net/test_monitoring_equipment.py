"""Equipment that fails: how often, when somebody notices, how long it is away, and who hears of it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from attack_samples import nation, outcome

from jukinet_sim.calendar import fraction_of_year
from jukinet_sim.calendar.days import Period, is_business_day
from jukinet_sim.juki_net.monitoring.equipment import Noticing, random_outages
from jukinet_sim.juki_net.monitoring.schema import Equipment
from jukinet_sim.juki_net.nation import Nation
from jukinet_sim.juki_net.read import read_nation
from jukinet_sim.network import model as M
from jukinet_sim.scenario.compile import national_part
from jukinet_sim.scenario.load import load
from jukinet_sim.scenario.shipped import shipped_folder

POLL_S, HANDLING_S, DISPATCH_S, REPAIR_S = 300.0, 600.0, 7200.0, 3600.0
EQUIPMENT = (
    "juki_net.monitoring.equipment={polled_every: 5 min, handling: 10 min, dispatch: 2 h, failures: "
    "{municipal_firewall: {per_year: 0.5, repair: 1 h}, prefecture_line: {per_year: 2, repair: 1 h}}}"
)
NINE_MONTHS = "{from: 2012-04-01, to: 2012-12-31}"


def read(seed: int, *more: str) -> tuple[Nation, Equipment]:
    """The nation with its equipment, nine months of it."""
    sets = [f"run.period={NINE_MONTHS}", f"run.seed={seed}", EQUIPMENT, "juki_net.municipalities.every=20", *more]
    found = read_nation(national_part(load(shipped_folder() / "fy2012.yaml", sets=sets)))
    assert found.spec.monitoring is not None
    assert found.spec.monitoring.equipment is not None
    return found, found.spec.monitoring.equipment


def test_failures_are_a_poisson_process() -> None:
    """Over seeds their number is, on average and in its variance, the units times the rate times the time."""
    numbers: list[int] = []
    for seed in range(16):
        found, _ = read(seed)
        assert found.spec.monitoring is not None
        outages = random_outages(found, found.spec.monitoring)
        numbers.append(sum(one.station == "prefecture_line" for one in outages))
    expected = 2.0 * 47 * fraction_of_year("uniform", Period(found.period.first, found.period.last))
    assert np.mean(numbers) == pytest.approx(expected, abs=4.0 * math.sqrt(expected / len(numbers)))
    # The standard deviation of a variance of n normal numbers is about sqrt(2 / n) of it.
    assert np.var(numbers, ddof=1) == pytest.approx(expected, rel=4.0 * math.sqrt(2.0 / len(numbers)))


def test_other_seeds_have_other_failures() -> None:
    """The same seed fails alike, whatever else differs; another one does not."""
    some, again, other = (
        random_outages(found, found.spec.monitoring)  # type: ignore[arg-type]  # all have one
        for found in (read(1)[0], read(1, "juki_net.volume=2")[0], read(2)[0])
    )
    assert some == again
    assert some != other


def test_how_long_an_outage_lasts() -> None:
    """Until a heartbeat is missing, an alarm is handled, somebody has come and it is mended; a town looks in office hours."""
    found, _ = read(1)
    assert found.spec.monitoring is not None
    outages = random_outages(found, found.spec.monitoring)
    assert {one.station for one in outages} == {"municipal_firewall", "prefecture_line"}
    for one in outages:
        assert one.ends_s == pytest.approx(one.noticed_s + HANDLING_S + DISPATCH_S + REPAIR_S)
        if one.station == "prefecture_line":
            assert 0.0 < one.noticed_s - one.at_s <= POLL_S
            assert one.noticed_s % POLL_S == pytest.approx(0.0, abs=1e-6)
        else:
            day = found.period.date_at(one.noticed_s)
            assert is_business_day(day)
            assert 8.5 * 3600.0 <= one.noticed_s % 86_400.0 < 17.25 * 3600.0


def test_noticing_at_the_weekend() -> None:
    """What fails on a Friday evening is noticed by the centre within minutes, by the town on Monday at half past eight."""
    found, spec = read(1)
    friday_s = found.period.seconds_of(found.period.first, 5 * 24 + 20.01)  # 2012-04-06, a Friday
    noticing = Noticing(found, spec)
    centre, town = (noticing.outage(name, None, friday_s, REPAIR_S) for name in ("cs_line", "municipal_firewall"))
    assert centre.noticed_s == math.ceil(friday_s / POLL_S) * POLL_S
    assert town.noticed_s == found.period.seconds_of(found.period.first, 8 * 24 + 8.5)


def test_outages_and_alarms_are_in_the_network() -> None:
    """Each failure is an outage of its station at its place; the analysts have an alarm for those that they watch."""
    made = nation(EQUIPMENT, period="{from: 2012-04-01, to: 2012-06-30}", every=20)
    down = {station.name: station.outages for station in made.stations if station.outages}
    assert set(down) == {"municipal_firewall", "prefecture_line"}
    assert all(isinstance(one, M.Outage) and one.place is not None for outages in down.values() for one in outages)
    (flow,) = [flow for flow in made.flows if flow.name == "alarm.equipment"]
    assert isinstance(flow.arrivals, M.Scheduled)
    assert len(flow.arrivals.at_s) == len(down["prefecture_line"])


def test_a_dated_outage_by_its_repair() -> None:
    """An incident at 10:00 is noticed at 10:05; with 10 minutes, 2 hours and an hour of repair it ends at 13:15."""
    router = "{outage: prefecture_hsm, at: '2012-04-02 10:00', repair: 1 h, places: ['06', '13']}"
    incident = f"juki_net.incidents={{router: {router}}}"
    plain = EQUIPMENT.partition(", failures")[0] + "}"
    made = nation(plain, incident)
    (outages,) = [station.outages for station in made.stations if station.name == "prefecture_hsm"]
    expected_s = POLL_S + HANDLING_S + DISPATCH_S + REPAIR_S
    assert [(one.at_s, one.for_s, one.place) for one in outages] == [(36_000.0, expected_s, 5), (36_000.0, expected_s, 12)]
    (watch,) = [watch for watch in made.watches if watch.part == "prefecture_hsm"]
    assert watch.ends_s - watch.begins_s == expected_s
    found = outcome(made)
    assert found["flow"]["alarm.equipment"].counts["completed"] == 2


def test_calls_because_of_failures() -> None:
    """Each town behind something that has failed calls once, if one call for each is assumed: those of a line's prefecture."""
    extra = "juki_net.call_centre.extra.outage={per_place: 1, within: 1 min}"
    made = nation(EQUIPMENT, extra, period="{from: 2012-04-01, to: 2012-06-30}", every=20)
    down = {station.name: station.outages for station in made.stations if station.outages}
    weights, parents = made.level("municipality").weights, np.array(made.level("municipality").parent)
    towns = sum(int(np.sum((parents == one.place) & (weights > 0))) for one in down["prefecture_line"])
    (flow,) = [flow for flow in made.flows if flow.name == "call.outage"]
    assert isinstance(flow.arrivals, M.Scheduled)
    assert len(flow.arrivals.at_s) == towns + len(down["municipal_firewall"])
