"""What a description says is refused unless theory has been told of it: every field of every kind, and fields unheard of."""

from __future__ import annotations

import dataclasses
import inspect
from typing import Any, get_args

import numpy as np
import pytest

from jukinet_sim.chance.distributions import Distribution, constant, geometric
from jukinet_sim.network import model as M
from jukinet_sim.network.focus import Focus
from jukinet_sim.network.model import Flow, Network, Station
from jukinet_sim.theory.known import KNOWN, kind_of, unknown
from jukinet_sim.theory.match import qualifying
from tests.theory.test_form_guards import FAMILIES, SECOND, families

_ROOM = "jukinet_sim.network."
KINDS = [each for _, each in inspect.getmembers(M, dataclasses.is_dataclass) if each.__module__.startswith(_ROOM)]
ONES = np.ones(1)
OTHERWISE: dict[tuple[type, str], Any] = {
    (Network, "name"): "other",
    (Network, "pools"): (M.Pool("more", 2, None, 1.0),),
    (Network, "levels"): (M.PlaceLevel("town", 1, ONES), M.PlaceLevel("more", 1, ONES)),
    (Network, "states"): (M.State("s"), M.State("more", 1)),
    (Network, "watches"): (M.Watch("w", 1.0, 2.0, "station", "a"),),
    (Network, "hours"): (M.Hours("h", ONES, ONES + 1.0),),
    (Network, "focuses"): (Focus("station a utilisation", "station", ("a",), "utilisation"),),
    (Network, "busiest_hours"): False,
    (Network, "warm_up_s"): 5.0,
    (Network, "warm_up_auto"): True,
    (Network, "drain"): True,
    (Network, "series_bin_s"): 10.0,
    (Network, "event_budget"): 1000,
    (Network, "same_instant_budget"): 100,
    (Network, "job_budget"): 50,
    (Network, "notes"): ("a word",),
    (Station, "name"): "renamed",
    (Station, "per"): "town",
    (Station, "outages"): (M.Outage(10.0, 5.0),),
    (Station, "schedule"): M.Schedule((0.0,), (2,)),
    (Station, "speed"): (M.SpeedFrom(10.0, 0.9),),
    (Station, "target_wait_s"): 20.0,
    (Flow, "name"): "renamed",
    (Flow, "records"): 7,
    (Flow, "last_job_records"): 3,
    (Flow, "origin"): "town",
    (Flow, "destination"): "town",
    (Flow, "share"): ONES,
    (Flow, "due_s"): 1.0,
    (Flow, "timeout"): constant(9.0),
    (Flow, "zombie"): True,
    (M.Visit, "at"): "destination",
    (M.Visit, "per_record_s"): 0.1,
    (M.Visit, "parts"): (M.Part(constant(0.1)),),
    (M.Visit, "on_refused"): M.EXIT,
    (M.Visit, "on_abandon"): M.EXIT,
    (M.Visit, "balk"): ((3, 0.5),),
    (M.Visit, "hold"): True,
    (M.Breakdowns, "per"): "station",
}
"""Another value for every field of what a form is about, but for those that forms read."""
ABOUT = (Network, Station, Flow, M.Visit, M.Breakdowns)
"""Kinds whose fields each stand for something of their own; of all others the presence is what counts."""
IGNORED = [(kind, name) for kind in ABOUT for name in sorted(KNOWN[kind].ignores)]
BARRED = [(kind, name) for kind in ABOUT for name in sorted(KNOWN[kind].bars)]


def changed(part: Any, kind: type, change: Any) -> Any:
    """Rebuild a description with every part of this kind in it changed."""
    if isinstance(part, tuple):
        return tuple(changed(each, kind, change) for each in part)
    if not dataclasses.is_dataclass(part) or isinstance(part, type):
        return part
    inside = {field.name: changed(getattr(part, field.name), kind, change) for field in dataclasses.fields(part)}
    rebuilt = dataclasses.replace(part, **inside)
    return change(rebuilt) if type(part) is kind else rebuilt


def saying(network: Network, kind: type, **words: Any) -> Network:
    """Say something else in every part of this kind, flows that never begin left alone."""

    def change(part: Any) -> Any:
        idle = isinstance(part, Flow) and part.arrivals is None
        name = {"name": f"{part.name} renamed"} if kind is Flow and "name" in words else {}
        return part if idle else dataclasses.replace(part, **{**words, **name})

    if kind is Station and "name" in words:
        network = changed(network, M.Visit, lambda visit: dataclasses.replace(visit, station=words["name"]))
    result: Network = changed(network, kind, change)
    return result


def figures(network: Network) -> list[tuple[str, str, float]]:
    """Give all predictions, whatever flows are called."""
    return [(p.family, p.metric, p.value) for p in qualifying(network)]


def far_away() -> tuple[tuple[Station, ...], tuple[Flow, ...]]:
    """Build stations and flows that hold all kinds of descriptions, with no link to any other station."""
    breakdowns = M.Breakdowns(constant(90.0), constant(1.0))
    schedule = M.Schedule((0.0,), (9,))
    far = Station("far", 9, None, (M.Outage(1.0, 1.0),), "fifo", 50, schedule, breakdowns, (M.SpeedFrom(0.0, 2.0),))
    steps = (
        M.Visit("far", constant(0.1), parts=(M.Part(constant(0.1)),)),
        M.Delay(SECOND), M.Gate(ONES, 2.0 * ONES), M.Acquire("p"), M.Release("p"), M.Branch(((None, 1.0),)),
        M.Loop((M.Delay(SECOND),), times=2), M.Spawn("idle"), M.Switch("s", ((1, None),)), M.Assign("s", 1),
        M.Choose((("far", None),), "round_robin"),
    )  # fmt: skip
    arrivals = (
        M.Poisson(0.01), M.BatchPoisson(0.01, geometric(2.0)), M.Renewal(constant(99.0)), M.Piecewise(0.0 * ONES, 0.01 * ONES),
        M.ExactCount(1, 0.0 * ONES, ONES, 9.0), M.Scheduled(ONES, (1,)), M.Sinusoid(0.01, 0.0, 9.0),
        M.Modulated((0.01,), ((0.0,),)), M.Closed(1, constant(99.0)),
    )  # fmt: skip
    flows = tuple(Flow(f"far {i}", steps, each, retry=M.Retry(2, SECOND)) for i, each in enumerate(arrivals))
    return (far,), flows


def with_everything(network: Network) -> Network:
    """Add every kind of description far away from what qualifies."""
    stations, flows = far_away()
    watches = (M.Watch("w", 1.0, 2.0, "station", "a"),)
    hours = (M.Hours("h", ONES, ONES + 1.0),)
    focuses = OTHERWISE[Network, "focuses"]
    levels = (*network.levels, M.PlaceLevel("more", 2, 2.0 * np.ones(2), changes=(M.PlaceFrom(9.0, 0, 1),)))
    return dataclasses.replace(
        network, stations=(*network.stations, *stations), flows=(*network.flows, *flows), watches=watches, hours=hours,
        focuses=focuses, levels=levels,
    )  # fmt: skip


def novel(kind: type, value: int) -> Any:
    """Give a change that makes a description one of a kind with a further field, of default 0, at this value."""
    field = ("novel", int, dataclasses.field(default=0, kw_only=True))
    further = dataclasses.make_dataclass(f"Novel{kind.__name__}", [field], bases=(kind,), frozen=True, eq=False)

    def change(part: Any) -> Any:
        return further(**{f.name: getattr(part, f.name) for f in dataclasses.fields(kind)}, novel=value)

    return change


def test_every_field_is_known() -> None:
    """Each kind of description has its list, which names the fields that it has and no other."""
    assert {*KINDS, Distribution} == set(KNOWN)
    for kind, known in KNOWN.items():
        assert known.fields == {field.name for field in dataclasses.fields(kind)}
        assert len(known.fields) == len(known.reads) + len(known.ignores) + len(known.bars)


def test_this_file_changes_every_field() -> None:
    """Whatever no form reads is changed below."""
    assert set(OTHERWISE) == {*IGNORED, *BARRED}


@pytest.mark.parametrize("family", FAMILIES)
def test_what_is_ignored_changes_no_figure(family: str) -> None:
    """A field that forms are told to ignore leaves every prediction as it is."""
    network = FAMILIES[family]
    before = figures(network)
    for kind, name in IGNORED:
        assert figures(saying(network, kind, **{name: OTHERWISE[kind, name]})) == before, (kind, name)


@pytest.mark.parametrize("family", FAMILIES)
def test_what_bars_leaves_nothing(family: str) -> None:
    """A field that bars leaves no prediction, rules of thumb included."""
    for kind, name in BARRED:
        assert families(saying(FAMILIES[family], kind, **{name: OTHERWISE[kind, name]})) == set(), (kind, name)


@pytest.mark.parametrize("family", FAMILIES)
def test_no_other_step_may_come_first(family: str) -> None:
    """Steps of a kind that no form is about leave nothing where they stand before the visit."""
    kinds = set(get_args(M.Step)) - {M.Visit, M.Delay, M.Branch}
    steps = {type(step): step for step in far_away()[1][0].route if type(step) in kinds}
    assert set(steps) == kinds
    for step in steps.values():

        def change(flow: Flow, step: M.Step = step) -> Flow:
            return flow if flow.arrivals is None else dataclasses.replace(flow, route=(step, *flow.route))

        assert families(changed(FAMILIES[family], Flow, change)) == set(), step


@pytest.mark.parametrize("arrivals", [flow.arrivals for flow in far_away()[1]], ids=lambda a: type(a).__name__)
def test_arrivals_that_are_read_are_those_with_a_form(arrivals: M.Arrivals) -> None:
    """A flow of one visit has predictions exactly where something of its arrivals is read."""
    network = dataclasses.replace(FAMILIES["M/M/1"], flows=(Flow("f", (M.Visit("a", SECOND),), arrivals),))
    assert bool(qualifying(network)) is bool(KNOWN[type(arrivals)].reads)


@pytest.mark.parametrize("family", FAMILIES)
def test_what_is_known_elsewhere_disturbs_nothing(family: str) -> None:
    """Every kind of description at stations and flows without a link leaves the predictions of the others."""
    network = FAMILIES[family]
    there = [(p.family, p.metric, p.value) for p in qualifying(with_everything(network)) if not p.name.startswith("far")]
    assert there == figures(network)
    assert not unknown(with_everything(network))


@pytest.mark.parametrize("kind", KNOWN, ids=lambda kind: kind.__name__)
def test_a_new_field_is_refused_everywhere(kind: type) -> None:
    """A field that a kind of description gains changes nothing at its default, and at another value leaves no prediction."""
    network = with_everything(FAMILIES["M/M/1"])
    silent, speaking = (changed(network, kind, novel(kind, value)) for value in (0, 1))
    assert figures(silent) == figures(network) != []
    assert unknown(speaking) == {f"{kind.__name__}.novel"}
    assert qualifying(speaking) == ()


@pytest.mark.parametrize("family", FAMILIES)
def test_a_new_field_is_refused_by_every_family(family: str) -> None:
    """No family of forms, approximate ones included, overlooks a new field of what it is about."""
    before = figures(FAMILIES[family])
    for kind in (Network, Station, Flow, M.Visit, Distribution):
        assert figures(changed(FAMILIES[family], kind, novel(kind, 0))) == before, kind
        assert qualifying(changed(FAMILIES[family], kind, novel(kind, 1))) == (), kind


def test_an_unknown_kind_of_description_is_refused() -> None:
    """A step of a kind that theory has never heard of leaves nothing, wherever it stands."""

    @dataclasses.dataclass(frozen=True)
    class Novel:
        label: str | None = None

    def change(flow: Flow) -> Flow:
        return dataclasses.replace(flow, route=(*flow.route, Novel()))  # type: ignore[arg-type]  # no step of ours

    assert kind_of(Novel()) is None
    assert qualifying(changed(FAMILIES["M/M/1"], Flow, change)) == ()
