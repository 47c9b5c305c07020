"""What differs between two scenarios, key by key, once everything is resolved."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from jukinet_sim.language.base import Figure
from jukinet_sim.scenario.difference import Difference, differences
from jukinet_sim.scenario.load import load
from jukinet_sim.scenario.loaded import Loaded
from jukinet_sim.scenario.shipped import shipped_folder

SHOP = """\
scenario: shop
run: {horizon: 1000 s}
network:
  places:
    town: {count: 5, weights: [1, 1, 1, 1, 1]}
  stations:
    till: {servers: 2, per: town}
    bakery.east: {servers: 1}
  flows:
    buyers:
      arrivals: {poisson: 0.5 /s}
      origin: town
      route:
        - {visit: till, demand: {exponential: 2 s}}
        - {delay: {constant: 5 s}}
        - {visit: bakery.east, demand: {gamma: {mean: 1 s, cv: 0.5}}}
slo:
  - {flow: buyers, metric: sojourn.p99, below: 20 s}
  - {station: till, metric: utilisation, below: 80 %}
"""
ROUTE = "network.flows.buyers.route"
Load = Callable[..., Loaded]


@pytest.fixture
def loaded(tmp_path: Path) -> Load:
    """Return a function that loads a text with settings laid over it."""

    def load_text(*sets: str, text: str = SHOP, folder: str = "") -> Loaded:
        path = tmp_path / folder / "shop.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return load(path, sets=sets)

    return load_text


def shipped(name: str, *overrides: str) -> Loaded:
    """Load a shipped scenario."""
    return load(shipped_folder() / name, overrides=overrides)


def rows(a: Loaded, b: Loaded) -> list[tuple[str, str]]:
    """Return key and change of each difference that is not in name only."""
    return [(one.key, one.change) for one in differences(a, b) if not one.in_name_only]


def only(a: Loaded, b: Loaded) -> Difference:
    """Return the one difference there is."""
    (found,) = differences(a, b)
    return found


def test_a_number_that_differs_is_named_by_its_key(loaded: Load) -> None:
    """The row has the key that `--set` takes, and both values in SI."""
    found = only(loaded(), loaded(f"{ROUTE}.0.demand.exponential=500 ms"))
    assert found.a is not None
    assert found.b is not None
    assert (found.key, found.a.value, found.b.value) == (f"{ROUTE}.0.demand.exponential", 2.0, 0.5)


def test_a_window_is_one_value(loaded: Load) -> None:
    """A window that differs is one row with both as they were written, and the same one in another unit is no difference."""
    a, b, again = (
        loaded(text=SHOP.replace("utilisation, below", f"utilisation, window: {window}, below"))
        for window in ("busiest 60 s", "{from: 10 s, to: 20 s}", "busiest 1 min")
    )
    assert rows(a, b) == [("slo.1.window", "changed")]
    assert differences(a, again) == ()


def test_a_default_written_out_is_no_difference(loaded: Load) -> None:
    """What is written in one scenario and is the default in the other is the same, as is the same value in another unit."""
    assert differences(loaded(), loaded("run.seed=1", "network.stations.till.discipline=fifo", "run.horizon=1e6 ms")) == ()


def test_a_named_route_is_told_once(loaded: Load) -> None:
    """Whatever its steps are in two scenarios that go it alike; a flow that goes another way has its own steps."""
    head, _, rest = SHOP.partition("      route:\n")
    steps = "  routes:\n    way: [{{visit: till, demand: {{exponential: {}}}}}]\n  flows:\n"
    lines = [line for line in rest.splitlines(keepends=True) if not line.startswith("        - ")]
    text = f"{head}      route: way\n{''.join(lines)}"
    a, b = (loaded(text=text.replace("  flows:\n", steps.format(mean))) for mean in ("2 s", "3 s"))
    assert rows(a, b) == [("network.routes.way.0.demand.exponential", "changed")]
    (found,) = differences(a, b)
    assert found.a is not None
    assert found.a.node is not None


def test_a_side_with_its_default_has_no_position(loaded: Load) -> None:
    """A default stands nowhere in the file; a setting is found at itself."""
    found = only(loaded(), loaded("run.seed=7"))
    assert found.a is not None
    assert found.b is not None
    assert (found.a.value, found.a.position, found.a.node) == (1, None, None)
    assert found.b.position is not None
    assert found.b.position.file == "--set run.seed=7"


def test_a_key_that_one_side_leaves_out_has_nothing_there(loaded: Load) -> None:
    """An optional key is added or removed, never compared with an invented value."""
    found = only(loaded(), loaded("network.stations.till.capacity=10"))
    assert (found.key, found.a, found.change) == ("network.stations.till.capacity", None, "added")
    assert only(loaded("network.stations.till.capacity=10"), loaded()).change == "removed"


def test_another_kind_of_distribution_is_one_row(loaded: Load) -> None:
    """Alternatives told apart by a key are compared as a whole where the keys are not the same."""
    assert rows(loaded(), loaded(f"{ROUTE}.0.demand.constant=2 s")) == [(f"{ROUTE}.0.demand", "changed")]


def test_a_number_against_a_schedule_is_one_row(loaded: Load) -> None:
    """Values of different shapes are compared as a whole."""
    many = loaded("network.stations.till.servers=[{at: 0 s, servers: 2}, {at: 8 h, servers: 1}]")
    assert rows(loaded(), many) == [("network.stations.till.servers", "changed")]


def test_a_new_station_is_one_row(loaded: Load) -> None:
    """Everything below a name that only one scenario has is one difference; names may contain dots."""
    found = only(
        loaded(), loaded("network.stations.desk={servers: 3, breakdowns: {up: {constant: 9 s}, down: {constant: 1 s}}}")
    )
    assert (found.key, found.change) == ("network.stations.desk", "added")
    assert rows(loaded(), loaded("network.stations.bakery.east.servers=2")) == [
        ("network.stations.bakery.east.servers", "changed")
    ]


def test_an_inserted_step_does_not_disturb_those_after_it(loaded: Load) -> None:
    """Steps are recognised by what they are about, so that one more in front is one row and a change behind it another."""
    longer = SHOP.replace("        - {visit: till", "        - {delay: {constant: 1 s}}\n        - {visit: till")
    found = differences(loaded(), loaded(text=longer.replace("mean: 1 s, cv", "mean: 3 s, cv")))
    assert [(one.key, one.change) for one in found] == [
        (f"{ROUTE}.0", "added"),
        (f"{ROUTE}.2.demand.gamma.mean", "changed"),
    ]
    moved = found[1]
    assert moved.b is not None
    assert moved.b.key == f"{ROUTE}.3.demand.gamma.mean"
    assert moved.within == "visit bakery.east"


def test_a_removed_entry_leaves_one_row(loaded: Load) -> None:
    """The entries behind a removed one are compared with themselves."""
    shorter = SHOP.replace("  - {flow: buyers, metric: sojourn.p99, below: 20 s}\n", "")
    assert rows(loaded(), loaded(text=shorter)) == [("slo.0", "removed")]


def test_service_levels_in_another_order_are_moved(loaded: Load) -> None:
    """An entry that changed places is said to have moved, not removed and added."""
    found = only(
        loaded(),
        loaded("slo=[{station: till, metric: utilisation, below: 80 %}, {flow: buyers, metric: sojourn.p99, below: 20 s}]"),
    )
    assert found.change == "moved"
    assert {found.a and found.a.key, found.b and found.b.key} == {"slo.0", "slo.1"}


def test_the_bound_of_a_service_level_does_not_tell_which_it_is(loaded: Load) -> None:
    """A level is about its subject and metric, so that another bound is a change of that bound, wherever it stands."""
    other = loaded("slo=[{station: till, metric: utilisation, below: 90 %}, {flow: buyers, metric: sojourn.p99, below: 9 s}]")
    assert sorted(rows(loaded(), other)) == [("slo.0.below", "changed"), ("slo.1.below", "changed")]


def test_entries_that_keep_something_are_paired(loaded: Load) -> None:
    """Another metric of the same station is a change of that level."""
    assert rows(loaded(), loaded("slo.1.metric=wait.mean", "slo.1.below=1 s")) == [
        ("slo.1.metric", "changed"),
        ("slo.1.below", "changed"),
    ]


def test_entries_that_have_nothing_in_common_are_not_paired(loaded: Load) -> None:
    """One that went and one that came are two rows."""
    replaced = SHOP.replace(
        "{flow: buyers, metric: sojourn.p99, below: 20 s}", "{station: bakery.east, metric: wait.mean, below: 1 s}"
    )
    assert rows(loaded(), loaded(text=replaced)) == [("slo.0", "removed"), ("slo.0", "added")]


def test_few_entries_of_a_list_of_numbers_are_named_one_by_one(loaded: Load) -> None:
    """One weight of five is one row with its number; when most differ, the list is."""
    weights = "network.places.town.weights"
    assert rows(loaded(), loaded(f"{weights}.3=2")) == [(f"{weights}.3", "changed")]
    found = only(loaded(), loaded(f"{weights}=[2, 3, 4, 5, 1]"))
    assert (found.key, found.within) == (weights, "4 of 5 entries differ")


def test_the_source_of_a_figure_counts() -> None:
    """The same number with another reason is a difference, one row for the figure."""
    a = shipped("fy2012.yaml")
    key = "juki_net.nation.hsm.per_operation"
    b = load(shipped_folder() / "fy2012.yaml", sets=[f"{key}.derived=from a data sheet"])
    found = only(a, b)
    assert found.key == key
    assert found.a is not None
    assert found.b is not None
    assert isinstance(found.a.value, Figure)
    assert (found.a.value.value, found.a.value.status) == (found.b.value.value, "assumed")
    assert (found.b.value.status, found.b.value.note) == ("derived", "from a data sheet")


def test_an_override_changes_what_it_names() -> None:
    """`march-load` of fy2012 multiplies the one volume of the whole nation and nothing else."""
    assert rows(shipped("fy2012.yaml"), shipped("fy2012.yaml", "march-load")) == [
        ("juki_net.volume", "changed"),
    ]
    assert rows(shipped("fy2012.yaml"), shipped("fy2012.yaml", "query-by-query")) == [
        ("juki_net.provisions.records_per_job", "changed")
    ]


def test_a_scenario_against_the_one_it_extends() -> None:
    """Every key that tiny writes shows, and no key that it inherits."""
    found = rows(shipped("tiny.yaml"), shipped("fy2012.yaml"))
    assert ("run.replications", "changed") in found
    assert ("run.series", "removed") in found
    assert ("juki_net.provisions.lot", "changed") in found
    assert not [key for key, _ in found if key.startswith(("juki_net.nation", "juki_net.municipality."))]


def test_names_come_last(loaded: Load) -> None:
    """Names and descriptions are differences in name only, behind all others."""
    found = differences(loaded(), loaded("title=another", "slo.0.below=1 s"))
    assert [(one.key, one.in_name_only) for one in found] == [("slo.0.below", False), ("title", True)]


def test_a_nation_against_a_generic_network_is_a_row_each(loaded: Load) -> None:
    """What only one scenario has is not spelled out."""
    found = rows(loaded(), shipped("tiny.yaml"))
    assert ("network", "removed") in found
    assert ("juki_net", "added") in found
    assert not [key for key, _ in found if key.startswith(("network.", "juki_net."))]


def test_files_of_one_name_with_other_contents_differ(loaded: Load, tmp_path: Path) -> None:
    """The same relative name in two folders is not the same file."""
    text = SHOP.replace("{poisson: 0.5 /s}", "{times: at.csv}")
    for folder, times in (("a", "1\n2\n"), ("b", "1\n3\n"), ("c", "1\n2\n")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "at.csv").write_text(f"time_s\n{times}", encoding="utf-8")
    a, b, c = (loaded(text=text, folder=folder) for folder in "abc")
    found = only(a, b)
    assert found.key == "network.flows.buyers.arrivals.times"
    assert found.a is not None
    assert found.b is not None
    assert found.a.value == found.b.value == "at.csv"
    assert found.a.digest != found.b.digest
    assert differences(a, c) == ()
