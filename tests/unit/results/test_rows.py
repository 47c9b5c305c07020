"""Visit rows: columns of names and times, as the page beside them says, from either engine."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cli_runner import MM1, write_scenario
from numpy.typing import NDArray
from results_samples import network, queue

from jukinet_sim.base.errors import StoreError
from jukinet_sim.chance import distributions
from jukinet_sim.chance.keys import replication_key
from jukinet_sim.cli.app import main
from jukinet_sim.engine.choose import EngineName, make_engine
from jukinet_sim.engine.program import compile_program
from jukinet_sim.engine.protocol import conduct
from jukinet_sim.engine.reference.streams import arrivals
from jukinet_sim.network.model import Flow, Loop, Network, Poisson, Spawn, Visit
from jukinet_sim.results.rows import FOLDER, GUIDE, GUIDE_FILE, read_rows, row_names, rows_path, write_rows

Rows = dict[str, NDArray[Any]]


def kept(folder: Path, of: Network, engine: EngineName = "reference") -> Rows:
    """The rows of one replication, from disk."""
    program = compile_program(of)
    rows = conduct(make_engine(engine, program, 1, 0, keep_rows=True), program, 0).visit_rows
    assert rows is not None
    write_rows(folder, 0, rows, row_names(program))
    return read_rows(folder, 0)


def written(folder: Path, integers: list[list[int]], times: list[list[float]]) -> Rows:
    """Hand-made rows of the sample network, from disk."""
    write_rows(folder, 7, (np.array(integers), np.array(times)), row_names(compile_program(network())))
    return read_rows(folder, 7)


def test_the_page_names_every_column(tmp_path: Path) -> None:
    """What is written about the columns is about those that are there."""
    rows = written(tmp_path, [[0, 11, 1, 2, 0]], [[0.5, 1.0, 2.0]])
    first = [line.split("|")[1] for line in GUIDE.splitlines() if line.startswith("| `")]
    described = [name for cell in first for name in re.findall("`([a-z_]+)`", cell)]
    assert sorted(described) == sorted(rows)


@pytest.mark.parametrize("engine", ["reference", "fast"])
def test_rows_have_names(tmp_path: Path, engine: EngineName) -> None:
    """Flows, steps, stations and places are words; both towns are visited and the hall lies in none."""
    rows = kept(tmp_path, network(), engine)
    assert set(rows["flow"]) == {"query"}
    assert set(zip(rows["station"], rows["place"], rows["step"], strict=True)) == {
        ("town", "0", "1"), ("town", "1", "1"), ("hall", "", "2"),
    }  # fmt: skip
    assert set(rows["outcome"]) == {"served"}


def test_jobs_are_numbered_as_explain_numbers_them(tmp_path: Path) -> None:
    """The N-th job of a flow to arrive has the number N; its first visit begins where it arrives, tokens being free."""
    of = queue(200.0)
    rows, births = kept(tmp_path, of), arrivals(compile_program(of), replication_key(1, 0), 0)
    for number in range(1, 6):
        assert rows["arrive_s"][rows["job"] == number].tolist() == [next(births).birth]


def test_jobs_that_others_start_have_no_number(tmp_path: Path) -> None:
    """Spawned jobs are told apart by their keys, which are never negative."""
    demand = distributions.constant(1.0)
    parent = Flow("parent", (Visit("desk", demand), Spawn("child")), Poisson(0.2))
    rows = kept(tmp_path, queue(200.0, flows=(parent, Flow("child", (Visit("desk", demand),)))))
    child = rows["flow"] == "child"
    assert set(rows["job"][child]) == {0}
    assert len(set(rows["job_key"][child])) == child.sum()
    assert rows["job_key"].dtype == np.uint64
    assert 0 not in rows["job"][~child]


def test_steps_are_named_by_label_or_path(tmp_path: Path) -> None:
    """A label names a step, its position in the route any other, in a loop after the position of that."""
    demand = distributions.constant(0.1)
    route = (Visit("desk", demand, label="greeting"), Loop((Visit("desk", demand),), 2))
    rows = kept(tmp_path, queue(200.0, flows=(Flow("visitor", route, Poisson(0.2)),)))
    assert set(rows["step"]) == {"greeting", "1.0"}


def test_rows_tell_how_each_visit_ended(tmp_path: Path) -> None:
    """The outcome is a word, and a visit that never started has an empty start."""
    times = [[0.0, 1.0, 2.0], [0.0, np.nan, 0.0], [0.0, np.nan, 5.0], [0.0, 1.0, 4.0]]
    rows = written(tmp_path, [[0, job, 1, 0, job] for job in range(4)], times)
    assert rows["outcome"].tolist() == ["served", "refused", "abandoned", "broken_off"]
    assert np.isnan(rows["start_s"]).tolist() == [False, True, True, False]
    assert np.array_equal(np.column_stack([rows[name] for name in ("arrive_s", "start_s", "end_s")]), times, equal_nan=True)


def test_missing_or_damaged_rows_are_named(tmp_path: Path) -> None:
    """Rows that were not kept, or do not unpack, are exit 5 with a cure."""
    with pytest.raises(StoreError, match="records: visits"):
        read_rows(tmp_path, 0)
    rows_path(tmp_path, 0).parent.mkdir()
    rows_path(tmp_path, 0).write_bytes(b"PK no zip")
    with pytest.raises(StoreError, match=r"is damaged .*--fresh"):
        read_rows(tmp_path, 0)


def test_run_says_where_the_rows_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """After a run with `records: visits` the folder is named; the page in it says how to read it."""
    file = write_scenario(tmp_path, MM1.replace("seed: 5", "seed: 5, records: visits, engine: reference"))
    assert main(["run", file, "--out", str(tmp_path / "runs"), "--jobs", "1"]) == 0
    (folder,) = (tmp_path / "runs" / "corner").glob(f"*/{FOLDER}")
    assert f"every visit is a row in {folder}" in capsys.readouterr().err
    assert (folder / GUIDE_FILE).read_text(encoding="utf-8") == GUIDE
    assert len(read_rows(folder.parent, 2)["job"]) > 0
