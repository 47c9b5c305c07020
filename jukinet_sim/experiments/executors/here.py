"""Pieces of work one after another in this process."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator

from jukinet_sim.experiments.executors.pieces import Finished, Piece, Progress


class Here:
    """An executor that starts nothing; `check` is called whenever a piece tells of its progress, and may raise."""

    def __init__(self, check: Callable[[], None] | None = None) -> None:
        self._check = check

    def run(self, pieces: Iterator[Piece], progress: Progress | None = None) -> Generator[Finished, None, None]:
        """Do one piece at a time, in order."""
        for piece in pieces:
            yield Finished(piece, piece.work(piece.number, self._report(piece.tag, progress)))

    def _report(self, tag: int, progress: Progress | None) -> Progress:
        """Return what a piece tells its progress to."""

        def report(_: int, simulated_s: float, events: int) -> None:
            if self._check is not None:
                self._check()
            if progress is not None:
                progress(tag, simulated_s, events)

        return report

    def warm(self) -> None:
        """Have nothing to start."""

    def close(self) -> None:
        """Have nothing to let go of."""

    def __enter__(self) -> Here:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
