"""A series that is too long to be kept is refused before the run, wherever it comes from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_runner import write_scenario

from jukinet_sim.base.errors import ScenarioError
from jukinet_sim.cli.app import main
from jukinet_sim.engine.series import Series
from jukinet_sim.results import store
from jukinet_sim.scenario import series_size
from jukinet_sim.scenario.compile import compile_network
from jukinet_sim.scenario.load import load

NATION = Path(__file__).parents[3] / "scenarios" / "peak-day.yaml"


def test_the_limit_is_that_of_the_store() -> None:
    """What is refused could not be kept, however short its numbers were, and each group has as many as the series says."""
    assert series_size.MOST_NUMBERS * series_size.BYTES_A_NUMBER <= store._MOST_BYTES
    assert len(json.dumps([0.0] * 1000)) >= 1000 * series_size.BYTES_A_NUMBER
    numbers = series_size.PER_FLOW, series_size.PER_STATION, series_size.PER_POOL
    assert numbers == (len(Series.FLOW), len(Series.STATION), len(Series.POOL))


def test_refused_with_a_width_that_is_accepted() -> None:
    """The message counts bins and numbers, and the width that it names will do."""
    with pytest.raises(ScenarioError) as caught:
        compile_network(load(NATION, sets=("run.series=1 s",)))
    (fault,) = caught.value.faults
    assert fault.what.startswith("the series would have 86,400 bins of ")
    width = fault.cure.removeprefix("write wider bins, such as ")
    assert compile_network(load(NATION, sets=(f"run.series={width}",))).series_bin_s is not None


def test_the_place_of_the_series_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`validate` points at the bins, and exits with 2."""
    stations = "".join(f"    s{i}: {{servers: 1}}\n" for i in range(5))
    text = f"""scenario: long
run: {{horizon: 1000 s, series: 1 ms}}
network:
  stations:
{stations}  flows:
    f:
      arrivals: {{poisson: 1 /s}}
      route: [{{visit: s0, demand: {{exponential: 20 ms}}}}]
"""
    assert main(["validate", write_scenario(tmp_path, text)]) == 2
    said = capsys.readouterr().err
    assert "corner.yaml:2:24: error: the series would have 1,000,000 bins of 34 numbers, more than can be kept; " in said
