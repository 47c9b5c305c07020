"""A point of an experiment: a scenario with its settings, compiled, and the folder in which its replications are kept.

The folder is named by a hash of everything that can change a number, so that whoever asks for the same point finds what is
there already, whatever verb it was run by.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, Protocol

from jukinet_sim.engine.choose import EngineName
from jukinet_sim.engine.protocol import RULE_VERSION
from jukinet_sim.experiments.replicate import Kept, Reader, Wanted, make_order, whole
from jukinet_sim.experiments.warm_up import PILOT, resolve_warm_up
from jukinet_sim.network.model import Network
from jukinet_sim.results.backlogs import watched
from jukinet_sim.results.digest import ReplicationDigest
from jukinet_sim.results.files import whole_file
from jukinet_sim.results.levels import write_tree
from jukinet_sim.results.manifest import manifest
from jukinet_sim.results.store import Store
from jukinet_sim.scenario.keep import SCENARIO, kept_files
from jukinet_sim.scenario.loaded import Loaded, dump_resolved

OF_EXPERIMENT = "of_experiment"
"""Under which key a manifest says that nobody has asked for the run but experiments."""
Task = Literal["pilot", "run"]


class Watcher(Protocol):
    """Someone who is told how replications get on; see `replicate.replicate`."""

    def __call__(self, replication: int, simulated_s: float, events: int) -> None:
        """Hear of a replication on its way."""

    def done(self, digest: ReplicationDigest) -> None:
        """Hear of a finished replication."""

    def close(self) -> None:
        """Hear that no more will come."""


NewWatcher = Callable[[Task, int, int], Watcher]
"""Called when replications begin: for a run or its pilot, how many it takes in all, how many are there already."""


class Nobody:
    """The watcher where nobody watches."""

    def __init__(self, task: Task, replications: int, found: int) -> None: ...

    def __call__(self, replication: int, simulated_s: float, events: int) -> None:
        """Hear, and say nothing."""

    def done(self, digest: ReplicationDigest) -> None:
        """Hear, and say nothing."""

    def close(self) -> None:
        """Hear, and say nothing."""


@dataclass(frozen=True, eq=False)
class Point:
    """A scenario to be replicated on an engine; `described` says what the run is, as its manifest will."""

    loaded: Loaded
    network: Network
    engine: EngineName
    described: dict[str, Any]

    @property
    def seed(self) -> int:
        """The seed of every draw."""
        return self.loaded.scenario.run.seed

    @property
    def hash(self) -> str:
        """What names it."""
        return str(self.described["hash"])


def make_point(loaded: Loaded, network: Network, engine: EngineName) -> Point:
    """Describe a compiled scenario on an engine; `replications` of the description are those of the scenario."""
    described = manifest(
        dump_resolved(loaded), scenario=loaded.scenario.scenario, seed=loaded.scenario.run.seed, engine=engine,
        rule_version=RULE_VERSION, replications=loaded.scenario.run.replications, fingerprint=None,
    )  # fmt: skip
    described["watches"] = watched(network)
    described["variant"] = list(loaded.variant)
    return Point(loaded, network, engine, described)


@dataclass
class OpenRun:
    """A point whose folder is open for writing, or that is kept nowhere; its warm-up is settled."""

    point: Point
    store: Store | None
    network: Network
    known: dict[int, Kept] = field(default_factory=dict)
    of_experiment: bool = False
    """Whether it is an experiment that asks, so that lists need not show it."""
    _theirs: bool = False
    """Whether somebody has asked for the run itself: then it stays what they asked for, however many replications are added."""

    def describe(self, replications: int) -> None:
        """Write down what the run is and how many replications are asked for, and keep the scenario with it."""
        if self.store is None:
            return
        if self.of_experiment:
            before = self.store.manifest()
            self._theirs = before is not None and not before.get(OF_EXPERIMENT)
            if self._theirs:
                return
        # The manifest comes last: a folder that has one is listed, and can be taken up however soon the run was killed.
        write_tree(self.store.folder, self.network)
        write_kept(self.point.loaded, self.store.folder)
        self.store.write_manifest(self._manifest(replications))

    def wanted(self, replications: int, read: Reader = whole) -> Wanted:
        """Return an order for so many replications."""
        keep_rows = self.store is not None and self.point.loaded.scenario.run.records == "visits"
        order = make_order(self.network, self.point.seed, self.point.engine, keep_rows=keep_rows, store=self.store)
        return Wanted(order, replications, self.store, read, self.known)

    def finish(self, replications: int, fingerprint: str) -> None:
        """Write down what has come of it."""
        if self.store is not None and fingerprint and not self._theirs:
            self.store.write_manifest({**self._manifest(replications), "fingerprint": fingerprint})

    def _manifest(self, replications: int) -> dict[str, Any]:
        mark = {OF_EXPERIMENT: True} if self.of_experiment else {}
        return {**self.point.described, **mark, "replications": replications}


def open_run(point: Point, store: Store | None, *, jobs: int, watch: NewWatcher = Nobody) -> OpenRun:
    """Settle the warm-up of a point by what its folder says or by a pilot. Raises Interrupted, and nothing is kept then."""
    network = point.network
    if network.warm_up_auto:
        kept = store.first() if store is not None else None
        if kept is not None:
            known = (store.manifest() if store is not None else None) or {}
            network, note = replace(network, warm_up_s=kept.window_s[0], warm_up_auto=False), known.get("warm_up_note")
        else:
            with closing(watch("pilot", PILOT, 0)) as watcher:
                network, note = resolve_warm_up(
                    network, seed=point.seed, engine=point.engine, jobs=jobs, progress=watcher, on_done=watcher.done
                )
        if note:
            point.described["warm_up_note"] = note
    return OpenRun(point, store, network)


def write_kept(loaded: Loaded, folder: Path) -> None:
    """Keep the scenario in its run folder, unless it is there. Raises StoreError."""
    if (folder / SCENARIO).exists():
        return
    files = kept_files(loaded)
    # The scenario comes last: where it stands, all that it names stands too.
    for name in (*(name for name in files if name != SCENARIO), SCENARIO):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(path) as file:
            file.write(files[name])
