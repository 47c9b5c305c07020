"""What a bench has to time for suites: each operation at the sizes that exchanges ask of it, and whole exchanges."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from jukinet_sim.crypto.bench.binding import is_bulk
from jukinet_sim.crypto.bench.trial import Trial
from jukinet_sim.crypto.bench.trials import is_random, trial
from jukinet_sim.crypto.exchanges import ACTS, Batch, Certificate, Exchange, Message, Session
from jukinet_sim.crypto.running.rig import Rig
from jukinet_sim.crypto.suite import Suite

Point = tuple[str, int]
"""An operation and the bytes it works on."""
EXCHANGES: tuple[Exchange, ...] = (
    Session(),
    Session(resumed=True),
    Message(512),
    Message(2048),
    Message(2048, signed=False),
    Batch(64, 1024, "file"),
    *(Certificate(act, revoked=1000) for act in ACTS),
    Certificate("crl", revoked=10),
)
"""The exchanges whose operations a card has to know."""
_MOST_SIZES = 3
_BULK_SIZES = (64, 16_384)
"""Sizes that are timed of everything that works on bulk data, so that its costs of a call and of a byte can be told apart."""


def points_of(suite: Suite, exchanges: Iterable[Exchange] = EXCHANGES) -> tuple[Point, ...]:
    """Return the operations of a suite's exchanges with every size they are asked for."""
    return tuple(dict.fromkeys((step.operation, step.size) for one in exchanges for step in suite.steps(one)))


def thinned(points: Sequence[Point]) -> tuple[Point, ...]:
    """Return at most three sizes of each operation: the least, the largest, one between them; of bulk data two at least."""
    sizes: dict[str, set[int]] = {}
    for operation, size in points:
        sizes.setdefault(operation, set(_BULK_SIZES if is_bulk(operation) else ())).add(size)
    return tuple((operation, size) for operation, found in sizes.items() for size in _few(sorted(found)))


def _few(ordered: Sequence[int]) -> Sequence[int]:
    if len(ordered) <= _MOST_SIZES:
        return ordered
    # On a scale of ratios, so that costs of a call and of a byte can both be told from it.
    middle = min(ordered[1:-1], key=lambda size: abs(size * size - max(ordered[0], 16) * ordered[-1]))
    return ordered[0], middle, ordered[-1]


def trials_of(rigs: Sequence[Rig], points: Iterable[Point]) -> tuple[dict[Point, Trial], list[Point]]:
    """Return a trial for each point, on the first rig whose suite asks for it, and which of them take random times."""
    owners = {rig: {operation for operation, _ in points_of(rig.suite)} for rig in rigs}
    exact = {rig: set(points_of(rig.suite)) for rig in rigs}
    trials: dict[Point, Trial] = {}
    random = []
    for point in points:
        rig = next((one for one in rigs if point in exact[one]), None)
        if rig is None:
            rig = next(one for one in rigs if point[0] in owners[one])
        trials[point] = trial(rig, *point)
        if is_random(rig, point[0]):
            random.append(point)
    return trials, random


def exchange_trial(rig: Rig, exchange: Exchange) -> Trial:
    """Return a whole exchange, both sides of it, as a trial."""
    from jukinet_sim.crypto.entropy import fresh
    from jukinet_sim.crypto.running.rig import nobody

    return Trial(lambda: rig.prepared(exchange, nobody, fresh), lambda carry_out: carry_out())
