"""Networks to the digests of their replications, on any executor, with the same bits whatever is finished first.

A replication is committed to its store before it is reported; an interrupt keeps what was committed and ends at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from typing import Literal, NamedTuple

from jukinet_sim.base.errors import UsageError
from jukinet_sim.experiments.executors.choose import make_executor
from jukinet_sim.experiments.executors.pieces import Executor, Piece, Progress, Work
from jukinet_sim.experiments.interrupts import Interrupted, Interrupts
from jukinet_sim.experiments.work import Order, Summary, perform
from jukinet_sim.network.model import Network
from jukinet_sim.results.digest import ReplicationDigest
from jukinet_sim.results.rows import write_guide
from jukinet_sim.results.store import Store
from jukinet_sim.results.summary import digest as whole_digest

OnDone = Callable[[ReplicationDigest], None]


class Outcome(NamedTuple):
    """Finished replications in order, the signal that interrupted the run (0 for none), what kept it from its end.

    `failed` are replications whose processes were killed, again and again, with the reason; they are not among `digests`.
    """

    digests: list[ReplicationDigest]
    interrupted: int
    limit: str | None
    failed: dict[int, str]

    @property
    def status(self) -> Literal["complete", "partial", "interrupted"]:
        """What the result document calls this."""
        return "interrupted" if self.interrupted else "partial" if self.limit else "complete"


@dataclass(frozen=True, eq=False)
class Wanted:
    """Replications 0 .. `replications`-1 of what an order says; those in its store are there already."""

    order: Order
    replications: int
    store: Store | None = None


def make_order(
    network: Network,
    seed: int,
    engine: str,
    *,
    keep_rows: bool = False,
    store: Store | None = None,
    summary: Summary = whole_digest,
) -> Order:
    """Return what all replications share; visit rows are kept as files of the store's folder.

    `engine` is fast or reference; `summary` makes a digest of each replication. Raises UsageError where that makes no sense.
    """
    if engine not in ("fast", "reference"):
        raise UsageError(f'"{engine}" is not an engine that can run; write fast or reference')
    if keep_rows and store is None:
        raise UsageError("visit rows are kept in a run folder; give a store")
    folder = store.folder if store is not None and keep_rows else None
    if folder is not None:
        write_guide(folder)
    return Order(network, seed, "fast" if engine == "fast" else "reference", folder, summary)


def run_replications(
    network: Network,
    *,
    seed: int,
    replications: int,
    engine: str,
    jobs: int = 1,
    keep_rows: bool = False,
    store: Store | None = None,
    progress: Progress | None = None,
    on_done: OnDone | None = None,
    summary: Summary = whole_digest,
) -> Outcome:
    """Run replications 0 .. `replications`-1 of a network on local processes, less those that the store already holds.

    `progress(replication, simulated_s, events)` is called about four times a second, `on_done(digest)` once for each new
    replication, after its commit; both in the calling process. The first replication that a limit stops is the last one.
    Raises UsageError, StoreError and what the engine raises; finished replications stay in the store then too.
    """
    order = make_order(network, seed, engine, keep_rows=keep_rows, store=store, summary=summary)
    if replications < 1 or jobs < 1:
        raise UsageError("replications and jobs are counted from 1; write a larger number")
    with Interrupts() as interrupts, make_executor(min(jobs, replications), check=interrupts.check) as executor:
        return replicate([Wanted(order, replications, store)], executor, interrupts, progress, on_done)[0]


def replicate(
    wanted: Sequence[Wanted],
    executor: Executor,
    interrupts: Interrupts,
    progress: Progress | None = None,
    on_done: OnDone | None = None,
) -> list[Outcome]:
    """Run what is missing of several networks' replications, the first of each before the second of any.

    `progress` is told of a replication under its place among all of these. Raises as `run_replications` does.
    """
    desks = [_Desk(one) for one in wanted]
    whose = {id(desk.work): desk for desk in desks}
    interrupted, trouble = 0, None
    try:
        with closing(executor.run(_missing(desks), progress)) as finished:
            for piece, digest, lost in finished:
                with interrupts.postponed():
                    whose[id(piece.work)].take(piece.number, digest, lost, on_done)
                if all(desk.is_settled() for desk in desks):
                    break
    except Interrupted as signal:
        interrupted = signal.number
        interrupts.heed()
    except MemoryError:
        trouble = "memory ran out; use fewer --jobs"
    return [desk.outcome(interrupted, trouble) for desk in desks]


@dataclass
class _Desk:
    """What has come of one network so far."""

    wanted: Wanted
    digests: dict[int, ReplicationDigest] = field(default_factory=dict)
    failed: dict[int, str] = field(default_factory=dict)
    last: int = 0
    """The last replication that counts: that of the first limit, where one was hit."""

    def __post_init__(self) -> None:
        self.work: Work = partial(perform, self.wanted.order)
        self.last = self.wanted.replications - 1
        kept = self.wanted.store.finished() if self.wanted.store is not None else []
        for digest in kept:
            self._note(digest)

    def _note(self, digest: ReplicationDigest) -> None:
        if digest.replication <= self.last:
            self.digests[digest.replication] = digest
            if digest.limit:
                self.last = digest.replication

    def lacks(self, number: int) -> bool:
        """Whether this replication counts and is not there."""
        return number <= self.last and number not in self.digests and number not in self.failed

    def is_settled(self) -> bool:
        """Whether nothing more is to come."""
        return not any(self.lacks(number) for number in range(self.last + 1))

    def take(self, number: int, digest: ReplicationDigest | None, trouble: str | None, on_done: OnDone | None) -> None:
        """Commit, collect and report a replication, or note why there is none."""
        if not self.lacks(number):
            return
        if digest is None:
            self.failed[number] = trouble or "it came to nothing"
            return
        if self.wanted.store is not None:
            self.wanted.store.commit(digest)
        self._note(digest)
        if on_done is not None:
            on_done(digest)

    def outcome(self, interrupted: int, trouble: str | None) -> Outcome:
        digests = [self.digests[number] for number in sorted(self.digests) if number <= self.last]
        failed = {number: why for number, why in sorted(self.failed.items()) if number <= self.last}
        limit = digests[-1].limit if digests else None
        for number, why in failed.items():
            limit = limit or f"replication {number} failed: {why}"
        return Outcome(digests, interrupted, limit or trouble, failed)


def _missing(desks: Sequence[_Desk]) -> Iterator[Piece]:
    """Yield what is missing; whether it still is is asked when its turn comes."""
    most = max(desk.wanted.replications for desk in desks)
    for number in range(most):
        for place, desk in enumerate(desks):
            if desk.lacks(number):
                yield Piece(desk.work, number, number * len(desks) + place)
