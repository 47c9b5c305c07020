"""All claims one after another, with what has to be told on the way; claims that chance can break get one second chance.

The second seed is the first one plus one, named before anything runs; a claim that fails on both seeds fails.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from jukinet_sim.base.errors import UsageError
from jukinet_sim.engine.choose import EngineName
from jukinet_sim.engine.protocol import IDENTITY_TOLERANCE
from jukinet_sim.verify import bias, coverage
from jukinet_sim.verify.acceptance import coverage_bounds
from jukinet_sim.verify.catalogue import chosen, families
from jukinet_sim.verify.claim import Claim
from jukinet_sim.verify.decisions.registry import DECISIONS, TRIAL_COSTS
from jukinet_sim.verify.decisions.words import in_words
from jukinet_sim.verify.determinism import determinism_claims
from jukinet_sim.verify.point import Point
from jukinet_sim.verify.random_networks.features import FEATURES
from jukinet_sim.verify.randomness import randomness_claims
from jukinet_sim.verify.replicas import Laws, Row, Task, run_tasks
from jukinet_sim.verify.size import SIZES, Size, SizeName
from jukinet_sim.verify.twins import compare_random, crashed
from jukinet_sim.verify.workers import Workers

DEFAULT_SEED = 2013
RANDOM, DETERMINISM, TWINS, CHOICES, IDENTITIES = "random-numbers", "determinism", "twins", "decisions", "identities"
OTHERS = (RANDOM, DETERMINISM, TWINS, CHOICES)
"""Parts of the battery that are no family of queues."""
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Order:
    """What to verify; `only` names families and parts, all where it is empty."""

    size: SizeName
    engine: EngineName
    seed: int
    only: frozenset[str] = frozenset()

    @property
    def retest_seed(self) -> int:
        """The one seed that may decide anew what failed by chance."""
        return self.seed + 1

    @property
    def amounts(self) -> Size:
        """How much that is."""
        return SIZES[self.size, self.engine]

    def includes(self, part: str) -> bool:
        """Whether a part that is no family is asked for."""
        return not self.only or part in self.only


def names() -> tuple[str, ...]:
    """Return everything that `only` may name."""
    return (*families(), *OTHERS)


def make_order(size: SizeName, engine: EngineName, seed: int, only: Iterable[str]) -> Order:
    """Return an order after checking its names, which may be written in any case. Raises UsageError."""
    known = {name.lower(): name for name in names()}
    wanted = list(only)
    for name in wanted:
        if name.lower() not in known:
            raise UsageError(f'there is no family "{name}"; write one of: {", ".join(names())}')
    return Order(size, engine, seed, frozenset(known[name.lower()] for name in wanted))


def run_battery(order: Order, pool: Workers, tell: Tell) -> Iterator[Claim]:
    """Yield every claim as soon as it is judged, after telling progress."""
    laws = Laws()
    points = chosen(order.only)
    if order.includes(RANDOM):
        tell("random numbers")
        yield from _told(randomness_claims(order.amounts.streams, order.amounts.draws), tell)
    if order.includes(DETERMINISM):
        tell("determinism")
        yield from _told(determinism_claims(order.engine, pool), tell)
    if order.includes(TWINS):
        yield _twins(order, pool, tell)
    if order.includes(CHOICES):
        yield from _decisions(order, pool, tell)
    if points:
        yield from _chance(order, points, pool, laws, tell)
        yield from _identities(order, laws)


def _told(claims: Iterable[Claim], tell: Tell) -> Iterator[Claim]:
    """Pass claims on, telling those that fail."""
    for claim in claims:
        if not claim.holds:
            tell(f"  fails: {claim.name}")
        yield claim


def _chance(order: Order, points: list[Point], pool: Workers, laws: Laws, tell: Tell) -> Iterator[Claim]:
    """Judge coverage and bias of all points under the first seed, then what failed under the second."""
    tests = sum(len(coverage.covered_figures(point)) for point in points)
    judge = _Judge(order, pool, laws, coverage_bounds(order.amounts.sets, tests), tell)
    failed: dict[str, list[Claim]] = {}
    for claim in judge.claims(points, order.seed):
        if claim.holds:
            yield claim
        else:
            failed.setdefault(f"{claim.family} {claim.point}", []).append(claim)
    again = [point for point in points if point.key in failed]
    if not again:
        return
    tell(f"what failed is tested again with seed {order.retest_seed}")
    yield from _decided([claim for claims in failed.values() for claim in claims], judge.claims(again, order.retest_seed))


def _decided(failed: Iterable[Claim], anew: Iterable[Claim]) -> Iterator[Claim]:
    """Yield those of the new claims that decide about one that failed, with what that one had found."""
    kept = {(claim.kind, claim.family, claim.point, claim.subject): claim for claim in failed}
    for claim in anew:
        first = kept.get((claim.kind, claim.family, claim.point, claim.subject))
        if first is not None:
            yield replace(claim, retested=True, details={**claim.details, "first": dict(first.details)})


def _decisions(order: Order, pool: Workers, tell: Tell) -> Iterator[Claim]:
    """Judge every kind of decision under the first seed, then what failed of it under the second."""
    for family, claims in DECISIONS.items():
        trials = order.amounts.trials if order.size == "full" else max(1, order.amounts.trials // TRIAL_COSTS.get(family, 1))
        tell(f"decisions: {family}, {trials:,} trials")
        failed = []
        for claim in _told(claims(trials, order.seed, pool), tell):
            tell(f"  {claim.point}: {in_words(claim.details)}")
            if claim.holds:
                yield claim
            else:
                failed.append(claim)
        if failed:
            tell(f"what failed is tested again with seed {order.retest_seed}")
            yield from _decided(failed, _told(claims(trials, order.retest_seed, pool), tell))


@dataclass
class _Judge:
    """Runs points under a seed: coverage first, then bias as long as coverage has shown to be necessary."""

    order: Order
    pool: Workers
    laws: Laws
    bounds: tuple[int, int]
    tell: Tell

    def claims(self, points: list[Point], seed: int) -> Iterator[Claim]:
        """Yield coverage and bias of every figure of the points."""
        size, engine = self.order.amounts, self.order.engine
        longer: list[Task] = []
        for task, rows in self._run([coverage.coverage_task(point, size) for point in points], seed):
            claims = coverage.coverage_claims(task, rows, size, engine, seed, self.bounds)
            self.tell(_covered(task.point, claims, size.sets, self.bounds))
            yield from _told(claims, self.tell)
            longer.append(bias.bias_task(task, rows, size))
        for task, rows in self._run(longer, seed):
            claims = bias.bias_claims(task, rows, size, engine, seed)
            self.tell(_distances(task.point, claims))
            yield from _told(claims, self.tell)

    def _run(self, tasks: list[Task], seed: int) -> Iterator[tuple[Task, list[Row]]]:
        yield from run_tasks(tasks, self.order.engine, seed, self.pool, self.laws)


def _covered(point: Point, claims: list[Claim], sets: int, bounds: tuple[int, int]) -> str:
    counts = ", ".join(f"{claim.subject} {claim.details['covered']}" for claim in claims)
    return f"coverage of {point.key}: {counts} of {sets:,} ({bounds[0]} to {bounds[1]})"


def _distances(point: Point, claims: list[Claim]) -> str:
    found = ", ".join(f"{c.subject} z {c.details['z']:+.2f} ± {c.details['relative_half_width']:.2%}" for c in claims)
    return f"bias of {point.key}: {found}"


def _twins(order: Order, pool: Workers, tell: Tell) -> Claim:
    """Run random networks on both engines; those that differ are named by their number."""
    count = order.amounts.networks
    tell(f"twins: {count:,} random networks on both engines")
    wrong, events, cut, used = [], 0, 0, Counter(dict.fromkeys(sorted(FEATURES), 0))
    for verdict in pool.map(compare_random, ((order.seed, number) for number in range(count)), lost=crashed):
        events += verdict.events
        cut += not verdict.complete
        used.update(verdict.features)
        if verdict.differences:
            wrong.append({"number": verdict.number, "differences": list(verdict.differences)})
            tell(f"  network {verdict.number} of seed {order.seed} differs in {verdict.differences[0]}")
        if verdict.number % 1000 == 999:
            tell(f"  {verdict.number + 1:,} networks, {events:,} events")
    details = {
        "seed": order.seed, "networks": count, "events": events, "stopped_by_a_limit": cut, "different": wrong,
        "networks_with": dict(used),
    }  # fmt: skip
    return Claim("twins", "random networks", f"{count:,} networks", "every bit", not wrong, details=details)


def _identities(order: Order, laws: Laws) -> Iterator[Claim]:
    """Judge the largest error of each exact law over all runs above; a larger one has stopped the run that met it."""
    for law, error in sorted(laws.worst.items()):
        details = {"largest_relative_error": error, "tolerance": IDENTITY_TOLERANCE, "runs": laws.runs, "events": laws.events}
        yield Claim(IDENTITIES, "all runs", "", law, error <= IDENTITY_TOLERANCE, order.engine, details)


def tally(claims: Collection[Claim]) -> dict[str, tuple[int, int]]:
    """Return, for each kind, how many claims hold and how many there are."""
    every = Counter(claim.kind for claim in claims)
    holding = Counter(claim.kind for claim in claims if claim.holds)
    return {kind: (holding[kind], count) for kind, count in every.items()}
