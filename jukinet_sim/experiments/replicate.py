"""A network to the digests of its replications, on one process or several, with the same bits and the same order.

A replication is committed to the store before it is reported; an interrupt keeps what was committed and ends at once.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import closing
from functools import partial
from typing import Literal, NamedTuple, TypeVar

from jukinet_sim.base.errors import UsageError
from jukinet_sim.experiments.interrupts import Interrupted, Interrupts
from jukinet_sim.experiments.work import Order, Progress, Summary, WorkerLost, perform
from jukinet_sim.network.model import Network
from jukinet_sim.results.digest import ReplicationDigest
from jukinet_sim.results.rows import write_guide
from jukinet_sim.results.store import Store
from jukinet_sim.results.summary import digest as whole_digest

OnDone = Callable[[ReplicationDigest], None]
R = TypeVar("R")


class Outcome(NamedTuple):
    """Finished replications in order, the signal that interrupted the run (0 for none), the limit that ended it."""

    digests: list[ReplicationDigest]
    interrupted: int
    limit: str | None

    @property
    def status(self) -> Literal["complete", "partial", "interrupted"]:
        """What the result document calls this."""
        return "interrupted" if self.interrupted else "partial" if self.limit else "complete"


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
    """Run replications 0 .. `replications`-1 of a network, less those that the store already holds.

    `engine` is fast or reference. `progress(replication, simulated_s, events)` is called about four times a second,
    `on_done(digest)` once for each new replication, after its commit and in order; both in the calling process. Visit
    rows are kept as files of the store's folder; `summary` makes a digest of each replication. The first replication that
    a limit stops is the last one. Raises UsageError, StoreError and what the engine raises; finished replications stay in
    the store then too.
    """
    order = _order(network, seed, engine, keep_rows, store, summary)
    if replications < 1 or jobs < 1:
        raise UsageError("replications and jobs are counted from 1; write a larger number")
    digests = store.finished()[:replications] if store is not None else []
    missing = range(len(digests), replications)
    if digests and digests[-1].limit:
        missing = range(0)
    interrupted, trouble = 0, None
    try:
        with (
            Interrupts() as interrupts,
            closing(work_through(partial(perform, order), missing, jobs, progress, interrupts)) as fresh,
        ):
            _keep(fresh, digests, store, on_done, interrupts)
    except Interrupted as signal:
        interrupted = signal.number
    except WorkerLost as error:
        trouble = str(error)
    except MemoryError:
        trouble = "memory ran out; use fewer --jobs"
    limit = digests[-1].limit if digests else None
    return Outcome(digests, interrupted, limit or trouble)


def _order(
    network: Network, seed: int, engine: str, keep_rows: bool, store: Store | None, summary: Summary
) -> Order:
    """Return what all replications share. Raises UsageError where that makes no sense."""
    if engine not in ("fast", "reference"):
        raise UsageError(f'"{engine}" is not an engine that can run; write fast or reference')
    if keep_rows and store is None:
        raise UsageError("visit rows are kept in a run folder; give a store")
    folder = store.folder if store is not None and keep_rows else None
    if folder is not None:
        write_guide(folder)
    return Order(network, seed, "fast" if engine == "fast" else "reference", folder, summary)


def work_through(
    work: Callable[[int, Progress], R], numbers: range, jobs: int, progress: Progress | None, interrupts: Interrupts
) -> Generator[R, None, None]:
    """Yield the results of numbered pieces of work in order, done here or, with several jobs, in other processes."""
    if min(jobs, len(numbers)) > 1:
        from jukinet_sim.experiments.processes import in_processes

        with closing(in_processes(work, numbers, min(jobs, len(numbers)), progress)) as results:
            yield from results
        return

    def report(number: int, simulated_s: float, events: int) -> None:
        interrupts.check()
        if progress is not None:
            progress(number, simulated_s, events)

    for number in numbers:
        yield work(number, report)


def _keep(
    fresh: Generator[ReplicationDigest, None, None],
    digests: list[ReplicationDigest],
    store: Store | None,
    on_done: OnDone | None,
    interrupts: Interrupts,
) -> None:
    """Commit, collect and report each digest, no signal coming between; stop after one that a limit cut short."""
    for digest in fresh:
        with interrupts.postponed():
            if store is not None:
                store.commit(digest)
            digests.append(digest)
            if on_done is not None:
                on_done(digest)
        if digest.limit:
            return
