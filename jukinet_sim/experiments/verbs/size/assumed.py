"""How far our assumptions move an answer: the same search, by point estimates, in draws of all figures that have a range.

Draws are those of `run --assumptions`: a Latin hypercube over the ranges. Each search begins at the answer itself and takes as
many steps as it needs; all take theirs together, so that every process has work.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from jukinet_sim.base.errors import ScenarioError
from jukinet_sim.design.hypercube import latin_hypercube
from jukinet_sim.experiments.assumptions.factors import factors
from jukinet_sim.experiments.assumptions.headlines import PERCENTILES, strongest
from jukinet_sim.experiments.verbs.size.trial import Settings, Trials
from jukinet_sim.statistics.search import Bracket

ENDS = ("low", "median", "high")
"""Names of the 5th percentile, the median and the 95th percentile of what draws come to."""


@dataclass
class _Draw:
    """One draw: the settings of its figures, its search, and why there is none."""

    settings: Settings
    bracket: Bracket
    trouble: str | None = None


def over_assumptions(
    trials: Trials, size: int, settings: Callable[[int], Settings], answer: int, draws: int
) -> dict[str, Any]:
    """Return which indices of 0 .. size - 1 so many draws come to, what they rest on most, and how many draws failed.

    Later indices only help; `size` stands for a draw in which none meets, `enough` is the share of draws that the answer is
    enough for.
    Every look is one replication, with the random numbers of the first replication of the answer itself.
    """
    found = factors(trials.point(()).loaded)
    shares = latin_hypercube([factor.key for factor in found], draws, trials.point(()).seed)
    begun = [
        _Draw(
            tuple(factor.setting(factor.at(share)) for factor, share in zip(found, row, strict=True)),
            Bracket(size, min(answer, size - 1) - 1, min(answer, size - 1)),
        )
        for row in shares.tolist()
    ]
    while open_ := [draw for draw in begun if draw.bracket.open and draw.trouble is None]:
        _step(trials, open_, settings)
    good = [i for i, draw in enumerate(begun) if draw.trouble is None]
    indices = [begun[i].bracket.high for i in good]
    by, correlation, beyond = strongest(
        np.array(indices, dtype=np.float64), {factor.key: shares[good, column] for column, factor in enumerate(found)}
    )
    low, middle, high = percentiles(indices) if indices else (None, None, None)
    return {
        "draws": draws,
        "failed": draws - len(good),
        "failures": [draw.trouble for draw in begun if draw.trouble][:3],
        "parameters": len(found),
        "indices": indices,
        "low": low,
        "median": middle,
        "high": high,
        "enough": sum(index <= answer for index in indices) / len(indices) if indices else None,
        "mostly_by": by if beyond else None,
        "rank_correlation": correlation if beyond else None,
    }


def _step(trials: Trials, draws: Sequence[_Draw], settings: Callable[[int], Settings]) -> None:
    """Take the next step of every search."""
    looks = [(draw, draw.bracket.next()) for draw in draws]
    points = []
    for draw, index in looks:
        try:
            points.append((draw, index, trials.sources.point(0, (*draw.settings, *settings(index)))))
        except ScenarioError as error:
            draw.trouble = "; ".join(fault.what for fault in error.faults[:3])
    for (draw, index, _), kept in zip(points, trials.kept_once([point for _, _, point in points]), strict=True):
        draw.bracket.learn(index, meets=kept)


def percentiles(indices: Sequence[int]) -> tuple[int, int, int]:
    """Return the 5th percentile, the median and the 95th percentile of found indices, each one of them."""
    low, middle, high = np.percentile(indices, [PERCENTILES[0], 50.0, PERCENTILES[1]], method="inverted_cdf")
    return int(low), int(middle), int(high)
