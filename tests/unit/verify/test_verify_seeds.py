"""Networks that count as independent have arrivals of their own; the same seed and names give the same ones again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from jukinet_sim.chance import distributions as dist
from jukinet_sim.engine.choose import make_engine
from jukinet_sim.engine.program import compile_program
from jukinet_sim.engine.protocol import conduct
from jukinet_sim.network.model import Flow, Network, Poisson, Station, Visit
from jukinet_sim.verify import randomness
from jukinet_sim.verify.catalogue import catalogue
from jukinet_sim.verify.replicas import Task
from jukinet_sim.verify.seeds import independent_seed

SEEDS = range(2013, 2017)


def test_names_make_seeds() -> None:
    """A seed is a function of the first seed and all names, as they are divided, and no two of many are equal."""
    assert independent_seed(1, "a", "b") == independent_seed(1, "a", "b")
    others = [(1, "b", "a"), (1, "ab"), (1, "a/1:b"), (2, "a", "b"), (1,), (1, "a", "b", "")]
    assert len({independent_seed(1, "a", "b"), *(independent_seed(*other) for other in others)}) == len(others) + 1
    many = {independent_seed(seed, str(i)) for seed in range(30) for i in range(1000)}
    assert len(many) == 30_000
    assert max(many) < 2**48


def test_every_point_has_a_seed_of_its_own() -> None:
    """No two points run under one seed, whatever the battery's, nor does the re-test seed repeat one."""
    tasks = [Task(point, 0, 8, 1.0, 1.0) for point in catalogue().values()]
    seeds = [task.run_seed(seed) for task in tasks for seed in SEEDS]
    assert len(set(seeds)) == len(tasks) * len(SEEDS)
    assert {batch.seed for batch in tasks[0].batches("fast", 2013)} == {tasks[0].run_seed(2013)}


def arrivals(network: Network, seed: int) -> list[float]:
    """Give the instants at which the jobs of one replication come."""
    program = compile_program(network)
    rows = conduct(make_engine("reference", program, seed, 0, keep_rows=True), program, 0).visit_rows
    assert rows is not None
    return sorted(rows[1][:, 0].tolist())


def test_one_seed_gives_networks_the_same_arrivals_and_two_names_do_not() -> None:
    """A flow of one name arrives alike in two networks under one seed, which is why independent ones are given two."""
    flow = Flow("f", (Visit("s", dist.constant(0.01)),), Poisson(1.0))
    slow = replace(flow, route=(Visit("s", dist.constant(0.02)),))
    one, other = (Network("n", 50.0, (Station("s", 1),), (each,)) for each in (flow, slow))
    assert arrivals(one, 1)[:40] == arrivals(other, 1)[:40]
    apart = arrivals(one, independent_seed(1, "one")), arrivals(other, independent_seed(1, "other"))
    assert not set(apart[0]) & set(apart[1])


def test_laws_are_held_against_numbers_of_their_own() -> None:
    """No two goodness-of-fit tests look at the same draws, nor do two coordinates at the same streams."""
    first, second = randomness._uniforms("exponential", 1000), randomness._uniforms("uniform", 1000)
    assert abs(float(np.corrcoef(first, second)[0, 1])) < 0.2
    assert len(set(first.tolist()) | set(second.tolist())) == 2000
    starts = [randomness._stream(coordinate, 0)[0] for coordinate in randomness.COORDINATES]
    assert len(set(starts)) == len(starts)
