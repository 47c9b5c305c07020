"""Runs of one network on either engine, and the demand that both take one sample path."""

from __future__ import annotations

from jukinet_sim.engine.fast.engine import FastEngine
from jukinet_sim.engine.program import Program, compile_program
from jukinet_sim.engine.protocol import Replication, conduct
from jukinet_sim.engine.reference.engine import ReferenceEngine
from jukinet_sim.network.model import Network
from jukinet_sim.verify.twins import compare


def run_fast(network: Network | Program, seed: int = 1, replication: int = 0, full: bool = False) -> Replication:
    """One replication on the fast engine, visit rows kept; `full` keeps it from leaving unused features out."""
    program = compile_program(network) if isinstance(network, Network) else network
    engine = FastEngine(program, seed, replication, keep_rows=True, full=full)
    return conduct(engine, program, replication)


def run_reference(network: Network | Program, seed: int = 1, replication: int = 0) -> Replication:
    """One replication on the reference engine, visit rows kept."""
    program = compile_program(network) if isinstance(network, Network) else network
    return conduct(ReferenceEngine(program, seed, replication, keep_rows=True), program, replication)


def assert_twins(network: Network, seed: int = 1, replication: int = 0) -> Replication:
    """Run a network on both engines, on the fast one with and without its full vocabulary, and demand equal bits.

    The exact laws must hold too, unless a limit stopped the run. Returns the fast engine's replication.
    """
    fast, found = compare(network, seed, replication)
    assert not found, (found, network)
    return fast
