"""A planner's own data: what each column of a list of municipalities changes in the network, and rows of one's own."""

from __future__ import annotations

from pathlib import Path

import pytest
from national import expected_volumes

from jukinet_sim.engine.choose import make_engine
from jukinet_sim.engine.program import compile_program
from jukinet_sim.engine.protocol import conduct
from jukinet_sim.network import model as M
from jukinet_sim.scenario.compile import compile_network
from jukinet_sim.scenario.load import load
from tests.twins.compare import assert_twins

OPTIONAL = "connected,cs_servers,cs_service_ms,line_mbit_s,terminals,card_share_percent,kiosk_from"
TOWNS = f"""code,prefecture_code,name,population,{OPTIONAL}
09901,09,One,240000,yes,4,25,3,18,6.5,2012-04-01
09902,09,Two,90000,yes,,,,,4.0,
10901,10,Three,12000,yes,1,100,0.5,2,,2012-05-01
10902,10,Four,3000,no,,,,,,
"""
SCENARIO = """scenario: own
extends: fy2012.yaml
run: {period: {from: 2012-04-23, to: 2012-05-11}, replications: 1}
juki_net:
  municipalities: {source: towns.csv, per_event_from: 50000}
  provisions: {volume: 0}
"""


def network(folder: Path, towns: str = TOWNS, more: str = "") -> M.Network:
    """The network of a scenario beside a list of towns."""
    (folder / "towns.csv").write_text(towns, encoding="utf-8")
    (folder / "own.yaml").write_text(SCENARIO + more, encoding="utf-8")
    return compile_network(load(folder / "own.yaml"))


def station(net: M.Network, name: str) -> M.Station:
    """The station of this name."""
    return next(s for s in net.stations if s.name == name)


def test_servers_and_service_times_of_each_town(tmp_path: Path) -> None:
    """A CS of 25 ms is twice as fast as the scenario's 50 ms, one of 100 ms half as fast, and empty cells are as usual."""
    cs = station(network(tmp_path), "cs")
    assert [cs.servers_at(place) for place in range(4)] == [4, 2, 1, 2]
    assert [cs.speed_at_start(place) for place in range(4)] == pytest.approx([2.0, 1.0, 0.5, 1.0])


def test_lines_of_each_town_are_apart_from_firewalls(tmp_path: Path) -> None:
    """With line speeds of their own, firewall, line out and line in are three stations, and lines follow the bit rate."""
    net = network(tmp_path)
    assert [station(net, "cs_line").speed_at_start(p) for p in range(4)] == pytest.approx([2.0, 1.0, 1.0 / 3.0, 1.0])
    assert [station(net, "cs_line_in").speed_at_start(p) for p in range(4)] == pytest.approx([2.0, 1.0, 1.0 / 3.0, 1.0])
    notice = next(f for f in net.flows if f.name == "transfer-notice")
    visited = [step.station for step in notice.route if isinstance(step, M.Visit)]
    assert visited[:4] == ["cs", "network_firewall", "cs_line", "cs_line_in"]
    out = next(step for step in notice.route if isinstance(step, M.Visit) and step.station == "cs_line")
    assert out.demand.mean == pytest.approx(2048 * 8 / 1.5e6)


def test_terminals_of_each_town(tmp_path: Path) -> None:
    """A number in the list wins over one for so many residents."""
    terminal = next(pool for pool in network(tmp_path).pools if pool.name == "terminal")
    assert [terminal.tokens_at(place) for place in range(4)] == [18, 6, 2, 2]


def test_kiosks_open_on_the_date_in_the_list(tmp_path: Path) -> None:
    """One town from the start, another from May on, the others never."""
    flows = {flow.name: flow for flow in network(tmp_path).flows if flow.name.startswith("kiosk.resident")}
    first, later = flows["kiosk.resident"], flows["kiosk.resident.from-2012-05-01"]
    assert first.share is not None
    assert later.share is not None
    assert [bool(w) for w in first.share] == [True, False, False, False]
    assert [bool(w) for w in later.share] == [False, False, True, False]


def test_card_holders_weigh_by_their_share(tmp_path: Path) -> None:
    """Flows of card holders are drawn by residents times share; a town without one has the mean of the others."""
    share = next(f for f in network(tmp_path).flows if f.name == "simplified-move").share
    assert share is not None
    mean = (0.065 + 0.04) / 2
    assert list(share) == pytest.approx([240000 * 0.065, 90000 * 0.04, 12000 * mean, 0.0])


def test_engines_agree_on_a_list_with_every_column(tmp_path: Path) -> None:
    """Speeds, tokens and servers per place take both engines through the same sample path."""
    assert_twins(network(tmp_path, more="  updates: {per_year: 1000000}\n"), 1, 0)


def test_a_slower_line_takes_longer(tmp_path: Path) -> None:
    """A tenth of the line speed makes the mean notice slower by its sending times, at both ends."""

    def mean(rate: str) -> float:
        towns = "code,prefecture_code,name,population,line_mbit_s\n" + "".join(
            f"0990{i},09,Town{i},100000,{rate}\n" for i in range(3)
        )
        net = network(tmp_path, towns, "  flows: {transfer-notice: {per_year: 2000000}}\n")
        program = compile_program(net)
        run = conduct(make_engine("fast", program, 1, 0), program, 0)
        at = [f.name for f in net.flows].index("transfer-notice")
        return float(run.flow_sums["sojourn"][at] / run.flow_counts["completed"][at])

    # Out and in, of the notice and of its receipt: 2 x (2048 + 256) bytes at 0.15 instead of 1.5 Mbit/s.
    longer = 2 * (2048 + 256) * 8 / 1e6 * (1 / 0.15 - 1 / 1.5)
    assert mean("0.15") - mean("1.5") == pytest.approx(longer, rel=0.05)


def test_rows_of_ones_own_take_the_place_of_the_reported_ones(tmp_path: Path) -> None:
    """Each row is a flow with its records; the volume still scales them."""
    (tmp_path / "rows.csv").write_text(
        "row,recipient,records,cadence\ncare,ministry,9000,monthly\nlicence,bureau,500,business hours\n", encoding="utf-8"
    )
    (tmp_path / "own.yaml").write_text(
        "scenario: own\nextends: fy2012.yaml\n"
        "juki_net: {municipalities: {every: 100}, provisions: {source: rows.csv, volume: 2}}\n",
        encoding="utf-8",
    )
    volumes = {v.flow: v.count for v in expected_volumes(load(tmp_path / "own.yaml")) if v.flow.startswith("provision.")}
    assert volumes == {"provision.care": 18_000, "provision.licence": 1_000}


def test_acknowledgements_lost_at_random_hold_the_next_update(tmp_path: Path) -> None:
    """If half get lost and are noticed after an hour on average, a lone update takes half an hour longer."""
    loss = """  updates:
    per_year: 20000
    profile: uniform
    lost_acknowledgement: {share: 50 %, noticed_after: 1 h}
"""
    towns = "code,prefecture_code,name,population\n" + "".join(f"{9000 + i},09,T{i},100000\n" for i in range(400))

    def mean(more: str) -> tuple[float, int]:
        net = network(tmp_path, towns, more + "  prefecture: {hours: null}\n")
        program = compile_program(net)
        run = conduct(make_engine("fast", program, 1, 0), program, 0)
        done = int(run.flow_counts["completed"][0])
        return float(run.flow_sums["sojourn"][0] - run.flow_sums["wait"][0]) / done, done

    held, jobs = mean(loss)
    free, _ = mean(loss.replace("50 %", "0 %"))
    # Half of them wait an exponential hour: the standard deviation of one is below an hour and a bit.
    assert held - free == pytest.approx(1800.0, abs=4 * 3600.0 / jobs**0.5)


@pytest.mark.parametrize(
    ("dates", "expected"),
    [(("", ""), [False]), (("", "2012-05-01"), [False, True]), (("2012-05-01", "2012-05-03"), [False, True, True])],
)
def test_kiosks_of_a_list_without_early_dates(tmp_path: Path, dates: tuple[str, str], expected: list[bool]) -> None:
    """Nobody issues before a date of the list, and nobody at all where it has none."""
    towns = "code,prefecture_code,name,population,kiosk_from\n" + "".join(
        f"0990{i},09,Town{i},200000,{day}\n" for i, day in enumerate(dates)
    )
    flows = [flow for flow in network(tmp_path, towns).flows if flow.name.startswith("kiosk.resident")]
    assert [isinstance(flow.arrivals, M.ExactCount) for flow in flows] == expected


def test_incidents_keep_their_places_in_a_thinned_nation() -> None:
    """The shipped recipes can be run on a scaled nation."""
    folder = Path(__file__).parents[3] / "scenarios"
    net = compile_network(load(folder / "lost-acknowledgement.yaml", sets=["juki_net.municipalities.every=50"]))
    assert any(label.startswith("06-029") for label in net.level("municipality").labels)
