"""A result held against closed-form theory, where a station or a flow of the network is a textbook queue.

Only exact predictions are judged, and only by replications enough to know the standard error.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jukinet_sim.base.errors import ScenarioError
from jukinet_sim.network.model import Network
from jukinet_sim.statistics.student import two_sided_tail
from jukinet_sim.theory.match import qualifying
from jukinet_sim.theory.prediction import Prediction

BAND = 4.0
"""Standard errors between simulation and theory that make a miss when very many replications say so."""
ALARM = math.erfc(BAND / math.sqrt(2.0))
"""How often chance alone goes beyond the band, 1 in 16,000; with few replications Student's t widens it to as much."""
LEAST_REPLICATIONS = 5
"""With fewer replications the standard error itself is too uncertain to judge by."""


@dataclass(frozen=True)
class TheoryRow:
    """A predicted figure beside the simulated one; `z` is their distance in standard errors, None where that is unknown."""

    prediction: Prediction
    simulated: Mapping[str, Any]
    z: float | None

    @property
    def judged(self) -> bool:
        """Whether the prediction is exact, and there are enough replications to hold the simulation to it."""
        return not self.prediction.approximate and self.z is not None and self.simulated["n"] >= LEAST_REPLICATIONS

    @property
    def missed(self) -> bool:
        """Whether the simulation lies outside the band around the prediction."""
        return self.judged and self.z is not None and two_sided_tail(abs(self.z), self.simulated["n"] - 1) < ALARM


def validated(network: Network, document: Mapping[str, Any]) -> tuple[TheoryRow, ...]:
    """Return a row for each prediction that textbook theory makes about this network; none where jobs never leave."""
    try:
        predictions = qualifying(network)
    except ScenarioError:
        return ()
    rows = []
    for prediction in predictions:
        figures = document[f"{prediction.kind}s"][prediction.name]
        group, _, point = prediction.metric.partition(".")
        simulated = figures[f"{group}_s"][point] if point else figures[group]
        rows.append(TheoryRow(prediction, simulated, _distance(simulated, prediction.value)))
    return tuple(rows)


def _distance(simulated: Mapping[str, Any], predicted: float) -> float | None:
    """Return (mean - predicted) / (s / sqrt(n)) over the replications; None for fewer than two, or without any spread."""
    values = [value for value in simulated["per_replication"] if value is not None]
    n = len(values)
    if n < 2:
        return None
    mean = math.fsum(values) / n
    variance = math.fsum((value - mean) ** 2 for value in values) / (n - 1)
    return (mean - predicted) / math.sqrt(variance / n) if variance > 0.0 else None
