"""Calls of one function on many arguments, in this process or on several; results come in the order of the arguments.

Further processes hang on a lifeline: when this end closes, because the work is over or this process died, they exit.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")
_AHEAD = 4
_STOP = (signal.SIGINT, signal.SIGTERM)


class Workers:
    """A number of processes; with one, everything is called right here."""

    def __init__(self, pool: ProcessPoolExecutor | None, jobs: int) -> None:
        self._pool, self._ahead = pool, _AHEAD * jobs

    def map(self, function: Callable[[T], R], arguments: Iterable[T]) -> Iterator[R]:
        """Yield the results in order, a few calls begun ahead."""
        if self._pool is None:
            yield from map(function, arguments)
            return
        upcoming = iter(arguments)
        before = signal.pthread_sigmask(signal.SIG_BLOCK, _STOP)
        try:
            # Processes start at the first calls and inherit the mask: a terminal sends Ctrl-C before they can ignore it.
            begun = deque(self._pool.submit(function, each) for each in islice(upcoming, self._ahead))
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        while begun:
            yield begun.popleft().result()
            begun.extend(self._pool.submit(function, each) for each in islice(upcoming, 1))


@contextmanager
def workers(jobs: int) -> Iterator[Workers]:
    """Provide `jobs` processes for the block; those at work when it ends are given up."""
    if jobs == 1:
        yield Workers(None, 1)
        return
    context = get_context("spawn")
    lifeline, held_here = context.Pipe(duplex=False)
    pool = ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin, initargs=(lifeline,))
    try:
        yield Workers(pool, jobs)
    finally:
        held_here.close()
        lifeline.close()
        pool.shutdown(wait=True, cancel_futures=True)


def _begin(lifeline: Connection) -> None:
    """Prepare a worker process: signals are for the one that waits for it."""
    for number in _STOP:
        signal.signal(number, signal.SIG_IGN)
    threading.Thread(target=_exit_with, args=(lifeline,), daemon=True).start()


def _exit_with(lifeline: Connection) -> None:
    """End this process when the other end of the lifeline closes; nothing is ever sent through it."""
    lifeline.poll(None)
    os._exit(1)
