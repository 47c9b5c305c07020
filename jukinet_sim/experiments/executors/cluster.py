"""Pieces of work on the workers of a Dask scheduler; the library comes with the extra `cluster`."""

from __future__ import annotations

import pickle
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from functools import lru_cache
from itertools import islice
from typing import Any

from jukinet_sim.base.errors import StoreError, UsageError
from jukinet_sim.experiments.executors.deferred import SignalsDeferred
from jukinet_sim.experiments.executors.pieces import Finished, Piece, Progress, Work
from jukinet_sim.results.manifest import code_version

_CONNECT_S = 10.0
_ASK_AGAIN_S = 0.01
_AHEAD = 2
"""Pieces sent for each thread of a worker: the one it is doing and the next."""


class Cluster:
    """An executor on whatever workers a scheduler at `tcp://host:port` has.

    Raises UsageError where the extra is not installed, where nobody answers or has workers, and where a worker has another
    version of this package, whose numbers would be others.
    """

    def __init__(self, address: str) -> None:
        try:
            from distributed import Client
        except ImportError:
            raise UsageError('--on needs the extra "cluster"; install it with pip install "jukinet-sim[cluster]"') from None
        if "://" not in address:
            raise UsageError(f"--on: {address} is no address of a scheduler; write one such as tcp://127.0.0.1:8786")
        try:
            self._client = Client(address, timeout=_CONNECT_S, set_as_default=False)
        except (OSError, ValueError) as error:
            why = str(error).splitlines()[0] if str(error) else type(error).__name__
            cure = "start one with dask scheduler, or leave out --on"
            raise UsageError(f"--on: no scheduler answers at {address} ({why}); {cure}") from None
        self._address = address
        self._sent: tuple[Work, Any] | None = None
        try:
            self._check()
        except BaseException:
            self.close()
            raise

    def _check(self) -> None:
        """Refuse a scheduler without workers, or with others than ours."""
        with _speaking(self._address):
            versions = self._client.run(code_version)
        if not versions:
            cure = f"start one with dask worker {self._address} --nthreads 1"
            raise UsageError(f"--on: the scheduler at {self._address} has no workers; {cure}")
        strangers = [worker for worker, version in versions.items() if version != code_version()]
        if strangers:
            what = f"the worker at {strangers[0]} has another version of jukinet-sim, whose numbers may differ"
            raise UsageError(f"--on: {what}; install the same one there and start it again")

    def run(self, pieces: Iterator[Piece], progress: Progress | None = None) -> Generator[Finished, None, None]:
        """Send pieces as workers become free; Dask itself begins a piece anew whose worker is lost. See `Executor.run`.

        Nothing is told of the progress of a piece that is on its way.
        """
        from distributed import as_completed

        given: dict[Any, Piece] = {}
        done = as_completed([], loop=self._client.loop)
        with SignalsDeferred() as signals:
            try:
                while True:
                    with _speaking(self._address):
                        for piece in islice(pieces, max(_AHEAD * self._threads() - len(given), 0)):
                            future = self._client.submit(_perform, self._send(piece.work), piece.number, pure=False)
                            given[future] = piece
                            done.add(future)
                    signals.pass_on()
                    if not given:
                        return
                    if not done.has_ready():
                        time.sleep(_ASK_AGAIN_S)
                        continue
                    with _speaking(self._address):
                        future = next(done)
                    yield self._result(given.pop(future), future)
            finally:
                self._client.cancel(list(given))

    def _result(self, piece: Piece, future: Any) -> Finished:
        """Return what has come of a piece; raises what it raised."""
        from distributed import KilledWorker

        try:
            with _speaking(self._address, results=True):
                return Finished(piece, future.result())
        except KilledWorker:
            return Finished(piece, None, "the cluster lost one worker after another that did it")

    def _threads(self) -> int:
        """Return how many pieces can be done at once; workers come and go."""
        return max(1, sum(self._client.nthreads().values()))

    def _send(self, work: Work) -> Any:
        """Return a work as something that the cluster keeps, sent once however many pieces share it."""
        if self._sent is None or self._sent[0] is not work:
            packed = pickle.dumps(work, protocol=pickle.HIGHEST_PROTOCOL)
            self._sent = work, self._client.scatter(packed, hash=True, broadcast=False)
        return self._sent[1]

    def warm(self) -> None:
        """Have nothing to start: the workers are there."""

    def close(self) -> None:
        """Leave the cluster."""
        self._client.close()

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@contextmanager
def _speaking(address: str, *, results: bool = False) -> Iterator[None]:
    """Turn the loss of a scheduler into a StoreError with a cure.

    Whoever finds nobody to connect to meets a bare OSError; among `results` that may be what a piece of work has raised.
    """
    from asyncio import CancelledError
    from concurrent.futures import CancelledError as Cancelled

    from distributed.comm.core import CommClosedError

    lost = CommClosedError if results else OSError
    try:
        yield
    except (lost, CancelledError, Cancelled, TimeoutError) as error:
        cure = "finished replications are kept; start it again and repeat the command"
        raise StoreError(f"the scheduler at {address} went away ({type(error).__name__}); {cure}") from None


@lru_cache(maxsize=8)
def _unpacked(packed: bytes) -> Work:
    """Unpickle a work once per worker, so that what it has compiled serves the next piece too."""
    work: Work = pickle.loads(packed)
    return work


def _perform(packed: bytes, number: int) -> Any:
    return _unpacked(packed)(number, lambda *_: None)
