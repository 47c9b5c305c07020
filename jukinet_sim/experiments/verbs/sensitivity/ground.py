"""Points of a design, in shares of the ranges, to the outputs of a scenario there, with the same random numbers everywhere."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.base.errors import UsageError
from jukinet_sim.experiments.assumptions.factors import Factor
from jukinet_sim.experiments.bench import Bench
from jukinet_sim.experiments.drafts import Draft, Refused, point_of
from jukinet_sim.experiments.figures import check_names, names_that_matter, unit_of
from jukinet_sim.experiments.points import Point
from jukinet_sim.experiments.warm_up import PILOT, resolve_warm_up
from jukinet_sim.scenario.load import lay
from jukinet_sim.scenario.loaded import Loaded
from jukinet_sim.statistics.intervals import over_replications

_TOGETHER = 64
"""Points that are made and held at a time; a large network takes megabytes."""
_TOLD = 5
"""Failures that a document tells one by one."""

Outputs = NDArray[np.float64]


@dataclass
class Ground:
    """A scenario whose points are run, and what has been heard of them; `names` are the outputs that are looked at."""

    loaded: Loaded
    bench: Bench
    names: tuple[str, ...] = ()
    own: dict[str, Any] = field(default_factory=dict)
    """Value objects of the outputs with the scenario's own values."""
    seen: set[tuple[str, ...]] = field(default_factory=set)
    failures: dict[tuple[str, ...], str] = field(default_factory=dict)
    undefined: dict[str, set[tuple[str, ...]]] = field(default_factory=dict)
    warm_up_note: str | None = None

    def begin(self, asked: Sequence[str], replications: int) -> None:
        """Run the scenario as it is, and settle which outputs are looked at. Raises UsageError where it cannot be judged.

        A warm-up that is to be found is found here, once, so that it tells no two points apart.
        """
        point = point_of(self.loaded)
        if point.network.warm_up_auto:
            self.loaded = lay(self.loaded, [f"run.warm_up={self._warm_up_s(point)!r} s"])
            point = point_of(self.loaded)
        (brought,) = self.bench.bring([(point, replications)])
        if not brought.rows or brought.limit:
            why = brought.limit or "no replication was finished"
            raise UsageError(f"{self.loaded.scenario.scenario} with its own values does not get to its end: {why}")
        names = [*check_names(asked, brought.rows), *names_that_matter(self.loaded.scenario, brought.rows)]
        self.names = tuple(dict.fromkeys(names))
        self.own = {name: over_replications(brought.values(name)).as_json() for name in self.names}

    def _warm_up_s(self, point: Point) -> float:
        """Return the warm-up that a pilot of the scenario as it is finds."""
        with closing(self.bench.watch("pilot", PILOT, 0)) as watcher:
            network, self.warm_up_note = resolve_warm_up(
                point.network, seed=point.seed, engine=point.engine, jobs=self.bench.jobs, progress=watcher,
                on_done=watcher.done,
            )  # fmt: skip
        return network.warm_up_s

    def unit(self, name: str) -> str:
        """Return the unit of an output."""
        return unit_of(name, self.loaded.scenario)

    def outputs(self, factors: Sequence[Factor], shares: NDArray[np.float64], replications: int) -> Outputs:
        """Return the outputs [outputs, points, replications] at points [points, factors] of shares of the ranges.

        A share that is NaN leaves a factor at its own value, and so are all that are no factors. NaN is an output that is
        undefined, or all those of a point that failed, which is noted.
        """
        found = np.full((len(self.names), len(shares), replications), np.nan)
        for first in range(0, len(shares), _TOGETHER):
            rows = range(first, min(first + _TOGETHER, len(shares)))
            settings = {row: _settings(factors, shares[row].tolist()) for row in rows}
            self.seen.update(settings.values())
            drafted = self.bench.points([Draft(self.loaded, settings[row]) for row in rows])
            made = {row: one for row, one in zip(rows, drafted, strict=True) if isinstance(one, Point)}
            refused = {settings[row]: one.why for row, one in zip(rows, drafted, strict=True) if isinstance(one, Refused)}
            self.failures |= refused
            brought = self.bench.bring([(point, replications) for point in made.values()])
            for row, one in zip(made, brought, strict=True):
                if one.trouble:
                    self.failures[settings[row]] = one.trouble
                    continue
                for number, name in enumerate(self.names):
                    values = [math.nan if value is None else value for value in one.values(name)]
                    found[number, row] = values
                    if any(map(math.isnan, values)):
                        self.undefined.setdefault(name, set()).add(settings[row])
            self.bench.forget(made.values())
        return found

    def heard(self, name: str) -> dict[str, Any]:
        """Return what the document says of the points that were run, `status` with it."""
        told = list(self.failures.items())[:_TOLD]
        return {
            "status": "partial" if self.failures else "complete",
            "points": len(self.seen),
            "failed": len(self.failures),
            "failures": [{"set": list(settings), "why": why} for settings, why in told],
            "undefined": len(self.undefined.get(name, ())),
            "warm_up_note": self.warm_up_note,
        }


def _settings(factors: Sequence[Factor], shares: Sequence[float]) -> tuple[str, ...]:
    """Return the settings of a point."""
    pairs = zip(factors, shares, strict=True)
    return tuple(factor.setting(factor.at(share)) for factor, share in pairs if not math.isnan(share))
