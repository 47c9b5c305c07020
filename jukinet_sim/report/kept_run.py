"""A run as its folder keeps it, all that exports, charts and pages are made from: read once, in this order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jukinet_sim.experiments.again import kept_scenario
from jukinet_sim.experiments.stored import counted, document_in
from jukinet_sim.network.model import Network
from jukinet_sim.results.digest import ReplicationDigest
from jukinet_sim.results.levels import PlaceTree, read_tree
from jukinet_sim.results.moments import first_day_of
from jukinet_sim.results.shape import Document
from jukinet_sim.scenario.compile import compile_dated
from jukinet_sim.scenario.loaded import Loaded
from jukinet_sim.scenario.schema import Scenario

if TYPE_CHECKING:
    from jukinet_sim.juki_net.domain import Dated


@dataclass(frozen=True)
class KeptRun:
    """A run: its document with every single place, its manifest, the replications that its figures are of, its scenario."""

    folder: Path
    document: Document
    described: Mapping[str, Any]
    digests: tuple[ReplicationDigest, ...]
    loaded: Loaded

    @property
    def scenario(self) -> Scenario:
        """The scenario that was run."""
        return self.loaded.scenario

    @property
    def first_day(self) -> dt.date | None:
        """The day at whose midnight the run begins; None for one without a calendar."""
        return first_day_of(self.described["resolved"])

    @property
    def end_s(self) -> float:
        """When the last of what was observed ends."""
        return max(digest.window_s[1] for digest in self.digests)

    @cached_property
    def compiled(self) -> tuple[Network, Sequence[Dated]]:
        """The network of its scenario, and what changes on dates."""
        return compile_dated(self.loaded)

    @cached_property
    def tree(self) -> PlaceTree | None:
        """Where its places lie; None where nothing is kept per place."""
        return read_tree(self.folder)


def read_kept_run(folder: Path) -> KeptRun:
    """Return a run from its folder. Raises StoreError, and UsageError where no replication is finished yet."""
    described, digests, loaded = kept_scenario(folder)
    document = document_in(folder, described, digests, places=True)
    used = counted(digests, described["replications"])
    return KeptRun(folder, document, described, tuple([one for one in used if one.complete] or used), loaded)
