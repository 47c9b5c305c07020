"""Scenario files, laid over each other, to one checked model."""

from __future__ import annotations

import hashlib
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from jukinet_sim.base.errors import ScenarioError
from jukinet_sim.language.arrivals import Exact, Piecewise, Poisson
from jukinet_sim.language.distributions import Constant, Exponential, Gamma, Hyperexponential, mean_of
from jukinet_sim.language.flows import Flow
from jukinet_sim.language.network import Network
from jukinet_sim.language.route import BranchStep, LoopStep, SwitchStep, VisitStep
from jukinet_sim.scenario import load as load_module
from jukinet_sim.scenario.load import load
from jukinet_sim.scenario.loaded import Loaded, dump_resolved, where
from jukinet_sim.scenario.shipped import shipped_folder

BASE = """\
scenario: shop
run: {horizon: 1000 s, warm_up: 100 s, seed: 3}
network:
  stations:
    till: {servers: 2, discipline: priority, capacity: 9}
    bakery.east: {servers: 1}
  pools:
    trolleys: {tokens: 5}
  flows:
    buyers:
      arrivals: {poisson: 0.5 /s, batch: {constant: 2}}
      route:
        - {visit: till, demand: {exponential: 2 s}, label: pay}
        - {visit: bakery.east, demand: {gamma: {mean: 1 s, cv: 0.5}}}
        - {branch: {pay: 0.1, exit: 0.9}}
overrides:
  peak: {network: {flows: {buyers: {arrivals: {poisson: 2 /s}}}}}
  one-till: {network: {stations: {till: {servers: 1, capacity: ~}}}}
"""
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a function that writes a scenario file and returns its path."""

    def write_file(content: str = BASE, name: str = "shop.yaml") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
        return path

    return write_file


def network(loaded: Loaded) -> Network:
    """Return the network of a generic scenario."""
    assert loaded.scenario.network is not None
    return loaded.scenario.network


def buyers(loaded: Loaded) -> Flow:
    """Return the flow of the base scenario."""
    return network(loaded).flows["buyers"]


def messages(path: Path, *sets: str) -> list[str]:
    """Return the messages, without the folder, of a scenario that must be refused."""
    with pytest.raises(ScenarioError) as caught:
        load(path, sets=sets)
    return [fault.headline.replace(f"{path.parent}/", "") for fault in caught.value.faults]


def test_a_file_becomes_a_frozen_model_in_si(write: Write) -> None:
    """Units become SI floats, counts ints, and the kinds of steps their own classes."""
    loaded = load(write())
    first, second, third = buyers(loaded).route
    assert isinstance(first, VisitStep)
    assert isinstance(first.demand, Exponential)
    assert first.demand.exponential == 2.0
    assert isinstance(second, VisitStep)
    assert isinstance(second.demand, Gamma)
    assert (second.demand.gamma.mean, second.demand.gamma.cv) == (1.0, 0.5)
    assert isinstance(third, BranchStep)
    assert third.branch == {"pay": 0.1, "exit": 0.9}
    assert loaded.scenario.run.warm_up == 100.0
    assert loaded.sources == (str(write()),)
    with pytest.raises(ValueError, match="frozen"):
        loaded.scenario.run.seed = 4  # type: ignore[misc]  # the point of the test


def test_positions_of_keys_can_be_asked_for(write: Write) -> None:
    """`where` finds the line of a key, through names with dots and entries of lists, and None for a default."""
    loaded = load(write())
    lines = {
        "network.stations.till": 5,
        "network.stations.bakery.east.servers": 6,
        "network.flows.buyers.route.2.branch": 15,
        "run.horizon": 2,
    }
    found = {key: where(loaded, key) for key in lines}
    assert {key: place.line for key, place in found.items() if place} == lines
    assert where(loaded, "run.drain") is None
    assert where(loaded, "network.flows.buyers.route.9") is None


def test_extends_merges_mappings_and_replaces_the_rest(write: Write) -> None:
    """A scenario keeps what its base says where it says nothing; a list takes the place of the base's list."""
    write()
    child = write(
        "extends: shop.yaml\nscenario: small\nrun: {seed: 8}\n"
        "network: {flows: {buyers: {route: [{visit: till, demand: {constant: 1 s}}]}}}\n",
        "child.yaml",
    )
    loaded = load(child)
    assert (loaded.scenario.scenario, loaded.scenario.run.seed, loaded.scenario.run.horizon) == ("small", 8, 1000.0)
    assert len(buyers(loaded).route) == 1
    assert network(loaded).stations["till"].capacity == 9
    assert [Path(source).name for source in loaded.sources] == ["child.yaml", "shop.yaml"]
    seed, horizon = where(loaded, "run.seed"), where(loaded, "run.horizon")
    assert seed is not None
    assert horizon is not None
    assert (Path(seed.file).name, Path(horizon.file).name) == ("child.yaml", "shop.yaml")


def test_a_chain_of_bases_is_followed(write: Write) -> None:
    """A base may itself extend a file in a folder below it, whose paths are relative to that file."""
    write(BASE, "parts/shop.yaml")
    write("extends: shop.yaml\nrun: {seed: 5}\n", "parts/middle.yaml")
    loaded = load(write("extends: parts/middle.yaml\nscenario: top\n", "top.yaml"))
    assert loaded.scenario.run.seed == 5
    assert len(loaded.sources) == 3


def test_a_bare_name_falls_back_to_the_shipped_scenarios(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """`extends: shop.yaml` finds a shipped file where none of that name lies beside the scenario."""
    shipped = write(BASE, "shipped/shop.yaml").parent
    monkeypatch.setattr(load_module, "shipped_folder", lambda: shipped)
    assert load(write("extends: shop.yaml\nscenario: mine\n", "mine/mine.yaml")).scenario.run.seed == 3


def test_a_link_does_not_lead_out_of_the_folder(write: Write, tmp_path: Path) -> None:
    """A symbolic link to a file outside the scenario's folder is refused like a path that goes up."""
    outside = write(BASE, "outside.yaml")
    child = write("extends: link.yaml\nscenario: x\n", "inner/child.yaml")
    (tmp_path / "inner" / "link.yaml").symlink_to(outside)
    assert messages(child) == [
        'child.yaml:1:10: error: extends leaves the folder of the scenario: "link.yaml"; '
        "keep the base in the same folder or below"
    ]


def test_a_file_that_extends_itself_is_refused(write: Write) -> None:
    """The shortest circle is one file."""
    path = write("extends: self.yaml\nscenario: x\n", "self.yaml")
    assert messages(path)[0].startswith("self.yaml:1:10: error: extends leads back to ")


def test_named_overrides_are_laid_over_in_turn(write: Write) -> None:
    """An override changes what it names, null deletes a key, and a later one wins."""
    loaded = load(write(), overrides=["peak", "one-till"])
    arrivals = buyers(loaded).arrivals
    assert isinstance(arrivals, Poisson)
    assert arrivals.poisson == 2.0
    assert arrivals.batch is not None
    assert (network(loaded).stations["till"].servers, network(loaded).stations["till"].capacity) == (1, None)


def test_null_deletes_an_override_of_the_base(write: Write) -> None:
    """A scenario that extends another may do without one of its overrides; of its own there is nothing to delete."""
    write()
    path = write("extends: shop.yaml\nscenario: x\noverrides: {peak: null}\n", "x.yaml")
    assert set(load(path).scenario.overrides) == {"one-till"}
    alone = write("extends: shop.yaml\nscenario: x\noverrides: {peek: null}\n", "y.yaml")
    assert '"peek" is the single value "null" where a mapping is expected' in messages(alone)[0]


def test_an_override_file_is_laid_over(write: Write) -> None:
    """An override may be a file of its own, such as a calibration writes."""
    over = write("run: {seed: 77}\n", "fit.yaml")
    assert load(write(), overrides=[str(over)]).scenario.run.seed == 77


def test_an_unknown_override_gets_a_suggestion(write: Write) -> None:
    """A mistyped override is compared with those the scenario has."""
    with pytest.raises(ScenarioError, match=r'no override is named "peek"; did you mean "peak"\?'):
        load(write(), overrides=["peek"])


def test_a_fault_in_an_override_shows_before_it_is_used(write: Write) -> None:
    """Every named override is checked with the file, so that it does not fail on the day it is needed."""
    path = write(BASE.replace("poisson: 2 /s", "poisson: 2"))
    assert messages(path) == ['shop.yaml:17:57: error: 2 has no unit; write "2 /s" or "2 /h"']


@pytest.mark.parametrize(
    ("setting", "kind"),
    [
        ("network.flows.buyers.arrivals={exact: {count: 7}}", Exact),
        ("network.flows.buyers.arrivals.exact.count=7", Exact),
        ("network.flows.buyers.arrivals={piecewise: [{at: 0 s, rate: 1 /s}]}", Piecewise),
        ("network.flows.buyers.arrivals.poisson=7 /s", Poisson),
    ],
)
def test_another_kind_of_arrivals_replaces_the_old_one(write: Write, setting: str, kind: type) -> None:
    """A mapping that names one of several kinds is replaced, with its siblings, when another kind is set."""
    assert isinstance(buyers(load(write(), sets=[setting])).arrivals, kind)


def test_another_distribution_replaces_the_old_one(write: Write) -> None:
    """Setting a constant demand does not leave the exponential one beside it."""
    route = buyers(load(write(), sets=["network.flows.buyers.route.0.demand.constant=5 ms"])).route
    assert isinstance(route[0], VisitStep)
    assert route[0].demand == Constant(constant=0.005)
    assert (route[0].visit, route[0].label) == ("till", "pay")


def test_another_form_of_the_same_distribution_replaces_the_old_one(write: Write) -> None:
    """A hyperexponential by branches does not keep the cv of the one by moments."""
    child = BASE.replace("{exponential: 2 s}", "{hyperexponential: {mean: 1 s, cv: 2}}")
    setting = "network.flows.buyers.route.0.demand={hyperexponential: {p: [0.5, 0.5], mean: [1 s, 3 s]}}"
    first = buyers(load(write(child), sets=[setting])).route[0]
    assert isinstance(first, VisitStep)
    assert isinstance(first.demand, Hyperexponential)
    assert mean_of(first.demand) == 2.0


def test_one_figure_of_a_distribution_can_be_set(write: Write) -> None:
    """Setting the cv keeps the mean."""
    second = buyers(load(write(), sets=["network.flows.buyers.route.1.demand.gamma.cv=2"])).route[1]
    assert isinstance(second, VisitStep)
    assert isinstance(second.demand, Gamma)
    assert (second.demand.gamma.mean, second.demand.gamma.cv) == (1.0, 2.0)


def test_a_station_named_like_a_distribution_is_merged(write: Write) -> None:
    """Names chosen by the author are no kinds: stations called gamma and uniform live side by side."""
    text = BASE.replace("    bakery.east: {servers: 1}", "    bakery.east: {servers: 1}\n    gamma: {servers: 1}")
    loaded = load(write(text), sets=["network.stations.uniform={servers: 4}"])
    assert {"gamma", "uniform", "till"} <= set(network(loaded).stations)


def test_a_period_takes_the_place_of_a_horizon(write: Write) -> None:
    """Horizon and period exclude each other, so setting one drops the other and keeps the rest of the run."""
    run = load(write(), sets=["run.period={from: 2012-04-01, to: 2012-04-02}"]).scenario.run
    assert (run.horizon, run.horizon_s, run.seed) == (None, 2 * 86400.0, 3)


def test_settings_go_through_names_with_dots(write: Write) -> None:
    """The longest name that exists is taken."""
    loaded = load(write(), sets=["network.stations.bakery.east.servers=6"])
    assert network(loaded).stations["bakery.east"].servers == 6


def test_a_setting_knows_its_place(write: Write) -> None:
    """A key that was set says so."""
    loaded = load(write(), sets=["run.seed=12"])
    place = where(loaded, "run.seed")
    assert str(place) == "--set run.seed=12:1:5"
    assert loaded.sources == (str(write()),)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("run.horizon=3", ':1:13: error: 3 has no unit; write "3 ms" or "3 s"'),
        ("run.horizn=3 s", ':1:5: error: no "horizn" here; did you mean "horizon"?'),
        ("network.station.till.servers=3", ':1:9: error: no "station" here; did you mean "stations"?'),
        ("network.stations.tlil.servers=3", ':1:18: error: no "tlil" here; did you mean "till"?'),
        (
            "network.flows.buyers.route.3.label=a",
            ':1:28: error: "3" is not an entry of this list; write a number from 0 to 2, or "+" for one more',
        ),
        ("run.seed.x=1", ':1:10: error: no "x" here; shorten the path: nothing lies below'),
        ("network.flows.buyers.retry.attempts=2", ':1:22: error: missing key "backoff"; add "backoff: ..."'),
        ("run.horizon", ":1:1: error: this is not a setting; write key=value, such as run.seed=2"),
        ("run.horizon=", ":1:1: error: this is not a setting; write key=value, such as run.seed=2"),
        ("run.seed=[", ":1:11: error: a value is missing here; write a value or delete the bracket"),
        ("run.seed=*x", ":1:10: error: aliases (*x) are not read; write the value out"),
    ],
)
def test_a_faulty_setting_is_shown_as_it_was_typed(write: Write, setting: str, message: str) -> None:
    """Faults of a setting name the setting, the column in it and the cure."""
    assert messages(write(), setting) == [f"--set {setting}{message}"]


def test_the_example_of_the_message_format(write: Write) -> None:
    """The message, the line and the caret stand as the documentation shows them."""
    path = write(BASE.replace("exponential: 2 s", "exponential: 30"))
    with pytest.raises(ScenarioError) as caught:
        load(path)
    assert str(caught.value) == (
        f'{path}:13:47: error: 30 has no unit; write "30 ms" or "30 s"\n'
        "          - {visit: till, demand: {exponential: 30}, label: pay}\n"
        f"  {' ' * 46}^"
    )
    assert caught.value.exit_code == 2


def test_a_missing_file_suggests_a_near_one(write: Write) -> None:
    """A mistyped file name is compared with the scenarios of that folder."""
    path = write()
    with pytest.raises(ScenarioError) as caught:
        load(path.with_name("shpo.yaml"))
    assert str(caught.value) == f'error: no such file: {path.with_name("shpo.yaml")}; did you mean "shop.yaml"?'


def test_times_are_found_beside_the_file_that_names_them(write: Write) -> None:
    """A base in a folder below names its CSV file relative to itself, whoever extends it."""
    csv = write("time_s\n1\n", "parts/t.csv")
    write(BASE.replace("{poisson: 0.5 /s, batch: {constant: 2}}", "{times: t.csv}"), "parts/shop.yaml")
    loaded = load(write("extends: parts/shop.yaml\noverrides: {peak: {run: {seed: 2}}}\n", "top.yaml"))
    key = "network.flows.buyers.arrivals.times"
    assert loaded.file_at(key) == csv
    assert dump_resolved(loaded)["files"] == {key: hashlib.sha256(csv.read_bytes()).hexdigest()}


def test_a_list_of_municipalities_belongs_to_the_resolved_scenario() -> None:
    """Another list of municipalities under the same name is another scenario."""
    loaded = load(shipped_folder() / "tiny.yaml")
    listed = shipped_folder() / "tiny-municipalities.csv"
    digest = hashlib.sha256(listed.read_bytes()).hexdigest()
    assert dump_resolved(loaded)["files"] == {"juki_net.municipalities.source": digest}


def test_the_resolved_scenario_is_the_same_however_it_was_written(write: Write) -> None:
    """Units, the order of keys, defaults written out and the way a value came in leave no trace."""
    one = dump_resolved(load(write(), sets=["run.horizon=20 min"]))
    other = BASE.replace(
        "{horizon: 1000 s, warm_up: 100 s, seed: 3}", "{seed: 3, drain: false, horizon: 1200000 ms, warm_up: 100 s}"
    )
    two = dump_resolved(load(write(other)))
    assert one == two
    assert one["run"]["horizon"] == 1200.0
    assert "overrides" not in one


def test_a_timetable_is_not_measured_against_a_run_that_is_missing(write: Write) -> None:
    """Without a run nothing is said about how often a schedule would repeat in it."""
    text = BASE.replace("{servers: 2, discipline", "{servers: [{at: 0 s, servers: 2}], repeat: 1 s, discipline")
    text = text.partition("overrides:")[0].replace("run: {horizon: 1000 s, warm_up: 100 s, seed: 3}\n", "")
    assert messages(write(text)) == ['shop.yaml:1:1: error: missing key "run"; add "run: ..."']


def test_a_token_bucket_lets_time_pass(write: Write) -> None:
    """Jobs that never think may go round a route that waits for tokens; with tokens given back it would never pause."""
    loop = "{closed: {jobs: 2, think: {constant: 0 s}}}"
    text = BASE.partition("      route:")[0].replace("{poisson: 0.5 /s, batch: {constant: 2}}", loop)
    text += "      route: [{acquire: trolleys}]\n"
    assert [line.partition("error: ")[2] for line in messages(write(text))] == [
        'jobs of flow "buyers" go round without end at one instant; write a think time above 0, or add a visit or a delay'
    ]
    assert network(load(write(text.replace("{tokens: 5}", "{tokens: 5, refill: 2 /s}")))).pools["trolleys"].refill == 2.0


def test_ways_of_a_switch_are_overridden_one_by_one(write: Write) -> None:
    """A setting replaces the label of one value and keeps those of the others."""
    states = "  states: {suite: {}}\n  flows:"
    step = "{switch: suite, to: {0: pay, 1: exit}}"
    text = BASE.replace("  flows:", states, 1).replace("{branch: {pay: 0.1, exit: 0.9}}", step)
    switch = buyers(load(write(text), sets=["network.flows.buyers.route.2.to.0=exit"])).route[2]
    assert isinstance(switch, SwitchStep)
    assert switch.to == {0: "exit", 1: "exit"}


def test_a_cut_out_part_is_not_missed(write: Write) -> None:
    """A station that cannot be read is still known by name, so its visits are not called unknown."""
    path = write(BASE.replace("{servers: 2, discipline", "{servers: two, discipline"))
    assert messages(path) == ['shop.yaml:5:21: error: "two" is not a number; write a whole number such as "10"']


def test_a_loaded_scenario_survives_pickling(write: Write) -> None:
    """Worker processes can be sent what was loaded."""
    loaded = load(write())
    assert pickle.loads(pickle.dumps(loaded)) == loaded


def test_steps_inside_loops_are_checked(write: Write) -> None:
    """A loop is a list of its own, read and checked like the route."""
    text = BASE.replace("{branch: {pay: 0.1, exit: 0.9}}", "{loop: 3, of: [{visit: tll, demand: {constant: 1 s}}]}")
    assert messages(write(text)) == ['shop.yaml:15:34: error: unknown station "tll"; did you mean "till"?']
    loop = buyers(load(write(text.replace("tll", "till")))).route[2]
    assert isinstance(loop, LoopStep)
    assert loop.loop == 3


def test_loading_imports_nothing_heavy() -> None:
    """Importing the loader brings pydantic and PyYAML, and none of the numerical or plotting packages."""
    code = (
        "import sys, jukinet_sim.scenario.load\n"
        "heavy = {'numpy', 'numba', 'scipy', 'pandas', 'simpy', 'rich', 'jinja2', 'jpholiday', 'typer'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_setting_may_begin_inside_the_nation() -> None:
    """What is a key of `juki_net` and none of a scenario is found there; a generic scenario knows no such key."""
    town = shipped_folder() / "tiny.yaml"
    short = load(town, sets=("updates.retry_after=5 min",)).scenario
    whole = load(town, sets=("juki_net.updates.retry_after=5 min",)).scenario
    assert short == whole != load(town).scenario
    with pytest.raises(ScenarioError, match='no "updates" here'):
        load(shipped_folder() / "textbook" / "mmc.yaml", sets=("updates.retry_after=5 min",))


def test_a_scenario_is_read_by_a_process_that_loaded_the_rooms_in_another_order(tmp_path: Path) -> None:
    """Classes of figures are found whoever named them first."""
    kept = tmp_path / "scenario.pickle"
    first = (
        "import jukinet_sim.juki_net.attacks.schema, pickle, pathlib, sys; from jukinet_sim.scenario.load import load; "
        "pathlib.Path(sys.argv[2]).write_bytes(pickle.dumps(load(sys.argv[1])))"
    )
    second = "import pickle, pathlib, sys; print(pickle.loads(pathlib.Path(sys.argv[2]).read_bytes()).scenario.scenario)"
    for code in (first, second):
        call = [sys.executable, "-c", code, str(shipped_folder() / "tiny.yaml"), str(kept)]
        done = subprocess.run(call, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "tiny"
