"""What all verbs have in common when they are called from Python: scenarios, how they are carried out, and how they end."""

from __future__ import annotations

import os
import signal
import sys
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, TypeVar

from jukinet_sim.api.answer import Answer
from jukinet_sim.api.frozen import frozen
from jukinet_sim.api.words import Settings, Texts, settings, texts
from jukinet_sim.base.errors import UsageError
from jukinet_sim.experiments.compiled import compile_kept
from jukinet_sim.experiments.drafts import point_of
from jukinet_sim.experiments.executors.choose import cores
from jukinet_sim.experiments.experiment import Settings as How
from jukinet_sim.experiments.points import NewWatcher, Nobody, Task, Watcher
from jukinet_sim.experiments.question import Question
from jukinet_sim.experiments.verbs.registry import carrier
from jukinet_sim.network.model import Network
from jukinet_sim.scenario.laid import laid
from jukinet_sim.scenario.loaded import Loaded

Scenario = str | os.PathLike[str] | Loaded
"""A scenario file, or one that is loaded."""
Folder = str | os.PathLike[str] | None
"""Where results are kept; None to keep nothing."""
Kind = TypeVar("Kind", bound=Answer)
"""The answer of one verb."""


class ScenarioWarning(UserWarning):
    """Something legal in a scenario that is probably not meant."""


def name_of(scenario: Scenario) -> str:
    """Return what people call a scenario: its file."""
    return scenario.sources[0] if isinstance(scenario, Loaded) else os.fspath(scenario)


@dataclass(frozen=True)
class Source:
    """Scenarios by name, and what is laid over each of them; see `question.Load`.

    What goes by another name is a file.
    """

    known: dict[str, Scenario]
    set: Settings = None
    override: Texts = None
    seed: int | None = None
    replications: int | None = None
    engine: str | None = None

    def __call__(self, name: str, more: Sequence[str] = ()) -> Loaded:
        """Return a scenario with everything laid over it, and `more` last. Raises ScenarioError and UsageError."""
        sets = [*settings(self.set), *more]
        return laid(
            self.known.get(name, name), texts(self.override), sets, seed=self.seed, replications=self.replications,
            engine=self.engine,
        )  # fmt: skip


@dataclass(frozen=True)
class Way:
    """How a verb is carried out; nothing of it changes a number."""

    jobs: int | None = None
    on: str | None = None
    out: Folder = "runs"
    fresh: bool = False
    progress: bool = False

    def __post_init__(self) -> None:
        if self.jobs is not None and (isinstance(self.jobs, bool) or self.jobs < 1):
            raise UsageError(f"jobs={self.jobs}: processes are counted from 1; write a number, or None for all cores")

    @property
    def folder(self) -> Path | None:
        """Where results are kept."""
        return None if self.out is None else Path(self.out)

    def tell(self, text: str) -> None:
        """Say something about progress."""
        if self.progress:
            print(text, file=sys.stderr, flush=True)

    def watch(self, horizon_s: float) -> NewWatcher:
        """Return who watches replications of that length."""
        if not self.progress:
            return Nobody
        from jukinet_sim.cli.progress import Progress

        def watch(task: Task, replications: int, found: int) -> Watcher:
            progress = Progress(replications, horizon_s, quiet=False)
            progress.already(found)
            return progress

        return watch

    def compile(self, network: Network, engine: str, *, keep_rows: bool) -> None:
        """Compile the engine if it has to be and is needed here."""
        if engine == "fast" and self.on is None:
            compile_kept(network, keep_rows=keep_rows, tell=self.tell)


def answered(question: Question, way: Way, kind: type[Kind]) -> Kind:
    """Return the answer to a question, as a `kind` of answer.

    Raises KeyboardInterrupt on Ctrl-C, with what is finished kept, ScenarioError, UsageError, and what the engines raise.
    """
    horizon_s = 0.0
    for loaded in question.scenarios:
        point = point_of(loaded)
        warn(*doubts(loaded, point.network))
        horizon_s = max(horizon_s, point.network.horizon_s)
        way.compile(point.network, point.engine, keep_rows=loaded.scenario.run.records == "visits")
    how = How(way.folder, way.jobs or cores(), way.on, way.fresh, way.watch(horizon_s))
    verb = question.request.verb
    done = question.answer(carrier(verb), how).in_place()
    if done.document is None:
        interrupted(done.interrupted, done.folder)
    return kind(verb, frozen(done.document), done.folder, question.scenarios[0].scenario)


def doubts(loaded: Loaded, network: Network) -> list[str]:
    """Return what is legal in a scenario and its files but probably not meant."""
    return [*(doubt.render().replace("error: ", "", 1) for doubt in loaded.warnings), *network.notes]


def warn(*texts: str) -> None:
    """Warn whoever called the verb that called the caller of this."""
    for text in texts:
        warnings.warn(text, ScenarioWarning, stacklevel=4)


def interrupted(number: int, folder: Path | None) -> NoReturn:
    """End a call as the signal says that interrupted it: Ctrl-C as KeyboardInterrupt, another as if it came now."""
    if number != signal.SIGINT:
        signal.raise_signal(number)
    kept = "" if folder is None else f"; what is finished is kept in {folder}, and asking again goes on from there"
    raise KeyboardInterrupt(f"interrupted{kept}")


