"""Pieces of work on several processes of this machine; one that is killed costs no more than the piece it was doing."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Generator, Iterator
from concurrent.futures import FIRST_COMPLETED, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice

from jukinet_sim.experiments.executors.deferred import SignalsDeferred
from jukinet_sim.experiments.executors.hand import Hand, Packed, pack
from jukinet_sim.experiments.executors.pieces import ATTEMPTS, REPORT_EVERY_S, Finished, Piece, Progress, Work

_PACKED = 16
_AHEAD = 2
"""Pieces given to each process: the one it is doing and the next, so that it never waits for this process."""


class LocalProcesses:
    """An executor of so many processes, each started when it has to warm up or to do something, and kept for the next run."""

    def __init__(self, jobs: int) -> None:
        self._hands = [Hand() for _ in range(jobs)]
        self._packed: OrderedDict[int, tuple[Work, Packed]] = OrderedDict()

    def run(self, pieces: Iterator[Piece], progress: Progress | None = None) -> Generator[Finished, None, None]:
        """Give each process the next piece when it has finished one; see `Executor.run`.

        Signals are dealt with between two pieces, or four times a second.
        """
        again: deque[Piece] = deque()
        attempts: dict[Piece, int] = {}
        with SignalsDeferred() as signals:
            try:
                while True:
                    signals.pass_on()
                    self._give(again, pieces)
                    waiting = [future for hand in self._hands for _, future in hand.given]
                    if not waiting:
                        return
                    wait(waiting, timeout=REPORT_EVERY_S, return_when=FIRST_COMPLETED)
                    for hand in self._hands:
                        hand.pass_on(progress)
                        yield from _finished(hand, again, attempts)
            finally:
                self._give_up()

    def _give(self, again: deque[Piece], pieces: Iterator[Piece]) -> None:
        """Give pieces to whoever has least to do, those first that were lost before."""
        for depth in range(_AHEAD):
            for hand in self._hands:
                if len(hand.given) <= depth:
                    piece = again.popleft() if again else next(islice(pieces, 1), None)
                    if piece is None:
                        return
                    hand.give(piece, self._pack(piece.work))

    def _pack(self, work: Work) -> Packed:
        """Return a work packed; the latest ones are kept, since pieces of several works come in turn."""
        kept = self._packed
        if id(work) not in kept:
            kept[id(work)] = work, pack(work)
            if len(kept) > _PACKED:
                kept.popitem(last=False)
        kept.move_to_end(id(work))
        return kept[id(work)][1]

    def _give_up(self) -> None:
        """End processes that are still doing something."""
        for hand in self._hands:
            if hand.given:
                hand.close()

    def warm(self) -> None:
        """Start all processes, so that they load their libraries while this one gets their work ready."""
        for hand in self._hands:
            hand.warm()

    def close(self) -> None:
        """End all processes."""
        for hand in self._hands:
            hand.close()

    def __enter__(self) -> LocalProcesses:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _finished(hand: Hand, again: deque[Piece], attempts: dict[Piece, int]) -> Iterator[Finished]:
    """Yield what a process has finished; what it lost by being killed is begun again, the piece it was doing counted."""
    while hand.given and hand.given[0][1].done():
        piece, future = hand.given[0]
        try:
            result = future.result()
        except BrokenProcessPool:
            lost = [one for one, _ in hand.given]
            how = hand.how_lost()
            attempts[piece] = attempts.get(piece, 0) + 1
            if attempts[piece] < ATTEMPTS:
                again.extend(lost)
                return
            again.extend(lost[1:])
            cure = "as happens where memory runs short; use fewer --jobs if that is why"
            yield Finished(piece, None, f"its worker process {how}, {ATTEMPTS} times in all, {cure}")
            return
        hand.given.popleft()
        attempts.pop(piece, None)
        yield Finished(piece, result)
