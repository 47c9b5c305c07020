"""Two engines on one network, and every figure in which their replications differ."""

from __future__ import annotations

import re
from dataclasses import fields
from typing import Any

import numpy as np

from jukinet_sim.engine.fast.engine import FastEngine
from jukinet_sim.engine.program import Program, compile_program
from jukinet_sim.engine.protocol import IDENTITY_TOLERANCE, Replication, conduct
from jukinet_sim.engine.reference.engine import ReferenceEngine
from jukinet_sim.network.model import Network

_OF_THE_ENGINE = {"engine", "limit"}
"""Fields that may differ: the name, and at which step a limit was noticed."""


def run_fast(network: Network | Program, seed: int = 1, replication: int = 0, full: bool = False) -> Replication:
    """One replication on the fast engine, visit rows kept; `full` keeps it from leaving unused features out."""
    program = compile_program(network) if isinstance(network, Network) else network
    engine = FastEngine(program, seed, replication, keep_rows=True, full=full)
    return conduct(engine, program, replication)


def run_reference(network: Network | Program, seed: int = 1, replication: int = 0) -> Replication:
    """One replication on the reference engine, visit rows kept."""
    program = compile_program(network) if isinstance(network, Network) else network
    return conduct(ReferenceEngine(program, seed, replication, keep_rows=True), program, replication)


def kind_of_limit(run: Replication) -> str:
    """What stopped a run, without the step at which its engine noticed; empty where nothing did."""
    return re.sub(r"; most frequent step: [^;]+| at \S+: .+$", "", run.limit or "")


def differences(a: Replication, b: Replication) -> list[str]:
    """Name every part of two replications that is not equal to the last bit; of limits the kind must be."""
    found: list[str] = []
    _compare("limit", kind_of_limit(a), kind_of_limit(b), found)
    for field in fields(Replication):
        if field.name not in _OF_THE_ENGINE:
            _compare(field.name, getattr(a, field.name), getattr(b, field.name), found)
    return found


def _compare(name: str, a: Any, b: Any, found: list[str]) -> None:
    if hasattr(a, "arrays") and hasattr(b, "arrays"):
        a, b = a.arrays(), b.arrays()
    if isinstance(a, dict) and isinstance(b, dict):
        if a.keys() != b.keys():
            found.append(f"{name}: {sorted(a)} and {sorted(b)}")
        for key in a.keys() & b.keys():
            _compare(f"{name}.{key}", a[key], b[key], found)
    elif isinstance(a, tuple) and isinstance(b, tuple) and len(a) == len(b):
        for i, (part_a, part_b) in enumerate(zip(a, b, strict=True)):
            _compare(f"{name}[{i}]", part_a, part_b, found)
    elif isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        if a.shape != b.shape or a.dtype != b.dtype:
            found.append(f"{name}: {a.dtype}{a.shape} and {b.dtype}{b.shape}")
        elif a.tobytes() != b.tobytes():
            at = int(np.nonzero((a != b).ravel() | (np.signbit(a) != np.signbit(b)).ravel())[0][0])
            found.append(f"{name}: at {at} {a.ravel()[at]!r} and {b.ravel()[at]!r}")
    elif a != b:
        found.append(f"{name}: {a!r} and {b!r}")


def assert_twins(network: Network, seed: int = 1, replication: int = 0) -> Replication:
    """Run a network on both engines, on the fast one with and without its full vocabulary, and demand equal bits.

    The exact laws must hold too, unless a limit stopped the run. Returns the fast engine's replication.
    """
    program = compile_program(network)
    fast = run_fast(program, seed, replication)
    reference = run_reference(program, seed, replication)
    assert not differences(fast, reference), (differences(fast, reference), network)
    if program.lean:
        full = run_fast(program, seed, replication, full=True)
        assert not differences(fast, full), (differences(fast, full), network)
    for run in (fast, reference):
        assert run.limit is not None or all(error <= IDENTITY_TOLERANCE for error in run.identities.values()), network
    return fast
