"""Both engines on one network, and every part of their replications that is not the same bits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from jukinet_sim.engine.choose import make_engine
from jukinet_sim.engine.program import Program, compile_program
from jukinet_sim.engine.protocol import IDENTITY_TOLERANCE, Engine, Replication, conduct
from jukinet_sim.network.model import Network
from jukinet_sim.verify.random_networks.features import features
from jukinet_sim.verify.random_networks.networks import random_network

_OWN = ("engine", "limit")
"""Fields that may differ: the name, and the step at which a limit was noticed."""
_WHERE = re.compile(r"; most frequent step: [^;]+| at \S+: .+$")


@dataclass(frozen=True)
class Verdict:
    """What the comparison of the engines on one random network found."""

    number: int
    differences: tuple[str, ...]
    events: int
    complete: bool
    features: frozenset[str]


def compare_random(order: tuple[int, int]) -> Verdict:
    """Run the random network of this seed and number on both engines."""
    seed, number = order
    network = random_network(seed, number)
    used = frozenset(features(network))
    try:
        fast, differences = compare(network, seed, number)
    except Exception as error:  # a crash of an engine is a finding like any other, to be told with its number
        return Verdict(number, (f"{type(error).__name__}: {error}",), 0, False, used)
    return Verdict(number, tuple(differences), fast.events, fast.complete, used)


def crashed(order: tuple[int, int], how: str) -> Verdict:
    """Return what is said of a random network on which an engine took its whole process down."""
    return Verdict(order[1], (how,), 0, False, frozenset(features(random_network(*order))))


def compare(network: Network, seed: int, replication: int) -> tuple[Replication, list[str]]:
    """Run a network on both engines, the fast one with and without its full vocabulary; name what differs."""
    program = compile_program(network)
    fast = conduct(make_engine("fast", program, seed, replication, keep_rows=True), program, replication)
    others = [conduct(make_engine("reference", program, seed, replication, keep_rows=True), program, replication)]
    if program.lean:
        others.append(conduct(_full(program, seed, replication), program, replication))
    found = [part for other in others for part in differences(fast, other)]
    if fast.limit is None:
        found += [law for run in (fast, *others) for law, error in run.identities.items() if error > IDENTITY_TOLERANCE]
    return fast, found


def _full(program: Program, seed: int, replication: int) -> Engine:
    """Make a fast engine that leaves no unused feature out."""
    from jukinet_sim.engine.fast.engine import FastEngine

    return FastEngine(program, seed, replication, keep_rows=True, full=True)


def differences(a: Replication, b: Replication) -> list[str]:
    """Name every array and number of two replications that is not equal to the last bit; of limits the kind must be."""
    ours, theirs = dict(_bits(a)), dict(_bits(b))
    return [name for name in sorted(ours.keys() | theirs.keys()) if ours.get(name) != theirs.get(name)]


def _bits(run: Replication) -> Iterator[tuple[str, object]]:
    yield "limit", _WHERE.sub("", run.limit or "")
    for field in fields(Replication):
        if field.name not in _OWN:
            yield from _parts(field.name, getattr(run, field.name))


def _parts(name: str, value: Any) -> Iterator[tuple[str, object]]:
    """Take a value apart into named pieces that are equal only if their bits are."""
    if hasattr(value, "arrays"):
        value = value.arrays()
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _parts(f"{name}.{key}", part)
    elif isinstance(value, tuple):
        for i, part in enumerate(value):
            yield from _parts(f"{name}.{i}", part)
    elif isinstance(value, np.ndarray):
        yield name, (value.dtype.str, value.shape, value.tobytes())
    else:
        yield name, value.hex() if isinstance(value, float) else value
