"""Values that are tried: settings to a point, and the margins by which its replications keep the service levels."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.base.errors import UsageError
from jukinet_sim.experiments.bench import Bench, Brought
from jukinet_sim.experiments.experiment import Sources
from jukinet_sim.experiments.points import Point
from jukinet_sim.experiments.table import slo
from jukinet_sim.language.slo import Slo
from jukinet_sim.statistics.sequential import Judgement

Settings = tuple[str, ...]


@dataclass
class Trials:
    """A scenario under settings, each compiled once, and what was brought of it last; `sources` are of one scenario."""

    sources: Sources
    bench: Bench
    _points: dict[Settings, Point] = field(default_factory=dict)
    _brought: dict[Settings, Brought] = field(default_factory=dict)

    @property
    def levels(self) -> tuple[Slo, ...]:
        """The service levels. Raises UsageError where there is none, or one whose bound no figure can be measured against."""
        levels = self.point(()).loaded.scenario.slo
        if not levels:
            what = "the scenario has no service level, so nothing says what is enough"
            cure = "--set 'slo.+={station: NAME, metric: utilisation, below: 70 %}'"
            raise UsageError(f"{what}; add one to it, or with {cure}")
        return levels

    @property
    def bounds(self) -> tuple[float, ...]:
        """Their bounds, in SI."""
        return tuple(level.bound for level in self.levels)

    def point(self, settings: Settings) -> Point:
        """Return the scenario under settings. Raises ScenarioError for settings that cannot be."""
        if settings not in self._points:
            self._points[settings] = self.sources.point(0, settings)
        return self._points[settings]

    def kept_once(self, points: Sequence[Point]) -> list[bool]:
        """Return of each point whether its first replication keeps every service level; none of them is remembered."""
        kept = [bool((self._margins(brought, 1) > 0.0).all()) for brought in self.bench.bring([(one, 1) for one in points])]
        self.bench.forget(points)
        return kept

    def margins(self, settings: Settings, replications: int) -> NDArray[np.float64]:
        """Return margins [replications, levels]: how far inside its bound each is, NaN where it is undefined or cut short.

        A run that a limit stopped, or in which somebody waits for ever, keeps no service level.
        """
        return self._margins(self.bring(settings, replications), replications)

    def _margins(self, brought: Brought, replications: int) -> NDArray[np.float64]:
        found = np.full((replications, len(self.levels)), math.nan)
        for number, row in enumerate(brought.rows):
            cut = row.stuck or (brought.limit is not None and number == len(brought.rows) - 1)
            for column, (level, value) in enumerate(zip(self.levels, row.slo, strict=True)):
                if value is not None and not cut:
                    found[number, column] = level.bound - value if level.below is not None else value - level.bound
        return found

    def values(self, settings: Settings, name: str, replications: int) -> NDArray[np.float64]:
        """Return a figure of each replication, NaN where it is undefined. Raises UsageError where there is none of the name."""
        brought = self.bring(settings, replications)
        if brought.rows and name not in brought.rows[0].values:
            raise UsageError(f'there is no figure "{name}" to count the cost by; name a measure of the scenario')
        values = [math.nan if value is None else value for value in brought.values(name)]
        return np.array(values + [math.nan] * (replications - len(values)))

    def bring(self, settings: Settings, replications: int) -> Brought:
        """Return so many replications of the scenario under settings."""
        (brought,) = self.bench.bring([(self.point(settings), replications)])
        self._brought[settings] = brought
        return brought

    def row(self, said: Mapping[str, Any], settings: Settings, judgement: Judgement) -> dict[str, Any]:
        """Return what a document says of a value that was tried."""
        (brought,) = self.bench.bring([(self.point(settings), judgement.replications)])
        return {
            "set": dict(said),
            "run": brought.point.hash[:12],
            "replications": judgement.replications,
            "meets": judgement.meets,
            "likely": judgement.estimate,
            "slo": slo(brought),
            "error": brought.trouble,
        }


def as_settings(keys: Sequence[str], texts: Sequence[str]) -> Settings:
    """Return keys and the texts of their values as settings."""
    return tuple(f"{key}={text}" for key, text in zip(keys, texts, strict=True))
