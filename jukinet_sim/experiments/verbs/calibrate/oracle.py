"""Values of the parameters to simulated figures with their errors: each point a run like any other, made on the bench.

All points have the scenario's seed and replications. Figures of the whole run are in every run; those of windows are laid over
the scenario as service levels, so that its run folder and its hash hold them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.base.errors import ScenarioError, UsageError
from jukinet_sim.experiments.bench import Bench, Brought
from jukinet_sim.experiments.experiment import Sources
from jukinet_sim.experiments.figures import Row
from jukinet_sim.experiments.points import Point
from jukinet_sim.experiments.verbs.calibrate.keys import FitKey
from jukinet_sim.experiments.verbs.calibrate.observed import Observed
from jukinet_sim.statistics.intervals import Value, over_replications

Floats = NDArray[np.float64]


@dataclass
class Simulation:
    """The oracle of a fit; `brought` is what came of each point, by the settings that made it."""

    sources: Sources
    bench: Bench
    keys: Sequence[FitKey]
    observed: Sequence[Observed]
    brought: dict[tuple[str, ...], Brought] = field(default_factory=dict)

    def __call__(self, values: Floats) -> tuple[Floats, Floats]:
        """Return the mean of each observed figure at a point and its standard error, NaN where nothing came of it.

        Raises UsageError where the first point cannot be run.
        """
        first = not self.brought
        brought = self.at(values.tolist())
        if first and brought.trouble is not None:
            where = ", ".join(self.settings(values.tolist()))
            raise UsageError(f"the search cannot begin at {where}: {brought.trouble}; set other values in the scenario")
        if brought.trouble is not None:
            nothing = np.full(len(self.observed), math.nan)
            return nothing, nothing
        return _means([self.figure(number, brought) for number in range(len(self.observed))])

    def at(self, values: Sequence[float]) -> Brought:
        """Return what comes of a point. Raises UsageError where it is no scenario."""
        settings = self.settings(values)
        if settings not in self.brought:
            point = self.point(values)
            (self.brought[settings],) = self.bench.bring([(point, point.loaded.scenario.run.replications)])
        return self.brought[settings]

    def settings(self, values: Sequence[float]) -> tuple[str, ...]:
        """Return the settings that give the parameters their values in SI."""
        return tuple(key.setting(value) for key, value in zip(self.keys, values, strict=True))

    def point(self, values: Sequence[float]) -> Point:
        """Return the scenario with values in place, looking at all that was observed. Raises UsageError."""
        settings = self.settings(values)
        try:
            return self.sources.point(0, [*settings, *(self._looks() if self.windowed else ())])
        except ScenarioError as error:
            fault = error.faults[0]
            raise UsageError(f"the scenario does not take {', '.join(settings)}: {fault.what}; {fault.cure}") from None

    @property
    def windowed(self) -> bool:
        """Whether anything was observed in a window."""
        return any(one.level.window is not None for one in self.observed)

    def figure(self, number: int, brought: Brought) -> Value:
        """Return an observed figure as it was simulated."""
        if self.windowed:
            return over_replications(row.slo[number] for row in brought.rows)
        level = self.observed[number].level
        return over_replications(_plain(row, level.kind, level.name) for row in brought.rows)

    def _looks(self) -> list[str]:
        levels = [one.level.model_dump(mode="json", by_alias=True, exclude_none=True) for one in self.observed]
        return ["slo=" + json.dumps([_written(level) for level in levels], ensure_ascii=False)]


def _written(level: dict[str, object]) -> dict[str, object]:
    """Return a service level as a scenario has it: times since the start of the run need their unit."""
    window = level.get("window")
    if isinstance(window, dict):
        ends = {end: at if isinstance(at, str) else f"{at!r} s" for end, at in window.items()}
        return {**level, "window": {end: str(at).replace("T", " ") for end, at in ends.items()}}
    return level


def _plain(row: Row, kind: str, name: str) -> float | None:
    """Return a figure of the whole run; names that several kinds share have their kind in front."""
    full = f"{kind} {name}"
    return row.values[full] if full in row.values else row.values.get(name)


def _means(values: Sequence[Value]) -> tuple[Floats, Floats]:
    """Return means and their standard errors, NaN for undefined ones."""
    means = [math.nan if value.value is None else value.value for value in values]
    return np.array(means), np.array([_standard_error(value) for value in values])


def _standard_error(value: Value) -> float:
    known = [one for one in value.per_replication if one is not None]
    if len(known) < 2:
        return math.nan
    mean = math.fsum(known) / len(known)
    return math.hypot(*(one - mean for one in known)) / math.sqrt(len(known) * (len(known) - 1))
