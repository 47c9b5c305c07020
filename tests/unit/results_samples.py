"""What the tests of results share: hand-made replications with round numbers, and a small queue to run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from jukinet_sim.chance import distributions
from jukinet_sim.engine import layout as L
from jukinet_sim.engine.observe import bin_edges
from jukinet_sim.engine.program import Program, compile_program
from jukinet_sim.engine.protocol import Replication
from jukinet_sim.network.model import (
    Acquire,
    Flow,
    Network,
    PlaceLevel,
    Poisson,
    Pool,
    Release,
    Station,
    Visit,
    frozen_floats,
)  # fmt: skip
from jukinet_sim.results.digest import ReplicationDigest
from jukinet_sim.results.store import Store
from jukinet_sim.results.summary import digest


def network() -> Network:
    """A station in each of two towns, one server in a hall, a pool of tokens, one flow over all of them."""
    demand = distributions.exponential(1.0)
    route = (Acquire("tokens"), Visit("town", demand), Visit("hall", demand), Release("tokens"))
    return Network(
        name="sample",
        horizon_s=110.0,
        warm_up_s=10.0,
        levels=(PlaceLevel("towns", 2, frozen_floats([1.0, 1.0])),),
        stations=(Station("town", (1, 3), per="towns"), Station("hall", 1)),
        pools=(Pool("tokens", 5),),
        flows=(Flow("query", route, Poisson(0.5), origin="towns", due_s=3.0),),
    )


def program() -> Program:
    """The network as an engine sees it."""
    return compile_program(network())


def histogram(*counted: tuple[float, int]) -> np.ndarray:
    """One row of a histogram with so many observations in the bins of these values."""
    row = np.zeros((1, L.HISTOGRAM_BINS), dtype=np.int64)
    for value, count in counted:
        row[0, int(np.searchsorted(bin_edges(), value, side="right")) - 1] += count
    return row


def replication(number: int = 0) -> Replication:
    """100 seconds of observation: 40 queries arrived, 50 completed; the towns' two stations differ in everything."""
    return Replication(
        replication=number,
        engine="fast",
        complete=True,
        limit=None,
        window_s=(10.0, 110.0),
        events=300 + number,
        fingerprint=f"{number:016x}",
        flow_counts={
            key: np.array([value])
            for key, value in {
                "arrived": 40, "completed": 50, "lost": 0, "abandoned": 0, "retried": 0, "records": 150,
                "in_system": 5, "in_system_at_start": 15, "late": 14, "late_inside": 2, "late_records": 42,
            }.items()
        },
        flow_sums={
            key: np.array([value])
            for key, value in {
                "in_system_area": 800.0, "sojourn": 200.0, "wait": 100.0, "clipped": 0.0,
                "sojourn_min": 4.0, "sojourn_max": 4.0, "wait_min": 0.0, "wait_max": 5.0,
                "wait_gone": 0.0, "wait_gone_max": 0.0,
            }.items()
        },
        sojourn_histogram=histogram((4.0, 50)),
        flow_wait_histogram=histogram((0.0, 30), (5.0, 20)),
        flow_gone_histogram=histogram(),
        station_counts={
            "arrived": np.array([10, 30, 50]),
            "started": np.array([10, 30, 50]),
            "completed": np.array([10, 30, 40]),
            "waited": np.array([0, 10, 10]),
            "refused": np.array([0, 0, 0]),
            "abandoned": np.array([0, 0, 0]),
        },
        station_sums={
            "busy_area": np.array([50.0, 150.0, 70.0]),
            "queue_area": np.array([0.0, 60.0, 40.0]),
            "down_area": np.array([0.0, 20.0, 0.0]),
            "kept_area": np.array([0.0, 0.0, 0.0]),
            "server_area": np.array([100.0, 300.0, 100.0]),
            "wait": np.array([0.0, 60.0, 40.0]),
            "wait_max": np.array([0.0, 6.0, 4.0]),
            "wait_gone": np.array([0.0, 0.0, 0.0]),
            "wait_gone_max": np.array([0.0, 0.0, 0.0]),
        },
        station_queues={
            "peak": np.array([0.0, 9.0, 2.0]),
            "at_end": np.array([0.0, 4.0, 1.0]),
            "longest": np.array([0.0, 25.0, 5.0]),
            "longest_from": np.array([0.0, 40.0, 20.0]),
        },
        station_wait_histogram=np.concatenate([histogram((6.0, 10)), histogram((4.0, 10))]),
        station_gone_histogram=np.concatenate([histogram(), histogram()]),
        pool_counts={"taken": np.array([50])},
        pool_sums={
            "in_use_area": np.array([200.0]),
            "queue_area": np.array([25.0]),
            "wait": np.array([25.0]),
            "wait_max": np.array([2.5]),
        },
        pool_queues={
            "peak": np.array([3.0]),
            "at_end": np.array([0.0]),
            "longest": np.array([12.5]),
            "longest_from": np.array([70.0]),
        },
        pool_wait_histogram=histogram((2.5, 10)),
        series=None,
        visit_rows=None,
        identities={"flow balance": 0.0, "Little's law": number * 1e-12},
    )  # fmt: skip


def impatient() -> Replication:
    """The hand-made replication with 10 more jobs lost and 15 abandoned, and what the towns' stations saw of them.

    Of the 25 jobs, 5 had not waited and 20 had waited 8 s. The second town's station refused 20 visits, and 10 gave up
    waiting there after 8 s.
    """
    whole = replication()
    counts, sums = whole.station_counts, whole.station_sums
    return replace(
        whole,
        flow_counts={
            **whole.flow_counts, "arrived": np.array([65]), "lost": np.array([10]), "abandoned": np.array([15]),
            "retried": np.array([7]),
        },
        flow_sums={**whole.flow_sums, "wait_gone": np.array([160.0]), "wait_gone_max": np.array([8.0])},
        flow_gone_histogram=histogram((0.0, 5), (8.0, 20)),
        station_counts={
            **counts, "arrived": counts["arrived"] + [0, 30, 0], "refused": np.array([0, 20, 0]),
            "abandoned": np.array([0, 10, 0]),
        },
        station_sums={**sums, "wait_gone": np.array([0.0, 80.0, 0.0]), "wait_gone_max": np.array([0.0, 8.0, 0.0])},
        station_gone_histogram=np.concatenate([histogram((8.0, 10)), histogram()]),
    )  # fmt: skip


def sample(number: int = 0, **changes: object) -> ReplicationDigest:
    """The digest of the hand-made replication, with fields of it replaced."""
    return replace(digest(replication(number), program()), **changes)  # type: ignore[arg-type]  # any field, by name


def queue(horizon_s: float = 2000.0, **changes: Any) -> Network:
    """One exponential server, four fifths busy, observed from 100 s on."""
    network = Network(
        name="queue",
        horizon_s=horizon_s,
        warm_up_s=100.0,
        series_bin_s=500.0,
        stations=(Station("desk", 1),),
        flows=(Flow("visitor", (Visit("desk", distributions.exponential(1.0)),), Poisson(0.8)),),
    )
    return replace(network, **changes)


def store_in(out: Path, **options: Any) -> Store:
    """The store of one made-up run."""
    return Store(out, "queue", "0123456789abcdef", **options)
