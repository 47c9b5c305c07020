"""Numbered pieces of work, such as replications, on several local processes, their results handed on in order.

Workers hang on a lifeline: when this end closes, because the run is over or this process died, they exit at once.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from multiprocessing import active_children, get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from multiprocessing.queues import SimpleQueue
from typing import Any, TypeVar

from jukinet_sim.experiments.work import REPORT_EVERY_S, Progress, WorkerLost

R = TypeVar("R")
Work = Callable[[int, Progress], R]
"""One piece of work by its number; it tells of its progress, and other processes must be able to unpickle it."""
Report = tuple[int, float, int]
_STOP = (signal.SIGINT, signal.SIGTERM)
_AHEAD = 4
"""Pieces per process begun before the oldest is done: enough that none idles, few enough to lose little by a kill."""
_END_S = 1.0
"""How long a process that is ending is waited for."""


class _Worker:
    """What a worker process keeps between pieces of work."""

    work: Work[Any]
    reports: SimpleQueue[Report]


def in_processes(
    work: Work[R], numbers: range, jobs: int, progress: Progress | None
) -> Generator[R, None, None]:
    """Yield the results of these pieces of work in order, whichever is finished first.

    Raises WorkerLost when a worker is killed from outside, which is how an operating system short of memory shows.
    """
    context = get_context("spawn")
    lifeline, held_here = context.Pipe(duplex=False)
    reports: SimpleQueue[Report] = context.SimpleQueue()
    at_work: set[BaseProcess] = set()
    pool = ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin, initargs=(work, reports, lifeline))
    try:
        yield from _in_order(pool, at_work, numbers, _AHEAD * jobs, reports, progress)
    except BrokenProcessPool:
        raise WorkerLost(_how_lost(at_work)) from None
    finally:
        held_here.close()
        lifeline.close()
        pool.shutdown(wait=True, cancel_futures=True)


def _in_order(
    pool: ProcessPoolExecutor, at_work: set[BaseProcess], numbers: range, ahead: int, reports: SimpleQueue[Report],
    progress: Progress | None,
) -> Iterator[Any]:  # fmt: skip
    """Yield results in the order of their numbers, at most `ahead` of them begun; pass reports on while waiting.

    The processes that were started are added to `at_work`.
    """
    upcoming = iter(numbers)
    others = set(active_children())
    with _signals_blocked():
        begun = deque(pool.submit(_perform, number) for number in islice(upcoming, ahead))
    at_work |= set(active_children()) - others
    while begun:
        wait([begun[0]], timeout=REPORT_EVERY_S)
        while not reports.empty():
            report = reports.get()
            if progress is not None:
                progress(*report)
        if begun[0].done():
            yield begun.popleft().result()
            begun.extend(pool.submit(_perform, number) for number in islice(upcoming, 1))


def _how_lost(at_work: set[BaseProcess]) -> str:
    """Say by which signal a process ended; the pool ends the others by SIGTERM."""
    for process in at_work:
        # The pool hears of a loss before it has asked how each process ended.
        process.join(_END_S)
    codes = [-code for process in at_work if (code := process.exitcode) is not None and code < 0]
    names = sorted(signal.Signals(code).name for code in codes if code != signal.SIGTERM)
    how = f"was ended by {names[0]}" if names else "ended before its time"
    return f"a worker process {how}, as happens where memory runs short; use fewer --jobs if that is why"


@contextmanager
def _signals_blocked() -> Iterator[None]:
    """Start processes with Ctrl-C blocked, which they inherit: a terminal sends it before they can ignore it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _STOP)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin(work: Work[Any], reports: SimpleQueue[Report], lifeline: Connection) -> None:
    """Prepare a worker process."""
    for number in _STOP:
        signal.signal(number, signal.SIG_IGN)
    _Worker.work, _Worker.reports = work, reports
    threading.Thread(target=_exit_with, args=(lifeline,), daemon=True).start()


def _exit_with(lifeline: Connection) -> None:
    """End this process when the other end of the lifeline closes; nothing is ever sent through it."""
    lifeline.poll(None)
    os._exit(1)


def _perform(number: int) -> Any:
    return _Worker.work(number, lambda *report: _Worker.reports.put(report))
