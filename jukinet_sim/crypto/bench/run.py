"""A bench of suites: proved right first, then timed, all in one process and in the same rounds."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

from jukinet_sim.base.errors import CheckFailed, UsageError
from jukinet_sim.crypto.bench.binding import binding_trials
from jukinet_sim.crypto.bench.points import Point, exchange_trial, trials_of
from jukinet_sim.crypto.bench.rounds import Rounds, Timed, time_rounds
from jukinet_sim.crypto.bench.trial import Trial
from jukinet_sim.crypto.exchanges import Exchange
from jukinet_sim.crypto.running.rig import KeyRing, Rig
from jukinet_sim.crypto.suite import Suite
from jukinet_sim.crypto.testing import conformance

Whole = tuple[str, Exchange]
"""A suite by name, and an exchange under it."""
Watch = Callable[[str], None]
_LEAST_SECONDS = 0.1


@dataclass(frozen=True)
class Bench:
    """What was timed: operations, whole exchanges with both sides, and what calls from Python add."""

    suites: tuple[Suite, ...]
    operations: dict[Point, Timed]
    exchanges: dict[Whole, Timed]
    binding: dict[str, Timed]
    rounds: Rounds


def bench(
    suites: Sequence[Suite], points: Iterable[Point], exchanges: Iterable[Exchange], seconds: float, watch: Watch | None = None,
    single: bool = False
) -> Bench:
    """Time operations and whole exchanges of suites for so many seconds, after all of them were found to be right.

    Raises UsageError for suites that this machine can only plan with, CheckFailed where one is not right.
    """
    if not seconds >= _LEAST_SECONDS:
        raise UsageError(f"{seconds:g} seconds are too few to time anything; write at least {_LEAST_SECONDS:g}")
    ring = KeyRing()
    for suite in suites:
        _prove(suite, ring, watch)
    rigs = [Rig(suite, ring) for suite in suites]
    timed, random = trials_of(rigs, points)
    trials: dict[Hashable, Trial] = dict(timed.items())
    wholes: list[Whole] = []
    for rig in rigs:
        for exchange in exchanges:
            whole = rig.suite.name, exchange
            wholes.append(whole)
            trials[whole] = exchange_trial(rig, exchange)
    kinds = binding_trials()
    trials.update(kinds.items())
    random_wholes = [whole for whole in wholes if is_random(next(s for s in suites if s.name == whole[0]), whole[1])]
    found, rounds = time_rounds(trials, [*random, *random_wholes], seconds, _progress(seconds, watch), single)
    return Bench(
        tuple(suites), {point: found[point] for point in timed}, {whole: found[whole] for whole in wholes},
        {kind: found[kind] for kind in kinds}, rounds,
    )  # fmt: skip


def _prove(suite: Suite, ring: KeyRing, watch: Watch | None) -> None:
    """Find a suite right. Raises UsageError where it cannot be carried out here, CheckFailed where it is not right."""
    if watch is not None:
        watch(f"{suite.name}: proving that it is right before it is timed")
    found = conformance(suite, ring)
    if found.cost_card_only:
        raise UsageError(f"{suite.name} can only be planned with here: {found.cost_card_only}; leave it out")
    if not found.holds:
        raise CheckFailed(f"{suite.name} is not right, so its speed means nothing: {found.failed[0].claim}")


def is_random(suite: Suite, exchange: Exchange) -> bool:
    """Tell whether an exchange takes another time at each call, as signing does that starts anew at random."""
    random = {f"{part.name}.sign" for part in suite.signature.parts if part.mean_tries is not None}
    return any(step.operation in random for step in suite.steps(exchange))


def _progress(seconds: float, watch: Watch | None) -> Callable[[float], None] | None:
    """Return what tells of progress every few seconds."""
    if watch is None:
        return None
    tell = watch
    told = 0.0

    def progress(taken: float) -> None:
        nonlocal told
        if taken - told >= 5.0:
            told = taken
            late = "waiting for the rarest operations"
            tell(f"{taken:.0f} s of {seconds:.0f} s" if taken < seconds else f"{taken:.0f} s: {late}")

    return progress
