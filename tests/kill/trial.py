"""One experiment that is killed, once or several times, and taken up again until it is complete.

What is kept in the end is compared, byte by byte and row by row, with what the same command keeps that nobody disturbs.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from jukinet_sim.experiments.experiment import FILE
from jukinet_sim.results.store import MANIFEST
from tests.kill.kept import Kept, differences, finished, kept, replications
from tests.kill.victims import group_is_empty, kill_one

SCENARIO = """\
scenario: corner
run: {horizon: 1000 s, warm_up: 100 s, seed: 5, engine: fast}
network:
  stations:
    desk: {servers: 1}
  flows:
    people:
      arrivals: {poisson: 0.5 /s}
      route: [{visit: desk, demand: {exponential: 1 s}}]
slo:
  - {flow: people, metric: sojourn.mean, below: 1 h}
"""
_SAID = "said"
"""Where a command's stderr goes."""
_JITTER_S = 0.03
_LOOK_EVERY_S = 0.01
_EARLY = 0.15
"""The share of kills by the clock alone, while processes start and nothing is committed yet."""
_AGAIN = 0.4
"""The chance that what is taken up is killed once more."""
_ENDED_S = 60.0
"""Workers whose caller is dead are gone by then, on however busy a machine."""


@dataclass(frozen=True)
class Subject:
    """A command that makes so many replications in all; `begin` is its words after `jukinet`, less where it keeps things."""

    name: str
    begin: tuple[str, ...]
    replications: int


def subjects(scenario: Path, total: int) -> tuple[Subject, ...]:
    """Return a plain run, and a sweep of five points, with so many short replications in all."""
    points = ("--vary", "network.stations.desk.servers=1..5", "--set", f"run.replications={total // 5}")
    return (
        Subject("run", ("run", str(scenario), "--replications", str(total)), total),
        Subject("sweep", ("sweep", str(scenario), *points), total),
    )


@dataclass
class Trial:
    """What came of one trial: whom was killed after how many replications, how it went on, and what was wrong in the end."""

    subject: str
    number: int
    kills: list[tuple[str, int]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """Return the trial in one line."""
        killed = ", ".join(f"{whom} after {done}" for whom, done in self.kills)
        verdict = "; ".join(self.faults) or "the same"
        return f"{self.number}: {self.subject} ({' then '.join(self.calls)}), killed: {killed or 'nobody'}: {verdict}"


@dataclass(frozen=True)
class Undisturbed:
    """What a command keeps that nobody disturbs, and how long it takes to commit its first replication."""

    what: Kept
    begun_s: float


def undisturbed(subject: Subject, folder: Path) -> Undisturbed:
    """Carry a command out in peace. Raises AssertionError where not every replication is there, once."""
    out = folder / f"{subject.name}-undisturbed"
    started = time.monotonic()
    process = _start(subject.begin, out)
    _await(process, out, 1)
    begun_s = time.monotonic() - started
    assert process.wait() == 0, f"{subject.name} failed"
    what = kept(out)
    numbers = replications(what)
    assert sum(map(len, numbers)) == subject.replications
    assert all(each == list(range(len(each))) for each in numbers)
    return Undisturbed(what, begun_s)


def disturbed(subject: Subject, peace: Undisturbed, number: int, seed: int) -> Trial:
    """Kill a command at an instant that number and seed choose, complete it, and compare."""
    chance = random.Random(f"{seed}/{number}")
    while True:
        trial = Trial(subject.name, number)
        with tempfile.TemporaryDirectory(prefix="kill-") as folder:
            _carry_out(subject, peace, trial, Path(folder), chance)
            if trial.kills or trial.faults:
                return trial


def _carry_out(subject: Subject, peace: Undisturbed, trial: Trial, out: Path, chance: random.Random) -> None:
    """Fill in the trial; without a kill where the command was over first."""
    groups, words = [], subject.begin
    while True:
        process = _start(words, out)
        groups.append(process.pid)
        trial.calls.append(words[0])
        if not trial.kills or chance.random() < _AGAIN:
            _kill(process, subject, peace, trial, out, chance)
        code = process.wait()
        if code == 0:
            break
        if code != -signal.SIGKILL:
            said = (out / _SAID).read_text(encoding="utf-8").splitlines()
            trial.faults.append(f"{words[0]} ended with {code}: {' / '.join(said)}")
            return
        words = _next(subject, out, chance)
    if not _eventually_empty(groups):
        trial.faults.append("workers of a dead command live on")
    trial.faults += [f"{name} differs" for name in differences(peace.what, kept(out))]


def _kill(
    process: subprocess.Popen[bytes], subject: Subject, peace: Undisturbed, trial: Trial, out: Path, chance: random.Random
) -> None:
    """Wait for an instant of chance, and kill the command or a worker of it."""
    there = finished(out)
    if chance.random() < _EARLY:
        time.sleep(chance.random() * peace.begun_s)
    else:
        _await(process, out, chance.randint(there, subject.replications))
        time.sleep(chance.random() * _JITTER_S)
    whom = kill_one(process, chance)
    if whom is not None:
        trial.kills.append((whom, finished(out)))


def _next(subject: Subject, out: Path, chance: random.Random) -> tuple[str, ...]:
    """Return the command that goes on: `resume` where there is something to take up, or the same again."""
    experiments = list(out.glob(f"*/*/{FILE}"))
    runs = list(out.glob(f"*/*/{MANIFEST}"))
    known = runs if subject.name == "run" else experiments
    return ("resume", str(known[0].parent)) if known and chance.random() < 0.5 else subject.begin


def _start(words: tuple[str, ...], out: Path) -> subprocess.Popen[bytes]:
    """Start the command on two processes, as the leader of a group of its own."""
    call = [sys.executable, "-m", "jukinet_sim", *words, "--out", str(out), "--jobs", "2", "--quiet"]
    out.mkdir(exist_ok=True)
    with (out / _SAID).open("wb") as said:
        return subprocess.Popen(call, stdout=subprocess.DEVNULL, stderr=said, start_new_session=True)


def _await(process: subprocess.Popen[bytes], out: Path, replications: int) -> None:
    """Wait until so many replications are committed, or the command is over."""
    while process.poll() is None and finished(out) < replications:
        time.sleep(_LOOK_EVERY_S)


def _eventually_empty(groups: list[int]) -> bool:
    """Whether no process of the commands is left after a while."""
    deadline = time.monotonic() + _ENDED_S
    while not all(group_is_empty(group) for group in groups):
        if time.monotonic() > deadline:
            return False
        time.sleep(_LOOK_EVERY_S)
    return True
