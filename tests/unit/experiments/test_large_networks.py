"""What a large network costs: parts that nothing happened to are made, kept and told once, whatever their number."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from cli_runner import command, environment

from jukinet_sim.chance.distributions import exponential
from jukinet_sim.engine import layout as L
from jukinet_sim.engine.choose import make_engine
from jukinet_sim.engine.program import Program, compile_program
from jukinet_sim.engine.protocol import Replication, conduct
from jukinet_sim.engine.tally import Tally
from jukinet_sim.network import model as M
from jukinet_sim.report.load_table import load_table, unvisited
from jukinet_sim.report.run_table import run_tables
from jukinet_sim.results.digest import digest_from_json
from jukinet_sim.results.document import build_document
from jukinet_sim.results.store import _metrics
from jukinet_sim.results.summary import _station, digest
from jukinet_sim.theory.peaks import Hours

STATIONS = 60


def network(**changes: object) -> M.Network:
    """Sixty stations, two of which are visited; one of the others breaks down, one is closed for a while, one has a pair."""
    stations = [M.Station(f"s{i}", 1) for i in range(STATIONS)]
    stations[3] = replace(stations[3], breakdowns=M.Breakdowns(exponential(5.0), exponential(1.0)))
    stations[4] = replace(stations[4], outages=(M.Outage(2.0, 3.0),))
    stations[5] = replace(stations[5], servers=2, schedule=M.Schedule((0.0, 10.0), (2, 0)))
    route = (M.Visit("s7", exponential(0.2)), M.Visit("s40", exponential(0.2)))
    flow = M.Flow("f", route, M.Poisson(4.0), patience=exponential(0.5))
    return replace(M.Network("large", 40.0, tuple(stations), (flow,)), **changes)


def replication(program: Program, engine: str = "reference") -> Replication:
    """One replication of a network."""
    return conduct(make_engine(engine, program, 1, 0, keep_rows=False), program, 0)


def test_stations_with_the_same_numbers_share_their_part_and_nothing_else_changes() -> None:
    """Idle stations have one part between them, equal to the one each would have alone."""
    program = compile_program(network(warm_up_s=10.0))
    done = replication(program)
    made = digest(done, program)
    for group, name in enumerate(made.stations):
        assert made.stations[name] == _station(done, program, group, {}), name
    shared = {id(made.stations[f"s{i}"]) for i in range(STATIONS) if i not in (3, 4, 5, 7, 40)}
    assert len(shared) == 1
    assert made.stations["s7"].counts["abandoned"] > 0
    assert made.stations["s3"].metrics["availability"] != made.stations["s0"].metrics["availability"]


def test_a_shared_part_is_written_once_and_read_back_as_one() -> None:
    """The digest survives JSON with its sharing, so that stored runs are as light as fresh ones."""
    program = compile_program(network())
    made = digest(replication(program), program)
    written = json.loads(json.dumps(made.as_json()))
    assert written["stations"]["s1"] == "s0"
    again = digest_from_json(written)
    assert again == made
    assert again.stations["s1"] is again.stations["s0"]


def test_the_document_has_every_station_in_full() -> None:
    """Sharing shows in no number of the document, and no two stations are one object in it."""
    program = compile_program(network())
    digests = [digest(conduct(make_engine("reference", program, 1, i, keep_rows=False), program, i), program) for i in range(3)]
    alone = [replace(one, stations={name: replace(part) for name, part in one.stations.items()}) for one in digests]
    told = {"scenario": "large", "run_hash": "", "seed": 1, "rule_version": 1}
    document = build_document(digests, **told)
    assert document == build_document(alone, **told)
    assert document["stations"]["s0"] is not document["stations"]["s1"]


def test_the_table_of_metrics_leaves_out_where_nobody_was() -> None:
    """A row stands for each number of a flow and of a visited station, and for none of an idle one."""
    program = compile_program(network())
    rows = list(_metrics(digest(replication(program), program)))
    assert {(kind, name) for _, kind, name, _, _ in rows} == {("flow", "f"), ("station", "s7"), ("station", "s40")}


@pytest.mark.parametrize("engine", ["fast", "reference"])
def test_a_window_forgets_what_was_counted_before(engine: str) -> None:
    """After a warm-up histograms hold what the counts of the window say, in both engines alike."""
    whole, late = (replication(compile_program(network(warm_up_s=warm_up)), engine) for warm_up in (0.0, 20.0))
    for done in (whole, late):
        assert done.station_wait_histogram.sum() == done.station_counts["waited"].sum()
        assert done.station_gone_histogram.sum() == done.station_counts["abandoned"].sum()
        assert done.sojourn_histogram.sum() == done.flow_counts["completed"].sum()
        assert done.flow_gone_histogram.sum() == done.flow_counts["abandoned"].sum()
    assert 0 < late.station_wait_histogram.sum() < whole.station_wait_histogram.sum()


def test_histograms_of_stations_without_visits_take_no_memory() -> None:
    """Thousands of stations have address space for their histograms, and memory only once something is counted."""
    resident = Path("/proc/self/statm")
    if not resident.exists():
        pytest.skip("this system does not tell the memory of a process in this way")

    def pages() -> int:
        return int(resident.read_text().split()[1])

    stations = tuple(M.Station(f"s{i}", 1) for i in range(4_000))
    program = compile_program(M.Network("large", 1.0, stations, network().flows[:0]))
    before = pages()
    tally = Tally(program)
    tally.open_window(0.5)
    assert tally.station_waits.nbytes == 4_000 * L.HISTOGRAM_BINS * 8
    assert (pages() - before) * 4096 < 0.1 * tally.station_waits.nbytes


def test_tables_leave_out_what_nobody_visits_and_say_so() -> None:
    """Of a large network validate and run show the stations that somebody visits, and count the rest."""
    hours = Hours(network())
    assert [row[0] for row in load_table(hours.loads, hours.peaks).rows] == ["s7", "s40"]
    assert unvisited(hours.loads) == ["and 58 stations without any load"]
    small = Hours(replace(network(), stations=tuple(s for s in network().stations if s.name in ("s7", "s8", "s40"))))
    assert len(load_table(small.loads, small.peaks).rows) == 3
    assert unvisited(small.loads) == []
    program = compile_program(network())
    document = build_document([digest(replication(program), program)], scenario="l", run_hash="", seed=1, rule_version=1)
    document["title"] = ""
    assert "and 58 stations to which nobody came: jukinet show l --all" in list(
        run_tables(document, "en", everything=False, name="l")
    )
    assert not any("nobody came" in str(line) for line in run_tables(document, "en", everything=True, name="l"))


def test_load_and_peak_of_an_unvisited_station_are_those_of_a_visited_one_without_work() -> None:
    """Servers, schedules and breakdowns of a station to which nobody comes are told as ever."""
    hours = Hours(network())
    loads = {load.station: load for load in hours.loads}
    peaks = {peak.station: peak for peak in hours.peaks}
    assert loads["s5"].working == pytest.approx(0.5)
    assert loads["s3"].working == pytest.approx(5.0 / 6.0)
    assert peaks["s3"].servers == pytest.approx(5.0 / 6.0)
    assert (loads["s0"].utilisation, peaks["s0"].utilisation, peaks["s0"].servers) == (0.0, 0.0, 1.0)
    assert np.isfinite(peaks["s5"].utilisation)


def test_a_large_network_runs_and_is_shown_again(tmp_path: Path) -> None:
    """A stored run of a network with idle stations is printed again with the same document."""
    lines = [f"    s{i}: {{servers: 1}}" for i in range(STATIONS)]
    text = "scenario: large\nrun: {horizon: 5 s, replications: 2}\nnetwork:\n  stations:\n" + "\n".join(lines)
    text += "\n  flows:\n    f:\n      arrivals: {poisson: 3 /s}\n      route: [{visit: s9, demand: {exponential: 100 ms}}]\n"
    (tmp_path / "large.yaml").write_text(text, encoding="utf-8")
    ran, shown = (
        subprocess.run(
            command(arguments), capture_output=True, text=True, cwd=tmp_path, env=environment(), check=True
        ).stdout
        for arguments in (["run", "large.yaml", "--json", "--quiet"], ["show", "--json"])
    )
    assert json.loads(ran) == json.loads(shown)
    assert len(json.loads(ran)["stations"]) == STATIONS
