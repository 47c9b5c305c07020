"""Networks to the digests of their replications, on any executor, with the same bits whatever is finished first.

A replication is committed to its store before it is reported; an interrupt keeps what was committed and ends at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal, NamedTuple

from jukinet_sim.base.errors import UsageError
from jukinet_sim.experiments.executors.choose import make_executor
from jukinet_sim.experiments.executors.pieces import Executor, Piece, Progress, Work
from jukinet_sim.experiments.interrupts import Interrupted, Interrupts
from jukinet_sim.experiments.work import Order, Summary, perform
from jukinet_sim.network.model import Network
from jukinet_sim.results.digest import ReplicationDigest, combined_fingerprint
from jukinet_sim.results.rows import write_guide
from jukinet_sim.results.store import Store
from jukinet_sim.results.summary import digest as whole_digest

OnDone = Callable[[ReplicationDigest], None]


class Outcome(NamedTuple):
    """Finished replications in order, the signal that interrupted the run (0 for none), what kept it from its end.

    Of each digest there is what the reader made of it. `failed` are replications whose processes were killed, again and
    again, with the reason; they are not among `digests`.
    """

    digests: list[Any]
    interrupted: int
    limit: str | None
    failed: dict[int, str]
    fingerprint: str = ""
    """Of all finished replications, in their order."""

    @property
    def status(self) -> Literal["complete", "partial", "interrupted"]:
        """What the result document calls this."""
        return "interrupted" if self.interrupted else "partial" if self.limit else "complete"


class Kept(NamedTuple):
    """What is kept in memory of a replication: whatever a reader made of its digest, the limit that cut it, its fingerprint."""

    what: Any
    limit: str | None
    fingerprint: str


Reader = Callable[[ReplicationDigest], Any]


def whole(digest: ReplicationDigest) -> ReplicationDigest:
    """Keep everything."""
    return digest


@dataclass(frozen=True, eq=False)
class Wanted:
    """Replications 0 .. `replications`-1 of what an order says; those in its store, or in `known`, are there already.

    `known` is added to; while it is empty the store is asked. `read` makes of each digest what is kept in memory.
    """

    order: Order
    replications: int
    store: Store | None = None
    read: Reader = whole
    known: dict[int, Kept] = field(default_factory=dict)


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
    failed: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.work: Work = partial(perform, self.wanted.order)
        self.known, store = self.wanted.known, self.wanted.store
        if not self.known and store is not None:
            for digest in store.finished():
                self._note(digest)
        cut = [number for number, kept in self.known.items() if kept.limit]
        self.last = min([self.wanted.replications - 1, *cut])
        """The last replication that counts: that of the first limit, where one was hit."""

    def _note(self, digest: ReplicationDigest) -> None:
        self.known[digest.replication] = Kept(self.wanted.read(digest), digest.limit, digest.fingerprint)

    def lacks(self, number: int) -> bool:
        """Whether this replication counts and is not there."""
        return number <= self.last and number not in self.known and number not in self.failed

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
        if digest.limit:
            self.last = number
        if on_done is not None:
            on_done(digest)

    def outcome(self, interrupted: int, trouble: str | None) -> Outcome:
        """Return what there is, in the order of replications."""
        kept = [self.known[number] for number in sorted(self.known) if number <= self.last]
        failed = {number: why for number, why in sorted(self.failed.items()) if number <= self.last}
        limit = kept[-1].limit if kept else None
        for number, why in failed.items():
            limit = limit or f"replication {number} failed: {why}"
        fingerprint = combined_fingerprint(one.fingerprint for one in kept) if kept else ""
        return Outcome([one.what for one in kept], interrupted, limit or trouble, failed, fingerprint)


def _missing(desks: Sequence[_Desk]) -> Iterator[Piece]:
    """Yield what is missing; whether it still is is asked when its turn comes."""
    most = max(desk.wanted.replications for desk in desks)
    for number in range(most):
        for place, desk in enumerate(desks):
            if desk.lacks(number):
                yield Piece(desk.work, number, number * len(desks) + place)
