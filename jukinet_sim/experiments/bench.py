"""Points to as many replications of each as somebody wants, those used again that are there from any verb before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from jukinet_sim.experiments.drafts import Draft, Laid, Refused, attempt, attempt_one
from jukinet_sim.experiments.executors.pieces import Executor, Piece, in_order
from jukinet_sim.experiments.figures import Row, read_row
from jukinet_sim.experiments.interrupts import Interrupted, Interrupts
from jukinet_sim.experiments.points import NewWatcher, Nobody, OpenRun, Point, open_run
from jukinet_sim.experiments.replicate import Kept, replicate
from jukinet_sim.results.digest import combined_fingerprint
from jukinet_sim.results.store import Store

_WORTH_PROCESSES = 4
"""Fewer drafts are compiled here: they would cost more to send."""
_OPEN = 64
"""Folders that are open at a time; each takes a few of the files that a process may have open."""


@dataclass(frozen=True)
class Brought:
    """What there is of a point: a row for each finished replication, and what kept the others from being finished.

    `number` replications were wanted; `limit` is why there are fewer, or why the last one is cut short.
    """

    point: Point
    number: int
    rows: tuple[Row, ...]
    limit: str | None
    fingerprint: str

    @property
    def trouble(self) -> str | None:
        """Why nothing can be judged by this point; None where all of it is there."""
        if self.limit is not None:
            return self.limit
        return "jobs wait for ever" if any(row.stuck for row in self.rows) else None

    def values(self, name: str) -> list[float | None]:
        """Return a figure in each replication; None where it is undefined or not known."""
        return [row.values.get(name) for row in self.rows]


@dataclass
class Bench:
    """Where replications of points are made: an executor, and the folder that holds what is finished, None to keep nothing.

    `jobs` is how many processes a pilot may take. `fresh` deletes what is there of a point when it is first asked for.
    """

    executor: Executor
    interrupts: Interrupts
    out: Path | None
    jobs: int = 1
    fresh: bool = False
    watch: NewWatcher = Nobody
    computed: int = 0
    """Replications that were not there before."""
    _known: dict[str, dict[int, Kept]] = field(default_factory=dict)
    _troubles: dict[str, str | None] = field(default_factory=dict)
    _begun: set[str] = field(default_factory=set)
    """Points that were forgotten: what is kept of them is new, even with `fresh`."""

    def bring(self, wanted: Sequence[tuple[Point, int]]) -> list[Brought]:
        """Return points with so many replications of each, in the order given; equal points are run once.

        Raises Interrupted when a signal comes; what is finished is kept. Raises StoreError and what the engines raise.
        """
        points = {point.hash: point for point, _ in wanted}
        most = {one: max(number for point, number in wanted if point.hash == one) for one in points}
        hashes = list(points)
        for first in range(0, len(hashes), _OPEN):
            self._run([(points[one], most[one]) for one in hashes[first : first + _OPEN]])
        return [self._brought(point, number) for point, number in wanted]

    def points(self, drafts: Sequence[Draft]) -> list[Point | Refused]:
        """Return the point of each draft, or why there is none; many are compiled by all processes at once.

        Raises Interrupted when a signal comes.
        """
        if len(drafts) < _WORTH_PROCESSES:
            return [attempt(draft) for draft in drafts]
        bases = {id(draft.base): draft.base for draft in drafts}
        laid: dict[int, list[Laid]] = {one: [] for one in bases}
        pieces = []
        works = {one: partial(attempt_one, base, laid[one]) for one, base in bases.items()}
        for tag, draft in enumerate(drafts):
            whose = id(draft.base)
            pieces.append(Piece(works[whose], len(laid[whose]), tag))
            laid[whose].append((draft.settings, draft.overrides))
        found: list[Point | Refused] = []
        with closing(in_order(self.executor, iter(pieces))) as finished:
            for one in finished:
                with self.interrupts.postponed():
                    found.append(Refused(one.trouble) if one.trouble is not None else one.result)
        return found

    def there(self, points: Sequence[Point], replications: int = 1) -> list[Brought]:
        """Return what was brought of points, as far as it got, without running anything."""
        return [self._brought(point, replications) for point in points]

    def forget(self, points: Iterable[Point]) -> None:
        """Let go of what is in memory of some points; what is kept of them is found again when they are asked for."""
        for point in points:
            self._known.pop(point.hash, None)
            self._troubles.pop(point.hash, None)
            self._begun.add(point.hash)

    def _run(self, wanted: Sequence[tuple[Point, int]]) -> None:
        """Run what is missing of points that are all different."""
        missing = [(point, number) for point, number in wanted if not self._has(point, number)]
        if not missing:
            return
        with ExitStack() as stack:
            runs = [self._open(point, stack) for point, _ in missing]
            for run, (_, number) in zip(runs, missing, strict=True):
                run.describe(number)
            orders = [
                run.wanted(number, partial(read_row, point.loaded.scenario))
                for run, (point, number) in zip(runs, missing, strict=True)
            ]
            held = [len(run.known) or (run.store.count() if run.store else 0) for run in runs]
            found = sum(held)
            total = sum(number for _, number in missing)
            used = sum(min(there, number) for there, (_, number) in zip(held, missing, strict=True))
            watcher = stack.enter_context(closing(self.watch("run", total, used)))
            outcomes = replicate(orders, self.executor, self.interrupts, watcher, watcher.done)
            self.computed += sum(len(run.known) for run in runs) - found
            for run, (point, number), outcome in zip(runs, missing, outcomes, strict=True):
                run.finish(number, outcome.fingerprint)
                self._troubles[point.hash] = outcome.limit
        for outcome in outcomes:
            if outcome.interrupted:
                raise Interrupted(outcome.interrupted)

    def _has(self, point: Point, number: int) -> bool:
        known = self._known.get(point.hash, {})
        return all(replication in known for replication in range(number)) or any(kept.limit for kept in known.values())

    def _open(self, point: Point, stack: ExitStack) -> OpenRun:
        """Open the folder of a point until the stack is left."""
        store = None
        if self.out is not None:
            scenario = point.loaded.scenario.scenario
            store = stack.enter_context(Store(self.out, scenario, point.hash, fresh=self._is_fresh(point)))
        run = open_run(point, store, jobs=self.jobs, watch=self.watch)
        run.known = self._known.setdefault(point.hash, {})
        run.of_experiment = True
        return run

    def _is_fresh(self, point: Point) -> bool:
        """Whether what is kept of a point is to be deleted."""
        return self.fresh and point.hash not in self._known and point.hash not in self._begun

    def _brought(self, point: Point, number: int) -> Brought:
        known = self._known.get(point.hash, {})
        cut = min([number - 1, *(n for n, kept in known.items() if kept.limit)])
        kept = [known[n] for n in sorted(known) if n <= cut]
        limit = kept[-1].limit if kept else None
        if limit is None and len(kept) < number:
            limit = self._troubles.get(point.hash)
        fingerprint = combined_fingerprint(one.fingerprint for one in kept)
        return Brought(point, number, tuple(one.what for one in kept), limit, fingerprint)
