"""The one place where whatever goes wrong becomes a message on stderr and an exit code.

The last line printed says in words what a code other than 0 means.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import traceback
from collections.abc import Callable
from types import FrameType
from typing import Any

from jukinet_sim.base.errors import JukinetError, ScenarioError
from jukinet_sim.cli.streams import drop_stdout, standard_streams

OK, BUG, BAD_INPUT, CHECK_FAILED, LIMIT, INPUT_OUTPUT, SLO_MISSED = 0, 1, 2, 3, 4, 5, 99
INTERRUPTED, TERMINATED = 130, 143

MEANINGS = {
    BUG: "a bug in jukinet; please report it",
    BAD_INPUT: "the scenario or the command cannot be used as written",
    CHECK_FAILED: "a check did not hold",
    LIMIT: "a limit was hit; results, where there are any, are partial and marked so",
    INPUT_OUTPUT: "input or output failed",
    SLO_MISSED: "a service level was missed",
    INTERRUPTED: "interrupted; finished replications are kept, if there are any",
    TERMINATED: "terminated; finished replications are kept, if there are any",
}
class Ended(int):
    """An exit code that says in words of its own what it means this time."""

    meaning: str

    def __new__(cls, code: int, meaning: str) -> Ended:
        """Make a code that means this."""
        ended = super().__new__(cls, code)
        ended.meaning = meaning
        return ended


_PRECEDENCE = (INTERRUPTED, TERMINATED, BUG, INPUT_OUTPUT, BAD_INPUT, LIMIT, CHECK_FAILED, SLO_MISSED, OK)
TRACEBACK = "JUKINET_TRACEBACK"


def worst(*codes: int) -> int:
    """Return the code that takes precedence: 130 > 1 > 5 > 2 > 4 > 3 > 99 > 0."""
    return min(codes, key=_PRECEDENCE.index, default=OK)


def say(text: str) -> None:
    """Print a line for people on stderr, where it disturbs no document on stdout."""
    with contextlib.suppress(OSError):
        # A full or closed stderr must not cost the results.
        print(text, file=sys.stderr, flush=True)


class _Signals:
    """SIGINT and SIGTERM: an interruption while a command runs, and only taken note of after it."""

    def __init__(self) -> None:
        self.received = 0
        self._running = True
        self._before = {number: signal.signal(number, self._receive) for number in (signal.SIGINT, signal.SIGTERM)}

    def _receive(self, number: int, _: FrameType | None) -> None:
        self.received = self.received or number
        if self._running:
            raise KeyboardInterrupt

    def calm(self) -> None:
        """Interrupt nothing any more."""
        self._running = False

    def end(self, *, last: bool) -> None:
        """Ignore further signals, so that the exit code stands; where the process goes on, give them back instead."""
        for number, handler in self._before.items():
            signal.signal(number, signal.SIG_IGN if last else handler)


def guarded(command: Callable[[], Any], *, last: bool = False) -> int:
    """Call a command and return its exit code, whatever happens; SIGTERM is taken as an interruption.

    What it prints is harmless to a terminal. After the `last` command of a process, signals can change nothing any more.
    """
    signals = _Signals()
    with standard_streams():
        code = worst(_uninterrupted(command, signals), _flush())
        signals.end(last=last)
        if signals.received:
            # What stopped the command says no more than that it was a signal.
            code = worst(OK if code == INTERRUPTED else code, 128 + signals.received)
        if code:
            say(f"exit {int(code)}: {code.meaning if isinstance(code, Ended) else MEANINGS.get(code, 'unknown')}")
    return code


def _uninterrupted(command: Callable[[], Any], signals: _Signals) -> int:
    """Call a command; an interruption that comes while words are found for something else counts as well."""
    try:
        try:
            return _attempt(command)
        finally:
            signals.calm()
    except KeyboardInterrupt:
        signals.calm()
        return INTERRUPTED


def _attempt(command: Callable[[], Any]) -> int:
    """Call a command; turn what it raises into a message and a code."""
    try:
        code = command() or OK
        return code if isinstance(code, Ended) else int(code)
    except KeyboardInterrupt as error:
        return _interrupted(error)
    except JukinetError as error:
        say(str(error) if isinstance(error, ScenarioError) else f"error: {error}")
        return error.exit_code
    except (BrokenPipeError, SystemExit):
        # Typer leaves by SystemExit when the reader of a pipe has gone, and for nothing else where it is not standalone.
        drop_stdout()
        return OK
    except MemoryError:
        say("error: not enough memory; run fewer jobs at a time (--jobs 1) or a shorter horizon")
        return LIMIT
    except OSError as error:
        say(f"error: {error.filename or 'input or output'}: {error.strerror or error}; check the path and the disk")
        _show_traceback()
        return INPUT_OUTPUT
    except Exception as error:
        return _other(error)


def _other(error: Exception) -> int:
    """Show a fault of the arguments as the option parser words it; anything else is a bug."""
    # Typer carries its parser with it or takes it from click, so its exceptions are known by what they can do.
    show = getattr(error, "show", None)
    if callable(show):
        show()
        return BAD_INPUT
    if type(error).__name__ == "Abort":
        return _interrupted(error.__cause__)
    say(f"error: {type(error).__name__}: {error}; this is a bug, please report it ({TRACEBACK}=1 shows where)")
    _show_traceback()
    return BUG


def _interrupted(error: BaseException | None) -> int:
    """Return the code of an interruption; one that knows its signal says so."""
    return TERMINATED if getattr(error, "number", signal.SIGINT) == signal.SIGTERM else INTERRUPTED


def _show_traceback() -> None:
    """Print the traceback if the user asked for it."""
    if os.environ.get(TRACEBACK) == "1":
        traceback.print_exc()


def _flush() -> int:
    """Write out what stdout still holds; a closed pipe is quiet, a full disk is not."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        drop_stdout()
    except OSError as error:
        say(f"error: standard output: {error.strerror or error}; check the disk")
        drop_stdout()
        return INPUT_OUTPUT
    return OK
