"""Numbered pieces of work, such as replications, and what becomes of each."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

Progress = Callable[[int, float, int], None]
"""Called with a number, simulated seconds and events so far."""
Work = Callable[[int, Progress], Any]
"""One piece of work by its number; it tells of its progress, and other processes must be able to unpickle it."""
ATTEMPTS = 3
"""How often a piece is begun whose process is killed under it, before the others go on without it."""
REPORT_EVERY_S = 0.25


@dataclass(frozen=True, eq=False)
class Piece:
    """A number and the work to call with it; pieces that share their work share the cost of sending it elsewhere.

    Its progress is told under its `tag`, which tells it from pieces of other works with the same number.
    """

    work: Work
    number: int
    tag: int


class Finished(NamedTuple):
    """A piece with its result, or with the reason why it has none."""

    piece: Piece
    result: Any
    trouble: str | None = None


class Executor(Protocol):
    """Somewhere pieces are done, one run of them after another. Close it, or use it as a context manager."""

    def run(self, pieces: Iterator[Piece], progress: Progress | None = None) -> Generator[Finished, None, None]:
        """Yield each piece when it is finished, in any order; pieces are asked for a little ahead of that.

        What a piece raises is raised here. One that is killed from outside is begun again, `ATTEMPTS` times in all, and then
        yielded with its trouble. Closing the generator gives up what was begun.
        """

    def warm(self) -> None:
        """Start what will be needed, without waiting for it."""

    def close(self) -> None:
        """Let go of whatever waits for work."""

    def __enter__(self) -> Executor: ...

    def __exit__(self, *_: object) -> None: ...


def in_order(executor: Executor, pieces: Iterator[Piece], progress: Progress | None = None) -> Generator[Finished, None, None]:
    """Yield finished pieces in the order in which they are asked for, those kept back that come too early."""
    asked: list[Piece] = []
    early: dict[int, Finished] = {}

    def noted() -> Iterator[Piece]:
        for piece in pieces:
            asked.append(piece)
            yield piece

    at = 0
    with closing(executor.run(noted(), progress)) as finished:
        for one in finished:
            early[id(one.piece)] = one
            while at < len(asked) and id(asked[at]) in early:
                yield early.pop(id(asked[at]))
                at += 1
