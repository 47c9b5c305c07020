"""One value that theory gives for a network, and which figure of a result it is held against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MEAN_WAIT, P95_WAIT, UTILISATION = "wait.mean", "wait.p95", "utilisation"
MEAN_WAIT_ALL, P95_WAIT_ALL, SOJOURN = "wait_all.mean", "wait_all.p95", "sojourn.mean"
LOSS, ABANDON, AVAILABILITY = "loss_fraction", "abandon_fraction", "availability"
NUMBER, QUEUE, IN_SYSTEM, THROUGHPUT = "in_station", "queue_length", "in_system_mean", "throughput_per_s"


@dataclass(frozen=True)
class Prediction:
    """A `metric` of a station or a flow in the stationary regime, those jobs included that do not wait; and its model.

    `approximate` marks a well-known rule of thumb in place of an exact result: it is for orientation and proves nothing.
    """

    kind: Literal["station", "flow"]
    name: str
    family: str
    metric: str
    value: float
    approximate: bool = False
