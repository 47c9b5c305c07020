"""How far our assumptions move an answer: the same search, by point estimates, in draws of all figures that have a range.

Draws are those of `run --assumptions`: a Latin hypercube over the ranges. Each search begins at the answer itself and takes as
many steps as it needs; all take theirs together, so that every process has work.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from jukinet_sim.experiments.assumptions.draws import draw
from jukinet_sim.experiments.assumptions.headlines import PERCENTILES, strongest
from jukinet_sim.experiments.drafts import Refused
from jukinet_sim.experiments.verbs.size.trial import Settings, Trials
from jukinet_sim.statistics.search import Bracket

ENDS = ("low", "median", "high")
"""Names of the 5th percentile, the median and the 95th percentile of what draws come to."""


@dataclass(frozen=True)
class Drawn:
    """What draws came to: an index each, `size` where none meets; what they rest on most, and why some came to nothing."""

    draws: int
    parameters: int
    indices: tuple[int, ...]
    troubles: tuple[str, ...]
    mostly_by: str | None
    correlation: float | None

    def as_json(self, values: Sequence[Any], answer: int, *, rising: bool = True) -> dict[str, Any]:
        """Return what a document says: values for indices, ascending or, if not `rising`, descending; None where none meets.

        `enough` is the share of draws that the answer is enough for.
        """
        found = [values[index] if index < len(values) else None for index in self.indices]
        ends = _percentiles(self.indices)[:: 1 if rising else -1] if self.indices else ()
        said = [values[index] if index < len(values) else None for index in ends]
        correlation = self.correlation if rising or self.correlation is None else -self.correlation
        return {
            "draws": self.draws,
            "failed": len(self.troubles),
            "failures": list(self.troubles[:3]),
            "parameters": self.parameters,
            **dict(zip(ENDS, said or [None] * len(ENDS), strict=True)),
            "enough": sum(index <= answer for index in self.indices) / len(found) if found else None,
            "mostly_by": self.mostly_by,
            "rank_correlation": correlation,
            "values": found,
        }


@dataclass
class _Draw:
    """One draw: the settings of its figures, its search, and why there is none."""

    settings: Settings
    bracket: Bracket
    trouble: str | None = None


def over_assumptions(
    trials: Trials, size: int, settings: Callable[[int], Settings], answer: int, draws: int, searched: Collection[str]
) -> Drawn:
    """Return which indices of 0 .. size - 1 so many draws come to; later indices only help.

    What is `searched` is not drawn. Every look is one replication, with the random numbers of the first replication of the
    answer itself.
    """
    drawn = draw(trials.point(()).loaded, draws, leaving=searched)
    start = min(answer, size - 1)
    begun = [_Draw(drawn.settings(number), Bracket(size, start - 1, start)) for number in range(draws)]
    while open_ := [one for one in begun if one.bracket.open and one.trouble is None]:
        _step(trials, open_, settings)
    good = [i for i, one in enumerate(begun) if one.trouble is None]
    indices = tuple(begun[i].bracket.high for i in good)
    by, correlation, beyond = strongest(np.array(indices, dtype=np.float64), drawn.by_key(good))
    troubles = tuple(one.trouble for one in begun if one.trouble is not None)
    return Drawn(draws, len(drawn.factors), indices, troubles, by if beyond else None, correlation if beyond else None)


def _step(trials: Trials, draws: Sequence[_Draw], settings: Callable[[int], Settings]) -> None:
    """Take the next step of every search."""
    looks = [(one, one.bracket.next()) for one in draws]
    drafts = [trials.sources.draft(0, (*one.settings, *settings(index))) for one, index in looks]
    points = []
    for (one, index), point in zip(looks, trials.bench.points(drafts), strict=True):
        if isinstance(point, Refused):
            one.trouble = point.why
        else:
            points.append((one, index, point))
    for (one, index, _), kept in zip(points, trials.kept_once([point for _, _, point in points]), strict=True):
        one.bracket.learn(index, meets=kept)


def _percentiles(indices: Sequence[int]) -> tuple[int, int, int]:
    """Return the 5th percentile, the median and the 95th percentile of found indices, each one of them."""
    low, middle, high = np.percentile(indices, [PERCENTILES[0], 50.0, PERCENTILES[1]], method="inverted_cdf")
    return int(low), int(middle), int(high)
