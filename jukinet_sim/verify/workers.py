"""Calls of one function on many arguments, in this process or on several; results come in the order of the arguments."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from typing import TypeVar

from jukinet_sim.base.errors import LimitReached
from jukinet_sim.experiments.executors.choose import make_executor
from jukinet_sim.experiments.executors.here import Here
from jukinet_sim.experiments.executors.pieces import Executor, Piece, Progress, in_order

T = TypeVar("T")
R = TypeVar("R")


class Workers:
    """An executor to call functions on; without one, everything is called right here."""

    def __init__(self, executor: Executor | None = None) -> None:
        self._executor = executor if executor is not None else Here()

    def map(
        self, function: Callable[[T], R], arguments: Iterable[T], lost: Callable[[T, str], R] | None = None
    ) -> Iterator[R]:
        """Yield the results in order; `lost(argument, why)` takes the place of one whose process dies under it.

        Raises what the function raises, and LimitReached for a process that dies where `lost` is not given.
        """
        given: list[T] = []

        def pieces() -> Iterator[Piece]:
            for number, argument in enumerate(arguments):
                given.append(argument)
                yield Piece(partial(_call, function, argument), number, number)

        with closing(in_order(self._executor, pieces())) as finished:
            for piece, result, trouble in finished:
                if trouble is None:
                    yield result
                elif lost is None:
                    raise LimitReached(f"{given[piece.number]}: {trouble}")
                else:
                    yield lost(given[piece.number], trouble)


@contextmanager
def workers(jobs: int) -> Iterator[Workers]:
    """Provide `jobs` processes for the block; those at work when it ends are given up."""
    with make_executor(jobs) as executor:
        yield Workers(executor)


def _call(function: Callable[[T], R], argument: T, _number: int, _progress: Progress) -> R:
    return function(argument)
