"""SIGINT and SIGTERM as one exception, held back while something must not be torn apart."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any


class Interrupted(KeyboardInterrupt):
    """The process was asked to stop by this signal; no `except Exception` on the way may swallow it."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class Interrupts:
    """Raise Interrupted on SIGINT and SIGTERM within the `with` block (in the main thread, where alone they arrive)."""

    def __init__(self) -> None:
        self._received = 0
        self._postponed = False
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Interrupts:
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self._before[number] = signal.signal(number, self._receive)
        return self

    def __exit__(self, raised: object, *_: object) -> None:
        # An exception between the two would leave a handler behind that belongs to nobody.
        self._postponed = True
        for number, handler in self._before.items():
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)
        if raised is None:
            self.check()

    def _receive(self, number: int, _: FrameType | None) -> None:
        self._received = self._received or number
        if not self._postponed:
            raise Interrupted(self._received)

    def check(self) -> None:
        """Raise if a signal has come whose exception got lost, as those raised inside callbacks of C code do."""
        if self._received:
            raise Interrupted(self._received)

    def heed(self) -> None:
        """Take note that whoever caught the exception does as it says, so that it is not raised again at the end."""
        self._received = 0

    @contextmanager
    def postponed(self) -> Iterator[None]:
        """Hold signals back until the end of the block."""
        self._postponed = True
        try:
            yield
        finally:
            self._postponed = False
        self.check()
