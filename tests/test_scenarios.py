"""Every shipped scenario validates, says where its numbers come from, and runs."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from jukinet_sim.base.errors import ScenarioError
from jukinet_sim.engine.choose import make_engine
from jukinet_sim.engine.program import compile_program
from jukinet_sim.engine.protocol import conduct
from jukinet_sim.juki_net.checks import figures
from jukinet_sim.network.model import Network
from jukinet_sim.scenario.compile import compile_network
from jukinet_sim.scenario.load import lay, load
from jukinet_sim.scenario.loaded import Loaded
from jukinet_sim.theory.traffic import offered

FOLDER = Path(__file__).parents[1] / "scenarios"
FILES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.yaml"))
_NATIONAL = re.compile("^(juki_net|extends):", re.MULTILINE)
_SHIPPED_FLAT = [name for name in FILES if name.count("/") == name.startswith("incidents/")]
NATIONAL = [name for name in _SHIPPED_FLAT if _NATIONAL.search((FOLDER / name).read_text(encoding="utf-8"))]


@cache
def shipped(name: str) -> Loaded:
    """A shipped scenario; each is asked several things."""
    return load(FOLDER / name)


@pytest.mark.parametrize("name", FILES)
def test_it_loads_and_keeps_up_with_its_load(name: str) -> None:
    """No fault, no warning but of years that were not reported, and no station that is offered more than it can do."""
    loaded = shipped(name)
    assert all(one.what.startswith("provisions are reported for") for one in loaded.warnings)
    assert bool(loaded.warnings) is name.startswith(("cipher-migration", "cipher-certificates", "incidents/", "programme"))
    assert all(station.stable for station in offered(compile_network(loaded)))


def first_days(name: str) -> Network:
    """The network of the first two days, so that nobody waits for a day that does not come; of all where events are later.

    Of a nation every fourth municipality, where none is named.
    """
    loaded = shipped(name)
    period = loaded.scenario.run.period
    long = period is not None and (period.last_day - period.first_day).days > 1
    two_days = [f"run.period.to={period.first_day + dt.timedelta(days=1)}"] if period is not None and long else []
    for sets in ([*two_days, "juki_net.municipalities.every=4"], two_days):
        with contextlib.suppress(ScenarioError):
            return compile_network(lay(loaded, sets))
    return compile_network(loaded)


@pytest.mark.parametrize("name", FILES)
def test_it_runs_briefly(name: str) -> None:
    """The first part of the run ends with every law holding (conduct raises otherwise), and every job has an outcome.

    In part of a longer run some may wait for the telephone or a seat on a day that does not come, and these are told of.
    """
    network = first_days(name)
    short = replace(network, horizon_s=min(network.horizon_s, 2.0 * 86_400.0), warm_up_s=0.0, drain=True)
    program = compile_program(short)
    result = conduct(make_engine("fast", program, 1, 0), program, 0)
    assert result.complete
    counts = {name: int(found.sum()) for name, found in result.flow_counts.items()}
    assert counts["completed"] > 0
    assert counts["completed"] + counts["lost"] + counts["abandoned"] + counts["in_system"] == counts["arrived"]
    assert counts["in_system"] == 0 or (result.stuck and short.horizon_s < network.horizon_s)


@pytest.mark.parametrize("name", NATIONAL)
def test_every_number_says_where_it_comes_from(name: str) -> None:
    """No figure of a shipped national scenario is bare, but for the one the tiny example sets itself."""
    net = shipped(name).scenario.juki_net
    assert net is not None
    bare = [".".join(map(str, path)) for path, figure in figures(net, ()) if figure.status == "set"]
    assert bare == (["provisions.lot"] if name == "tiny.yaml" else [])


@pytest.mark.parametrize("name", ["query-by-query", "march-load"])
def test_named_variants_load(name: str) -> None:
    """Each override of the baseline gives a network."""
    assert compile_network(load(FOLDER / "fy2012.yaml", overrides=[name])).flows


def test_the_example_of_the_scenarios_readme_is_short_and_valid(tmp_path: Path) -> None:
    """A planner's own file is at most 20 lines over the baseline."""
    text = (FOLDER / "README.md").read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0]
    assert len(text.splitlines()) <= 20
    (tmp_path / "my-prefecture.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "my-towns.csv").write_text((FOLDER / "tiny-municipalities.csv").read_text(encoding="utf-8"), encoding="utf-8")
    network = compile_network(load(tmp_path / "my-prefecture.yaml"))
    assert network.level("municipality").count == 12
