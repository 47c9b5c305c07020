"""Time that a file of records takes alone: what the engine shows when nobody is in its way, and how much it may grow."""

from __future__ import annotations

import dataclasses

import pytest

from jukinet_sim.chance.distributions import constant
from jukinet_sim.engine.choose import make_engine
from jukinet_sim.engine.program import compile_program
from jukinet_sim.engine.protocol import conduct
from jukinet_sim.network import model as M
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


def test_what_has_no_one_time_is_left_out() -> None:
    """Without a due time, where chance or the calendar decides, or of jobs that only set others off, nothing is said."""
    assert file_times(network(None)) == ()
    gate = M.Gate(M.frozen_floats([0.0]), M.frozen_floats([100.0]))
    assert file_times(network(43.0, gate)) == ()
    flow = network().flows[0]
    starts = dataclasses.replace(network(), flows=(dataclasses.replace(flow, route=(M.Spawn("file"),)),))
    assert file_times(starts) == ()
