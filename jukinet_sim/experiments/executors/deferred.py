"""Signals that wait for a safe moment: an exception out of a handler may leave a lock of the standard library held for ever."""

from __future__ import annotations

import signal
import threading
from collections import deque
from types import FrameType
from typing import Any

_STOP = (signal.SIGINT, signal.SIGTERM)


class SignalsDeferred:
    """Within the `with` block, SIGINT and SIGTERM are only noted; `pass_on` gives them to whoever handled them before.

    In other threads than the main one, where no signal arrives, it does nothing.
    """

    def __init__(self) -> None:
        self._received: deque[int] = deque()
        self._before: dict[int, Any] = {}

    def __enter__(self) -> SignalsDeferred:
        if threading.current_thread() is threading.main_thread():
            for number in _STOP:
                self._before[number] = signal.signal(number, self._note)
        return self

    def _note(self, number: int, _: FrameType | None) -> None:
        self._received.append(number)

    def pass_on(self) -> None:
        """Let the handlers from before deal with what has come; they may raise."""
        while self._received:
            number = self._received.popleft()
            handler = self._before[number]
            if callable(handler):
                handler(number, None)
            elif handler == signal.SIG_DFL:
                signal.signal(number, signal.SIG_DFL)
                signal.raise_signal(number)

    def __exit__(self, raised: object, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)
        if raised is None or raised is GeneratorExit:
            self.pass_on()
