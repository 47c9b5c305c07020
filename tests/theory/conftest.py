"""Both engines, each with a size of run that it finishes in seconds."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import cast

import pytest

from jukinet_sim.engine.choose import EngineName, make_engine
from jukinet_sim.engine.program import compile_program
from jukinet_sim.engine.protocol import Replication, conduct
from jukinet_sim.network.model import Network
from jukinet_sim.verify.seeds import independent_seed

SEED = 20130315
REPLICATIONS: dict[EngineName, int] = {"fast": 20, "reference": 10}
JOBS: dict[EngineName, int] = {"fast": 60_000, "reference": 800}
ERROR: dict[EngineName, float] = {"fast": 0.02, "reference": 0.25}


@pytest.fixture(params=["fast", "reference"])
def engine(request: pytest.FixtureRequest) -> EngineName:
    """The engine under test."""
    return cast("EngineName", request.param)


@pytest.fixture
def jobs(engine: EngineName) -> int:
    """How many jobs a replication should observe."""
    return JOBS[engine]


@pytest.fixture
def largest_error(engine: EngineName) -> float:
    """The relative standard error above which a run is too short to test anything."""
    return ERROR[engine]


@pytest.fixture
def simulate(engine: EngineName, request: pytest.FixtureRequest) -> Callable[[Network], list[Replication]]:
    """Independent replications of a network, under a seed for each test and network that is fixed before the first run."""
    networks = itertools.count()

    def replicate(network: Network) -> list[Replication]:
        program = compile_program(network)
        seed = independent_seed(SEED, request.node.name, str(next(networks)))
        return [conduct(make_engine(engine, program, seed, k), program, k) for k in range(REPLICATIONS[engine])]

    return replicate
