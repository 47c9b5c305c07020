"""The national network: its parts, its volumes and what a scenario can change."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from national import expected_volumes

from jukinet_sim.base.errors import ScenarioError
from jukinet_sim.calendar import UPDATE_SOURCES
from jukinet_sim.engine.choose import make_engine
from jukinet_sim.engine.program import compile_program
from jukinet_sim.engine.protocol import conduct
from jukinet_sim.juki_net import facts
from jukinet_sim.juki_net.machines.compile import demand
from jukinet_sim.juki_net.provisions.compile import PROVISION
from jukinet_sim.network import model as M
from jukinet_sim.scenario.compile import compile_network
from jukinet_sim.scenario.load import load

BASELINE = Path(__file__).parents[3] / "scenarios" / "fy2012.yaml"
DAY = "run.period={from: 2012-04-02, to: 2012-04-02}"


def network(*sets: str) -> M.Network:
    """The baseline with some settings."""
    return compile_network(load(BASELINE, sets=sets))


def expected_records(*sets: str) -> dict[str, int]:
    """Records that each row must give."""
    return {v.flow: v.count for v in expected_volumes(load(BASELINE, sets=sets)) if v.flow.startswith(PROVISION)}


def flow(net: M.Network, name: str) -> M.Flow:
    """The flow of this name."""
    return next(f for f in net.flows if f.name == name)


def updates(net: M.Network) -> int:
    """Updates of all municipalities, large and small."""
    flows = [f for f in net.flows if f.name.startswith("updates.")]
    assert [f.name for f in flows] == ["updates.per_event", "updates.daily"]
    return sum(f.arrivals.count for f in flows if isinstance(f.arrivals, M.ExactCount))


def test_three_tiers_of_stations() -> None:
    """1,742 municipalities within 47 prefectures within one nation, and a line for each agency."""
    net = network()
    counts = {s.name: 1 if s.per is None else net.level(s.per).count for s in net.stations}
    assert counts["cs"] == 1742
    assert counts["prefecture_server"] == 47
    assert counts["national_database"] == counts["provision_server"] == 1
    assert counts["agency_line"] == len({row.recipient for row in facts.provisions()})


def test_one_municipality_is_not_connected() -> None:
    """1,741 of 1,742 have residents whose updates arrive."""
    assert np.count_nonzero(network().level("municipality").weights) == 1741


def test_a_flow_for_each_of_the_44_rows() -> None:
    """Rows without records are there too, with no arrivals."""
    net = network()
    rows = {f"provision.{row.slug}": row for row in facts.provisions()}
    assert rows.keys() <= {f.name for f in net.flows}
    for name, row in rows.items():
        arrivals = flow(net, name).arrivals
        carried = sum(arrivals.records) if isinstance(arrivals, M.Scheduled) else arrivals.count  # type: ignore[union-attr]
        assert carried == row.records


def test_expected_records_are_the_reported_ones_over_the_nine_months() -> None:
    """The sum over the rows is the Ministry's total."""
    expected = expected_records()
    assert sum(expected.values()) == int(facts.number("provisions_2012_04_12"))


@pytest.mark.parametrize("lot", [1, 7, 1000])
def test_broken_up_deliveries_carry_every_record(lot: int) -> None:
    """Jobs of N records, the last with what is left, add up exactly for any N."""
    net = network(f"juki_net.provisions.records_per_job={lot}")
    for row in facts.provisions():
        if row.mode_assumed == "batch" and row.records:
            part = flow(net, f"provision.{row.slug}")
            assert isinstance(part.arrivals, M.ExactCount)
            assert part.last_job_records is not None
            assert (part.arrivals.count - 1) * part.records + part.last_job_records == row.records
            assert 1 <= part.last_job_records <= lot


def test_updates_of_the_nine_months() -> None:
    """Updates follow the yearly parts times each part's share of the months, within one for rounding."""
    from jukinet_sim.calendar import month_weights

    months = range(4, 13)
    expected = sum(s.updates_per_year * sum(month_weights(s.season)[m] for m in months) for s in UPDATE_SOURCES)
    connected = float(network().level("municipality").weights.sum()) / facts.REGISTER_POPULATION
    assert updates(network()) == pytest.approx(expected * connected, abs=1.0)


def test_a_list_of_fewer_residents_has_fewer_updates(tmp_path: Path) -> None:
    """A tenth of the population makes a tenth of the updates."""
    tenth = facts.REGISTER_POPULATION // 10
    (tmp_path / "towns.csv").write_text(f"code,prefecture_code,name,population\n01100,01,One,{tenth}\n", encoding="utf-8")
    (tmp_path / "s.yaml").write_text(
        "scenario: s\nextends: fy2012.yaml\njuki_net: {municipalities: {source: towns.csv}}\n", encoding="utf-8"
    )
    small = compile_network(load(tmp_path / "s.yaml"))
    whole, part = updates(network()), updates(small)
    share = float(network().level("municipality").weights.sum()) / facts.REGISTER_POPULATION
    assert part == pytest.approx(whole / share / 10, rel=1e-6)


def test_volume_scales_every_row() -> None:
    """Half the volume is half of each row, rounded."""
    halved = expected_records("juki_net.provisions.volume=0.5")
    for row in facts.provisions():
        assert halved[f"provision.{row.slug}"] == round(row.records * 0.5)


def test_a_day_gets_the_deliveries_of_that_day() -> None:
    """On 2012-04-02 the monthly sweep has its first ninth, and an April-free cadence nothing."""
    expected = expected_records(DAY)
    national = next(row.records for row in facts.provisions() if row.slug == "national-pension")
    assert abs(expected["provision.national-pension"] - national / 9) < 1.0
    assert expected["provision.npf-pension"] == 0


def test_a_drained_day_completes_every_record() -> None:
    """Jobs and records completed per flow are those expected, and none is left inside."""
    loaded = load(BASELINE, sets=[DAY, "juki_net.municipalities.every=100"])
    program = compile_program(compile_network(loaded))
    result = conduct(make_engine("fast", program, 1, 0), program, 0)
    names = [f.name for f in program.network.flows]
    records, jobs = (dict(zip(names, result.flow_counts[key].tolist(), strict=True)) for key in ("records", "completed"))
    volumes = expected_volumes(loaded)
    assert len(volumes) > 44
    for volume in volumes:
        assert (records if volume.in_files else jobs)[volume.flow] == volume.count
    assert result.flow_counts["in_system"].sum() == 0


def test_small_municipalities_wait_for_the_daily_send() -> None:
    """Their updates pass a gate; those of large ones do not."""
    net = network()
    held = [step.label for step in flow(net, "updates.daily").route if isinstance(step, M.Gate)]
    assert "daily_send" in held
    assert "daily_send" not in [step.label for step in flow(net, "updates.per_event").route]


def test_each_hop_holds_its_uplink_until_acknowledged() -> None:
    """The first uplink is released before the second is taken, and nothing is held at the end."""
    held: list[str] = []
    for step in flow(network(), "updates.per_event").route:
        if isinstance(step, M.Acquire):
            assert not held
            held.append(step.pool)
        elif isinstance(step, M.Release):
            held.remove(step.pool)
    assert not held


def test_a_slower_line_makes_the_visit_longer() -> None:
    """The time on the municipal line is firewall time plus bits over bits per second."""
    route = flow(network("juki_net.municipality.line.bit_rate=512 kbit/s"), "updates.daily").route
    line = next(step for step in route if isinstance(step, M.Visit) and step.station == "cs_line")
    assert line.demand.mean == pytest.approx(0.0005 + 2048 * 8 / 512_000)


def test_service_times_by_mean_and_cv() -> None:
    """A cv of 0 is constant, 1 exponential, anything else log-normal with that mean and cv."""
    assert demand(0.02, 0.0).kind == "constant"
    assert demand(0.02, 1.0).kind == "exponential"
    other = demand(0.02, 0.5)
    assert (other.kind, other.mean, other.scv) == ("lognormal", pytest.approx(0.02), pytest.approx(0.25))


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("slo=[{flow: updates.evnt, metric: sojourn.p99, below: 1 s}]", 'unknown flow "updates.evnt"'),
        ("juki_net.updates.profile=resident", 'did you mean "residents"?'),
        ("juki_net.provisions.batch_window=30 h", "longer than a day"),
        ("run={horizon: 100 s}", "over days of the calendar"),
        ("juki_net.updates.per_year={value: 1, reported: populaton}", 'did you mean "population"?'),
        ("juki_net.municipalities.source=nowhere.csv", "no such file"),
    ],
)
def test_what_cannot_be_is_refused(setting: str, message: str) -> None:
    """Each fault names the culprit and a cure."""
    with pytest.raises(ScenarioError) as caught:
        network(setting)
    assert message in str(caught.value)


@pytest.mark.parametrize("day", ["2012-04-29", "2012-12-31", "1999-01-01"])
def test_a_day_without_business_has_the_same_flows(day: str) -> None:
    """On a holiday nothing arrives from the counters, and service levels about it still name a flow."""
    net = network(f"run.period={{from: {day}, to: {day}}}")
    assert updates(net) == 0
    program = compile_program(net)
    result = conduct(make_engine("fast", program, 1, 0), program, 0)
    assert result.flow_counts["arrived"][:2].tolist() == [0, 0]


def test_volumes_beyond_counting_are_refused() -> None:
    """A volume whose files or jobs no whole number could count is told at its key, by the flow that has most."""
    with pytest.raises(ScenarioError, match=r"this makes 3\.61e\+19 records of a file of provision.national-pension; write"):
        compile_network(load(BASELINE, sets=["juki_net.provisions.volume.value=1e12"]))
