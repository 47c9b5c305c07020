"""A finished run to what our assumptions do to its headlines, kept beside it, so that no sample is computed twice.

Samples that are finished are used and kept, whatever stops the others.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import closing, nullcontext
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from jukinet_sim.base.errors import UsageError
from jukinet_sim.experiments.assumptions.headlines import headlines
from jukinet_sim.experiments.assumptions.outcome import outcome
from jukinet_sim.experiments.assumptions.parameters import latin_hypercube, parameters
from jukinet_sim.experiments.assumptions.samples import Sample, Sampling, take, thinned
from jukinet_sim.experiments.executors.choose import make_executor
from jukinet_sim.experiments.executors.pieces import Finished, Piece, in_order
from jukinet_sim.experiments.interrupts import Interrupted, Interrupts
from jukinet_sim.experiments.runs import StoredRun
from jukinet_sim.experiments.stored import ASSUMPTIONS
from jukinet_sim.juki_net.domain import DOMAIN
from jukinet_sim.results.damage import reading
from jukinet_sim.results.files import read_json, write_json
from jukinet_sim.results.lock import FolderLock
from jukinet_sim.results.store import LOCK
from jukinet_sim.scenario.load import Loaded

SCHEMA = 1
_COMMIT_EVERY_S = 2.0


class Watcher(Protocol):
    """Someone who is told how samples get on."""

    def __call__(self, number: int, simulated_s: float, events: int, /) -> None:
        """Hear of a sample on its way."""

    def finished(self, number: int, events: int, trouble: str | None) -> None:
        """Hear of a finished sample."""

    def close(self) -> None:
        """Hear that no more will come."""


NewWatcher = Callable[[int, int], Watcher]
"""Called when sampling begins: how many samples there are in all, the scenario's own values included, and found finished."""


def check_assumed(loaded: Loaded) -> int:
    """Return how many figures there are to vary. Raises UsageError where there is none."""
    found = len(parameters(loaded.scenario))
    if not found:
        what = f"{loaded.scenario.scenario} has no assumed figure with a range, and no derived one"
        raise UsageError(f"--assumptions: {what}; write one as {{value: 20 ms, assumed: reason, range: [10 ms, 50 ms]}}")
    return found


def study(
    loaded: Loaded, stored: StoredRun, *, samples: int, every: int | None, jobs: int, fresh: bool, watch: NewWatcher
) -> StoredRun:
    """Return a finished run with `assumptions` in its document; interrupted, with what the finished samples say.

    Raises UsageError, and StoreError where the run folder is in use.
    """
    document = stored.document
    if document is None:
        raise TypeError("a run without a document has no headlines")
    thin, chosen = thinned(loaded, every, stored.network)
    found = parameters(thin.scenario)
    sampling = Sampling(
        thin, found, latin_hypercube(found, samples, thin.scenario.run.seed), headlines(thin.scenario, document),
        document["warm_up_s"],
    )  # fmt: skip
    described = _described(sampling, document["hash"], samples, chosen, loaded)
    lock = FolderLock(stored.folder / LOCK)
    try:
        kept = None if fresh else read_json(stored.folder / ASSUMPTIONS)
        with reading(stored.folder / ASSUMPTIONS):
            ledger = _Ledger(stored.folder / ASSUMPTIONS, described, _finished(kept, described))
        with closing(watch(samples + 1, len(ledger.taken))) as watcher:
            interrupted = _run(sampling, ledger, samples, jobs, watcher)
    finally:
        lock.release()
    with reading(stored.folder / ASSUMPTIONS) if kept is not None else nullcontext():
        said = outcome(document, ledger.content())
    return replace(stored, document={**document, "assumptions": said}, interrupted=interrupted)


def _described(sampling: Sampling, run_hash: str, samples: int, every: int | None, loaded: Loaded) -> dict[str, Any]:
    """Return everything that decides what the samples are."""
    net = loaded.scenario.juki_net
    own = None if net is None else DOMAIN.every(net)
    return {
        "schema": SCHEMA,
        "hash": run_hash,
        "samples": samples,
        "every": every,
        "scaled": every != own,
        "headlines": [{**asdict(headline), "keys": list(headline.keys)} for headline in sampling.headlines],
        "parameters": {
            parameter.name: [point[i] for point in sampling.points] for i, parameter in enumerate(sampling.parameters)
        },
    }


def _finished(kept: Any, described: Mapping[str, Any]) -> list[Sample]:
    """Return the samples of a file that were taken of exactly what is described."""
    if not isinstance(kept, dict) or {key: kept.get(key) for key in described} != dict(described):
        return []
    return [Sample(**{**one, "values": tuple(one["values"])}) for one in kept["taken"]]


@dataclass
class _Ledger:
    """The samples taken so far, and the file that holds them."""

    path: Path
    described: Mapping[str, Any]
    taken: list[Sample]
    _written: float = 0.0

    def add(self, sample: Sample) -> None:
        """Take note of a sample; on disk it is a few seconds later at most."""
        self.taken.append(sample)
        if time.monotonic() - self._written >= _COMMIT_EVERY_S:
            self.write()

    def write(self) -> None:
        """Write everything down."""
        write_json(self.path, self.content())
        self._written = time.monotonic()

    def content(self) -> dict[str, Any]:
        """Return what the file holds."""
        return {**self.described, "taken": [{**asdict(one), "values": list(one.values)} for one in self.taken]}


def _run(sampling: Sampling, ledger: _Ledger, samples: int, jobs: int, watcher: Watcher) -> int:
    """Take the samples that are missing; return the signal that stopped it, 0 for none."""
    missing = range(len(ledger.taken), samples + 1)
    if not missing:
        return 0
    try:
        work = partial(take, sampling)
        pieces = (Piece(work, number, number) for number in missing)
        with (
            Interrupts() as interrupts,
            make_executor(min(jobs, len(missing)), check=interrupts.check) as executor,
            closing(in_order(executor, pieces, watcher)) as fresh,
        ):
            for one in fresh:
                sample = _sample(one)
                with interrupts.postponed():
                    ledger.add(sample)
                    watcher.finished(sample.number, sample.events, sample.trouble)
    except Interrupted as signal:
        return signal.number
    finally:
        ledger.write()
    return 0


def _sample(finished: Finished) -> Sample:
    """Return a finished sample; one whose process was killed under it is a sample with its trouble."""
    sample: Sample = finished.result or Sample(finished.piece.number, 0, trouble=finished.trouble)
    return sample
