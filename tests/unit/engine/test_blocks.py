"""What is drawn ahead in blocks is to the bit what is drawn for one job at a time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from jukinet_sim.chance.draws import job_key
from jukinet_sim.chance.keys import replication_key
from jukinet_sim.engine import flow_table as F
from jukinet_sim.engine import layout as L
from jukinet_sim.engine import streams as T
from jukinet_sim.engine.arrival_times import STATE_FLOATS, STATE_INTS
from jukinet_sim.engine.program import Program, compile_program
from jukinet_sim.engine.whereabouts import draw_places
from jukinet_sim.network.model import Flow, Modulated, Network
from tests.golden.golden import SCENARIOS, compiled

BLOCKS = 3
RATES = {"silent": (0.0, 0.0), "heard": (0.0, 1.0)}


class Blocks:
    """The arrivals of all flows of a program, block by block."""

    def __init__(self, program: Program, key: int) -> None:
        self.program, self.key = program, key
        flows = len(program.network.flows)
        self.state_i, self.state_f = np.zeros((flows, STATE_INTS), dtype=np.int64), np.zeros((flows, STATE_FLOATS))
        self.times, self.records = np.zeros((flows, L.BLOCK)), np.zeros((flows, L.BLOCK), dtype=np.int64)
        self.places = np.zeros((flows, L.BLOCK, 5), dtype=np.int64)
        self.rows, self.scratch = np.zeros((flows, L.BLOCK, max(1, program.draw_words))), np.zeros((3, L.BLOCK))

    def fill(self, flow: int) -> None:
        """Draw the next block of a flow."""
        p = self.program
        T.fill_block(
            flow, self.key, p.flow_i, p.flow_f, p.plan, p.samplers, p.samplers_tail, p.tail_f, p.tail_i, p.cumulative, p.guide,
            p.parents, self.state_i, self.state_f, self.times, self.places, self.records, self.rows, self.scratch,
        )  # fmt: skip


def arriving(program: Program) -> list[int]:
    """Give the flows whose jobs arrive by themselves."""
    kinds = program.flow_i[: len(program.network.flows), F.A_KIND]
    return [flow for flow, kind in enumerate(kinds) if kind not in (F.NONE, F.CLOSED)]


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_blocks_equal_scalar_draws(path: Path) -> None:
    """Values, pairs and places of every job in a block are those that its key gives alone, in one go or step by step."""
    network, seed = compiled(path)
    program, key = compile_program(network), replication_key(seed, 1)
    blocks, samplers = Blocks(program, key), (program.samplers, program.samplers_tail)
    for flow in arriving(program):
        info = program.flow_i[flow]
        before = -np.inf
        for number in range(BLOCKS * L.BLOCK):
            i = number % L.BLOCK
            if i == 0:
                blocks.fill(flow)
                assert np.all(np.diff(np.append(before, blocks.times[flow])[np.isfinite([0.0, *blocks.times[flow]])]) >= 0.0)
                before = blocks.times[flow, -1]
            job = int(job_key(int(info[F.A_HASH]), number))
            record = np.zeros(program.job_words)
            halves = record.view(np.int32)
            draw_places(key, job, info, program.cumulative, program.guide, program.parents, halves, 0, blocks.times[flow, i])
            # Places that are given are not drawn.
            drawn_places = halves[L.J_PLACE_32 : L.J_PLACE_32 + 5].tolist() == blocks.places[flow, i].tolist()
            assert drawn_places or (info[F.A_GIVEN] >= 0 and number < info[F.A_COUNT])
            T.draw_job(key, job, 0, info, program.plan, *samplers, record, 0)
            drawn = int(info[F.A_DRAWN])
            block_row = blocks.rows[flow, i, :drawn].tobytes()
            assert record[L.JOB_HEADER : L.JOB_HEADER + drawn].tobytes() == block_row
            for step, sampler, column, pair, occurrence in program.plan[info[F.A_PLAN] :][: info[F.A_PLAN_LENGTH]].tolist():
                value, other = T.draw_one(key, job, step, occurrence, 0, sampler, *samplers)
                assert record[column] == value
                assert pair < 0 or record[pair] == other


def test_blocks_do_not_disturb_each_other() -> None:
    """A flow's jobs are the same whether other flows' blocks are made between its own or not."""
    program = compile_program(compiled(next(path for path in SCENARIOS if path.stem == "places"))[0])
    alone, together = Blocks(program, 7), Blocks(program, 7)
    for _ in range(2):
        alone.fill(0)
        for flow in reversed(range(len(program.network.flows))):
            together.fill(flow)
    assert alone.rows[0].tobytes() == together.rows[0].tobytes()
    assert alone.times[0].tobytes() == together.times[0].tobytes()


def test_a_chain_without_a_rate_is_never_asked() -> None:
    """A modulated flow whose rates are all 0 is laid out as one without arrivals, so that its chain need not be followed."""
    flows = tuple(Flow(name, (), Modulated(rates, ((0.0, 0.5), (0.25, 0.0)))) for name, rates in RATES.items())
    assert arriving(compile_program(Network("chains", 10.0, (), flows))) == [1]
