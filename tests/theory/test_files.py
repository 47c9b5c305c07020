"""Time that a file of records takes alone: what the engine shows when nobody is in its way, and how much it may grow."""

from __future__ import annotations

import dataclasses

import pytest

from jukinet_sim.chance.distributions import constant
from jukinet_sim.engine.choose import make_engine
from jukinet_sim.engine.program import compile_program
from jukinet_sim.engine.protocol import conduct
from jukinet_sim.network import model as M
from jukinet_sim.scenario.compile import compile_network
from jukinet_sim.scenario.load import load
from jukinet_sim.scenario.shipped import shipped_folder
from jukinet_sim.theory.files import file_times


def network(due_s: float | None = 43.0, *more: M.Step) -> M.Network:
    """Files of 2,500 and 400 records, worked in lots of 1,000, each lot followed by a delay."""
    body = (M.Visit("server", constant(0.5), per_record_s=0.001), M.Delay(constant(0.1)))
    route = (M.Loop(body, per_records=1000), M.Loop((M.Delay(constant(0.2)),), times=3), *more)
    files = M.Scheduled(M.frozen_floats([0.0, 50.0]), (400, 2500))
    return M.Network("files", 100.0, (M.Station("server", 2),), (M.Flow("file", route, files, due_s=due_s),))


def test_the_largest_file_alone() -> None:
    """Two whole lots, one of 500, and three delays: 2 x (0.5 + 1 + 0.1) + (0.5 + 0.5 + 0.1) + 0.6 s, as the engine has it."""
    (file,) = file_times(network())
    assert (file.flow, file.records, file.at_s) == ("file", 2500, 50.0)
    assert file.alone_s == pytest.approx(2 * 1.6 + 1.1 + 0.6)
    assert file.growth == pytest.approx(43.0 / 4.9)
    program = compile_program(network())
    run = conduct(make_engine("fast", program, 1, 0), program, 0)
    assert run.flow_sums["sojourn_max"][0] == pytest.approx(file.alone_s)


def test_ways_that_take_as_long_are_one() -> None:
    """Chance and states that only decide what happens beside the way, or between two ways of 1 s, leave one time."""
    beside = (M.Branch((("watched", 0.001), ("on", 0.999))), M.Switch("who", ((1, "on"),), label="watched"), M.Spawn("alert"))
    either = (
        M.Branch((("long", 0.5), ("halves", 0.5)), "on"),
        M.Delay(constant(0.5), "halves"), M.Delay(constant(0.5)), M.Branch((("end", 1.0),)),
        M.Delay(constant(1.0), "long"), M.Delay(constant(0.25), "end"),
    )  # fmt: skip
    (plain,), (file,) = file_times(network()), file_times(network(43.0, *beside, *either))
    assert file.alone_s == pytest.approx(plain.alone_s + 1.25)


@pytest.mark.parametrize("name", ["peak-day", "fy2012"])
def test_watched_files_of_the_nation_take_as_long_as_unwatched_ones(name: str) -> None:
    """Monitoring taps every message, which keeps none of them: the nation's files are told with it and without."""
    file, off = shipped_folder() / f"{name}.yaml", ("juki_net.monitoring=null", "juki_net.attacks=null")
    watched, unwatched = (file_times(compile_network(load(file, sets=sets))) for sets in ((), off))
    assert len(watched) > 5
    assert [(one.flow, one.alone_s) for one in watched] == [(one.flow, pytest.approx(one.alone_s)) for one in unwatched]


def test_what_has_no_one_time_is_left_out() -> None:
    """Without a due time, where chance or the calendar decides, or of jobs that only set others off, nothing is said."""
    assert file_times(network(None)) == ()
    leaves = M.Branch(((None, 0.5), ("on", 0.5)))
    assert file_times(network(43.0, leaves, M.Delay(constant(1.0), "on"))) == ()
    assert file_times(network(43.0, M.Delay(constant(1.0), "again"), M.Branch((("again", 0.5), (None, 0.5))))) == ()
    in_a_loop = M.Loop((M.Branch((("on", 0.5), (None, 0.5))), M.Delay(constant(0.0), "on")), times=2)
    assert file_times(network(43.0, in_a_loop)) == ()
    gate = M.Gate(M.frozen_floats([0.0]), M.frozen_floats([100.0]))
    assert file_times(network(43.0, gate)) == ()
    flow = network().flows[0]
    starts = dataclasses.replace(network(), flows=(dataclasses.replace(flow, route=(M.Spawn("file"),)),))
    assert file_times(starts) == ()
