"""One worker process that does pieces one after another, and is replaced when it is killed.

It hangs on a lifeline: when this end closes, because the work is over or this process died, it exits at once. Its reports
come through a pipe of its own, so that a process that dies while it speaks silences nobody else.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
import signal
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import active_children, get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, ClassVar, NamedTuple

from jukinet_sim.experiments.executors.pieces import Piece, Progress, Work
from jukinet_sim.experiments.executors.spawn import main_hidden

_STOP = (signal.SIGINT, signal.SIGTERM)
_END_S = 1.0
"""How long a process that is ending is waited for."""
_ASK_AGAIN_S = 0.01
_KEPT = 8
"""Works that a process keeps unpickled, with whatever they have compiled; more scenarios at a time are rare."""


class Packed(NamedTuple):
    """A pickled work, and what tells it from all others."""

    key: bytes
    content: bytes


def pack(work: Work) -> Packed:
    """Pickle a work."""
    content = pickle.dumps(work, protocol=pickle.HIGHEST_PROTOCOL)
    return Packed(hashlib.blake2b(content, digest_size=16).digest(), content)


class Hand:
    """A worker process and the pieces it was given, the oldest of which it is doing."""

    def __init__(self) -> None:
        self.given: deque[tuple[Piece, Future[Any]]] = deque()
        self._pool: ProcessPoolExecutor | None = None
        self._process: BaseProcess | None = None

    def give(self, piece: Piece, packed: Packed) -> None:
        """Begin a piece, its work packed, after those that were given before; the process is started where it is not there."""
        self.given.append((piece, self._submit(_perform, packed, piece.number, piece.tag)))

    def warm(self) -> None:
        """Start the process, if it is not there, and let it load what every piece needs."""
        self._submit(_load)

    def _submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        if self._pool is None:
            context = get_context("spawn")
            lifeline, self._lifeline = context.Pipe(duplex=False)
            self._reports, reports = context.Pipe(duplex=False)
            self._pool = ProcessPoolExecutor(1, mp_context=context, initializer=_begin, initargs=(lifeline, reports))
            others = set(active_children())
            with _signals_blocked(), main_hidden():
                future = self._pool.submit(function, *arguments)
            self._process = next(iter(set(active_children()) - others), None)
            # Only the process holds these now; when it ends, the pipes end.
            lifeline.close()
            reports.close()
            return future
        try:
            return self._pool.submit(function, *arguments)
        except BrokenProcessPool as error:
            # It was killed while it had nothing to do, which is found out like any other loss.
            lost: Future[Any] = Future()
            lost.set_exception(error)
            return lost

    def pass_on(self, progress: Progress | None) -> None:
        """Pass on what the process has reported."""
        with contextlib.suppress(EOFError, OSError):
            while self._pool is not None and self._reports.poll():
                report = self._reports.recv()
                if progress is not None:
                    progress(*report)

    def how_lost(self) -> str:
        """Say by which signal the process ended, and be ready to start another one."""
        code = None if self._process is None else _exit_code(self._process)
        how = "ended before its time"
        if code is not None and code < 0:
            with contextlib.suppress(ValueError):
                how = f"was ended by {signal.Signals(-code).name}"
        self.close()
        return how

    def close(self) -> None:
        """End the process, whatever it is doing."""
        pool, self._pool, self._process = self._pool, None, None
        self.given.clear()
        if pool is not None:
            self._lifeline.close()
            self._reports.close()
            pool.shutdown(wait=True, cancel_futures=True)


def _exit_code(process: BaseProcess) -> int | None:
    """Return how a process that is ending has ended; the pool asks as well, and only one of the two is told."""
    deadline = time.monotonic() + _END_S
    while process.exitcode is None and time.monotonic() < deadline:
        process.join(_ASK_AGAIN_S)
        time.sleep(_ASK_AGAIN_S)
    return process.exitcode


@contextmanager
def _signals_blocked() -> Iterator[None]:
    """Start a process with Ctrl-C blocked, which it inherits: a terminal sends it before it can ignore it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _STOP)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Here:
    """What a worker process keeps between pieces."""

    reports: Connection
    works: ClassVar[OrderedDict[bytes, Work]] = OrderedDict()


def _begin(lifeline: Connection, reports: Connection) -> None:
    """Prepare a worker process: signals are for the one that waits for it."""
    for number in _STOP:
        signal.signal(number, signal.SIG_IGN)
    _Here.reports = reports
    threading.Thread(target=_exit_with, args=(lifeline,), daemon=True).start()


def _exit_with(lifeline: Connection) -> None:
    """End this process when the other end of the lifeline closes; nothing is ever sent through it."""
    lifeline.poll(None)
    os._exit(1)


def _load() -> None:
    """Import what takes long."""
    import jukinet_sim.engine.fast.loop  # noqa: F401  # the compiled engine, numba with it


def _perform(packed: Packed, number: int, tag: int) -> Any:
    """Do a piece; its work is unpickled once, so that what it has compiled serves the next piece too."""
    works = _Here.works
    if packed.key not in works:
        works[packed.key] = pickle.loads(packed.content)
        if len(works) > _KEPT:
            works.popitem(last=False)
    works.move_to_end(packed.key)
    return works[packed.key](number, lambda _, simulated_s, events: _Here.reports.send((tag, simulated_s, events)))
