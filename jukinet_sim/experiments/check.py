"""A result held against what must come out: reported volumes row by row, and closed-form theory where there is any.

Volumes that were put in exactly must come out exactly; that shows that nothing got lost, not that the model is right.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jukinet_sim import facts
from jukinet_sim.errors import ScenarioError
from jukinet_sim.network.compile_jukinet import PROVISION, expected_records
from jukinet_sim.network.model import Network
from jukinet_sim.results.student import two_sided_tail
from jukinet_sim.scenario.load import Loaded
from jukinet_sim.theory.match import qualifying
from jukinet_sim.theory.prediction import Prediction

BAND = 4.0
"""Standard errors between simulation and theory that make a miss when very many replications say so."""
ALARM = math.erfc(BAND / math.sqrt(2.0))
"""How often chance alone goes beyond the band, 1 in 16,000; with few replications Student's t widens it to as much."""
LEAST_REPLICATIONS = 5
"""With fewer replications the standard error itself is too uncertain to judge by."""


@dataclass(frozen=True)
class VolumeRow:
    """Records of one row of the report: as printed, as this scenario should give, and as simulated, over all replications.

    `difference` is simulated minus expected records, summed over the replications.
    """

    slug: str
    reported: int
    expected: int
    simulated: float
    difference: int


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


def conserved(loaded: Loaded, document: Mapping[str, Any]) -> tuple[VolumeRow, ...]:
    """Return the 44 rows of the report in its order; none for a scenario without provisions to agencies."""
    expected = expected_records(loaded)
    if not expected:
        return ()
    rows = []
    for row in facts.provisions():
        name = PROVISION + row.slug
        records = document["flows"].get(name, {"records": 0})["records"]
        wanted, times = expected[name], document["replications"]
        rows.append(VolumeRow(row.slug, row.records, wanted, records / times, records - wanted * times))
    return tuple(rows)


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
