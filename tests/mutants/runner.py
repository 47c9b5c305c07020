"""Chunks of mutants in processes of their own, so that one that hangs, dies or takes all memory is known by its number.

`python -m tests.mutants.runner FIRST COUNT [strict]` is such a process; it writes a line of JSON before and after each
mutant. Strict means 5 s of processor time and 1 GB above what the process held before, and both engines in turn.
"""

from __future__ import annotations

import gc
import json
import resource
import selectors
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from jukinet_sim.cli.app import OBJECTS_PER_COLLECTION

GIGABYTE = 10**9
_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Limits:
    """What one mutant may take: processor time and memory above that of the process before; the engines, in turn."""

    cpu_s: float
    memory_bytes: int
    engines: tuple[str, ...]


GENEROUS = Limits(60.0, 4 * GIGABYTE, ("reference",))
STRICT = Limits(5.0, GIGABYTE, ("reference", "reference", "fast"))
SILENT_S = 900.0
"""A process that says nothing for so long waits for something that never comes."""


@dataclass(frozen=True)
class Ending:
    """How one mutant ended; `fault` is None where it kept all promises, `where` is the innermost line of the program."""

    number: int
    outcome: str
    fault: str | None = None
    where: str = ""
    cpu_s: float = 0.0
    recipe: str = ""
    is_exception: bool = False
    """Whether trying the mutant again simply raises the fault again."""


class TooSlow(BaseException):
    """Raised inside a mutant that has used up its processor time; no handler of ordinary errors stops it."""


def run_chunk(first: int, count: int, *, strict: bool) -> Iterator[Ending]:
    """Yield the endings of mutants `first` .. `first + count - 1`, starting a new process after one that does not end."""
    number, last = first, first + count
    while number < last:
        under_way = None
        for line in _lines(number, last - number, strict=strict):
            if "starts" in line:
                under_way = line["starts"]
            else:
                under_way = None
                number = line["number"] + 1
                yield Ending(**line)
        if number >= last:
            return
        if under_way is None:
            raise RuntimeError(f"the process of mutants from {number} on did not start or ended without a word")
        yield Ending(under_way, "fault", "hung, or the process died", "unknown")
        number = under_way + 1


def _lines(first: int, count: int, *, strict: bool) -> Iterator[dict[str, object]]:
    """Yield what a process says; it is killed once it has been silent for too long."""
    command = [sys.executable, "-m", "tests.mutants.runner", str(first), str(count), *(["strict"] if strict else [])]
    with (
        subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True) as child,
        selectors.DefaultSelector() as waiting,
    ):
        assert child.stdout is not None
        waiting.register(child.stdout, selectors.EVENT_READ)
        try:
            while waiting.select(SILENT_S):
                line = child.stdout.readline()
                if not line:
                    return
                yield json.loads(line)
        finally:
            child.kill()


def main(first: int, count: int, limits: Limits) -> None:
    """Try mutants one after the other and say how each ends."""
    channel = sys.stdout
    gc.set_threshold(OBJECTS_PER_COLLECTION)  # as every command does
    _warm_up(limits)
    gc.freeze()
    _bound_memory(limits.memory_bytes)
    signal.signal(signal.SIGPROF, _too_slow)
    for number in range(first, first + count):
        print(json.dumps({"starts": number}), file=channel, flush=True)
        ending = _ending(number, limits)
        gc.collect()  # each has what a command of its own would have
        print(json.dumps(ending.__dict__), file=channel, flush=True)


def _warm_up(limits: Limits) -> None:
    """Load, and compile, what all mutants need, so that none of it counts as theirs."""
    from tests.mutants.mutators import Mutant
    from tests.mutants.seeds import with_tables
    from tests.mutants.trial import attempt

    for engine in dict.fromkeys(limits.engines):
        for seed in (with_tables()[0], with_tables()[-1]):
            with tempfile.TemporaryDirectory() as folder:
                attempt(Mutant(-1, "none", seed.main, seed.files), Path(folder), engine, compile_first=True)


def _ending(number: int, limits: Limits) -> Ending:
    """Try one mutant within its limits."""
    from tests.mutants.mutators import mutant
    from tests.mutants.trial import attempt

    made = mutant(number)
    before = _cpu_s()
    fault, where, outcome, is_exception = None, "", "fault", False
    # A mutant that no handler can end, because it never comes back from C, ends its process a while later.
    resource.setrlimit(resource.RLIMIT_CPU, (int(before + 3.0 * limits.cpu_s) + 1, resource.RLIM_INFINITY))
    with tempfile.TemporaryDirectory() as folder:
        signal.setitimer(signal.ITIMER_PROF, limits.cpu_s)
        try:
            outcome = attempt(made, Path(folder), limits.engines[number % len(limits.engines)])
        except BaseException as error:
            fault, where = f"{type(error).__name__}: {error}"[:300], innermost(error)
            is_exception = isinstance(error, Exception) and not isinstance(error, MemoryError)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0.0)
    return Ending(number, outcome, fault, where, _cpu_s() - before, made.recipe, is_exception)


def _cpu_s() -> float:
    """Return the processor time of this process, seconds."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _bound_memory(more_bytes: int) -> None:
    """Let this process take so much more memory than it has."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    most = pages * resource.getpagesize() + more_bytes
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _too_slow(_: int, __: FrameType | None) -> None:
    """End a mutant that has used up its processor time."""
    raise TooSlow


def innermost(error: BaseException) -> str:
    """Return the innermost line of the program itself, by which faults are of one kind."""
    lines = [frame for frame in traceback.extract_tb(error.__traceback__) if "jukinet_sim" in frame.filename]
    return f"{lines[-1].filename.split('jukinet_sim/')[-1]}:{lines[-1].lineno}" if lines else "outside"


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), STRICT if sys.argv[3:] == ["strict"] else GENEROUS)
